/** Tuned variants: several messages a call, pages lent to the kernel; nothing held back, nothing overwritten too early. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../electron/contract/frames.ts';
import { ask, helper, leftovers, runSession, RunningHelper, sanitized } from '../support/helper.ts';
import { traces } from '../support/strace.ts';

const streams: string[][] = [
  ['pipe', '--variant', 'tuned'],
  ['fifo', '--variant', 'tuned'],
  ['unix', '--variant', 'tuned'],
  ['tcp', '--variant', 'tuned'],
  ['tcp', '--variant', 'zerocopy'],
  ['pipe', '--variant', 'uring'],
  ['unix', '--variant', 'uring'],
  ['tcp', '--variant', 'uring'],
];
const datagrams: string[][] = [
  ['unix', '--variant', 'tuned', '--kind', 'datagram'],
  ['unix', '--variant', 'tuned', '--kind', 'seqpacket'],
];
const udp = ['udp', '--variant', 'tuned'];

const whole = { corrupt: 0, torn: 0, duplicated: 0, reordered: 0 };
const lastTick = (frames: Frame[]) => frames.findLast((frame) => frame.t === 'tick');

describe.each([...streams, ...datagrams])('%s %s %s %s %s', (...channel) => {
  it.each(sanitized ? [64, 65_536] : [8, 64, 1000, 4096, 30_000, 65_536, 200_000])(
    'a slow consumer finds %i B as they were sent, however often the buffers are used again',
    async (size) => {
      // More bytes than all buffers of any channel hold together, as long as the messages are no smaller than a page's part.
      const messages = Math.max(100, Math.min(20_000, Math.ceil(16e6 / size)));
      const { summary, code } = await runSession(
        ...[...channel, '--size', String(size), '--verify', 'full', '--consumer-delay', '5'],
        ...['--messages', String(messages), '--duration', '0', '--warmup', '0'],
      );
      expect(summary).toMatchObject({ messages, ended_by: 'count' });
      expect(summary.integrity).toMatchObject({ verified: 'full', lost: 0, ...whole });
      expect(code).toBe(0);
    },
  );

  it('a producer that waits for its schedule holds nothing back', async () => {
    const { summary } = await runSession(
      ...[...channel, '--rate', '500', '--duration', '700', '--warmup', '0'],
    );
    // Gathered until a call is full, half of them would be late by hundreds of ms (streams) or 60 ms (datagrams).
    expect(summary.latency.p50_ns).toBeLessThan(channel.includes('--kind') ? 30e6 : 100e6);
    expect(summary.integrity).toMatchObject({ lost: 0, ...whole });
  });

  it('a pause leaves nothing behind in the producer', async () => {
    const session = new RunningHelper(['run', ...channel, '--duration', '0', '--warmup', '0']);
    await session.until(() => session.of('tick').length > 2);
    session.say('pause');
    await session.until(() => session.of('note').some((note) => note.code === 'paused'));
    await session.until(() => {
      const [sent, taken] =
        session
          .of('tick')
          .at(-1)
          ?.processes.map(({ messages }) => messages) ?? [];
      return sent === taken;
    });
    session.say('stop');
    expect((await session.ended).code).toBe(0);
  });

  it('messages share calls at full speed, and every call is counted', async () => {
    const { summary, frames } = await runSession(...channel, '--duration', '300', '--warmup', '0');
    const producer = summary.processes.find(({ role }) => role === 'producer');
    expect(producer?.calls).toBeGreaterThan(0);
    expect(producer?.calls).toBeLessThan(summary.messages / 4);
    expect(frames.filter((frame) => frame.t === 'call').length).toBeGreaterThan(2);
  });
});

describe('a tuned pipe', () => {
  it('is as large as the system allows, unless something else is asked for', async () => {
    const [described] = (await ask('describe')).frames;
    const most = described?.t === 'describe' ? described.limits['pipe_max_bytes'] : undefined;
    const { frames } = await runSession('pipe', '--variant', 'tuned', '--messages', '10', '--warmup', '0');
    expect(frames.find((frame) => frame.t === 'hello')?.objects).toMatchObject([{ capacity_bytes: most }]);
    const small = await runSession(
      ...['pipe', '--variant', 'tuned', '--capacity', '8192', '--messages', '10', '--warmup', '0'],
    );
    expect(small.frames.find((frame) => frame.t === 'hello')?.objects).toMatchObject([
      { capacity_bytes: 8192 },
    ]);
  });

  it('keeps lent pages untouched while its capacity grows', async () => {
    const session = new RunningHelper([
      ...['run', 'pipe', '--variant', 'tuned', '--capacity', '4096', '--size', '4096', '--verify', 'full'],
      ...['--consumer-delay', '5', '--duration', '0', '--warmup', '0'],
    ]);
    await session.until(() => session.of('tick').length > 2);
    for (const bytes of [65_536, 1_048_576]) {
      session.say(`set capacity_bytes ${bytes}`);
      await session.until(() => session.of('tick').at(-1)?.queue.capacity_bytes === bytes);
      const at = session.of('tick').length;
      await session.until(() => session.of('tick').length > at + 5);
    }
    session.say('stop');
    await session.ended;
    expect(session.of('summary')[0]?.integrity).toMatchObject({ lost: 0, ...whole });
  });
});

describe('tuned udp', () => {
  it.each(['8', '64', '1000', '20000', '65507'])(
    '%s B: what is lost is counted to the last message',
    async (size) => {
      const { summary, frames } = await runSession(
        ...[...udp, '--size', size, '--messages', '30000', '--capacity', '100000', '--consumer-delay', '20'],
        ...['--duration', '0', '--warmup', '0', '--verify', 'full'],
      );
      expect(frames.filter((frame) => frame.t === 'note' && frame.code === 'not_granted')).toEqual([]);
      expect(summary.processes.find(({ role }) => role === 'producer')?.messages).toBe(30_000);
      expect(summary.messages + summary.integrity.lost).toBe(30_000);
      expect(summary.integrity).toMatchObject(whole);
    },
  );

  it('a producer that waits for its schedule holds nothing back', async () => {
    const { summary } = await runSession(...udp, '--rate', '500', '--duration', '700', '--warmup', '0');
    expect(summary.latency.p50_ns).toBeLessThan(30e6);
    expect(summary.integrity).toMatchObject({ lost: 0, ...whole });
  });

  it('messages share calls at full speed', async () => {
    const { summary } = await runSession(...udp, '--duration', '300', '--warmup', '0');
    const producer = summary.processes.find(({ role }) => role === 'producer');
    expect(producer?.calls).toBeLessThan((producer?.messages ?? 0) / 4);
  });
});

describe('tcp without copying', () => {
  it('tells how many sends asked for it, and that on one machine they are copied after all', async () => {
    const { frames } = await runSession(
      ...['tcp', '--variant', 'zerocopy', '--size', '65536', '--messages', '500', '--warmup', '0'],
    );
    const gauges = lastTick(frames)?.queue.gauges;
    // The last ones may still be under way.
    const seen = frames.flatMap((frame) =>
      frame.t === 'tick' ? (frame.queue.gauges?.['zerocopy_copied'] ?? []) : [],
    );
    expect(gauges === undefined || (gauges['zerocopy_sends'] ?? 0) <= 600).toBe(true);
    expect(Math.max(...seen)).toBeGreaterThan(100);
  });
});

function refusing(inject: string, ...args: string[]): RunningHelper {
  const call = inject.split(':')[0] ?? '';
  const options = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${inject}`];
  return new RunningHelper([...options, helper, 'run', ...args], process.env, 'strace');
}

describe.skipIf(!traces)('where the system refuses', () => {
  it('io_uring, the variant is refused with what stands against it', async () => {
    const session = refusing('io_uring_setup:error=EPERM', 'pipe', '--variant', 'uring');
    expect((await session.ended).code).toBe(2);
    expect(session.of('error')).toMatchObject([
      { code: 'not_supported', where: '--variant', value: 'uring', errno: 'EPERM' },
    ]);
    expect(session.of('error')[0]?.message).toContain('/proc/sys/kernel/io_uring_disabled');
  });

  it('UDP_SEGMENT, datagrams go several a call instead, and a note says so', async () => {
    // The six calls before it set the buffers and the time-outs of both sockets.
    const session = refusing(
      'setsockopt:error=ENOPROTOOPT:when=7',
      ...['udp', '--variant', 'tuned', '--rate', '2000', '--messages', '500', '--warmup', '0'],
    );
    expect((await session.ended).code).toBe(0);
    expect(session.of('note').find(({ code }) => code === 'not_granted')?.params).toEqual({
      feature: 'UDP_SEGMENT',
      reason: 'ENOPROTOOPT',
    });
    expect(session.of('summary')[0]).toMatchObject({ messages: 500, integrity: { lost: 0, ...whole } });
    expect(new Set(session.of('call').map(({ name }) => name))).toEqual(new Set(['sendmmsg', 'recvmmsg']));
  });

  it('huge pages, the ring lies on small ones, and a note says so', async () => {
    const session = refusing(
      'madvise:error=EINVAL',
      ...['shm', '--variant', 'tuned', '--messages', '500', '--warmup', '0'],
    );
    expect((await session.ended).code).toBe(0);
    expect(session.of('note').find(({ code }) => code === 'not_granted')?.params).toEqual({
      feature: 'MADV_COLLAPSE',
      reason: 'EINVAL',
    });
  });
});

describe('tuned shared memory', () => {
  it('lies on huge pages in both processes, unless a note says that the system refused', async () => {
    const session = new RunningHelper([
      'run',
      'shm',
      '--variant',
      'tuned',
      '--duration',
      '0',
      '--warmup',
      '0',
    ]);
    await session.until(() => session.of('tick').length > 1);
    const denied = session.of('note').some(({ code }) => code === 'not_granted');
    for (const { pid } of session.of('hello')[0]?.processes ?? []) {
      const mapped = [...readFileSync(`/proc/${pid}/smaps`, 'utf8').matchAll(/ShmemPmdMapped: +(\d+) kB/g)];
      const huge_kb = mapped.reduce((sum, [, kb]) => sum + Number(kb), 0);
      expect(huge_kb > 0).toBe(!denied);
    }
    session.say('stop');
    expect((await session.ended).code).toBe(0);
  });
});

describe('what a tuned variant does not carry is refused', () => {
  it.each<[string[], string, string?]>([
    [['pipe', '--variant', 'tuned', '--pattern', 'fan_in'], 'stream, pingpong'],
    [['fifo', '--variant', 'tuned', '--pattern', 'broadcast'], 'stream, pingpong'],
    [['tcp', '--variant', 'zerocopy', '--pattern', 'pingpong'], 'stream'],
    [['pipe', '--variant', 'uring', '--pattern', 'pingpong'], 'stream'],
    [['unix', '--variant', 'uring', '--kind', 'datagram'], 'stream', '--kind'],
    [['tcp', '--variant', 'zerocopy', '--pattern', 'fan_out'], 'stream'],
    [['udp', '--variant', 'tuned', '--pattern', 'many_to_many'], 'stream, pingpong'],
    [['pipe', '--variant', 'tuned', '--pattern', 'dialogue'], 'stream, pingpong'],
    [['fifo', '--variant', 'uring', '--pattern', 'dialogue'], 'stream'],
    [['unix', '--variant', 'tuned', '--kind', 'seqpacket', '--pattern', 'dialogue'], 'stream, pingpong'],
    [['tcp', '--variant', 'zerocopy', '--pattern', 'dialogue'], 'stream'],
    [['pipe', '--variant', 'tuned', '--receive', 'poll'], 'call', '--receive'],
    [['tcp', '--variant', 'tuned', '--pattern', 'pingpong', '--receive', 'epoll'], 'call', '--receive'],
    [['unix', '--variant', 'uring', '--receive', 'epoll'], 'call', '--receive'],
    [['udp', '--variant', 'tuned', '--receive', 'poll'], 'call', '--receive'],
  ])('%s', async (args, allowed, where = '--pattern') => {
    const { frames, code } = await ask('run', ...args);
    expect(code).toBe(2);
    expect(frames).toMatchObject([{ t: 'error', code: 'not_supported', where, allowed }]);
  });
});

describe('after all of this', () => {
  it('nothing is left in the system', () => {
    expect(leftovers()).toEqual([]);
  });
});
