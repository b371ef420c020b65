/** Sockets with several peers, and receivers that wait in poll or epoll: shares, fills, losses, and who holds whom up. */
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Tick } from '../../electron/contract/frames.ts';
import { drainAndEnd, fillFromEmpty } from '../support/fill.ts';
import { runSession, RunningHelper } from '../support/helper.ts';

const endless = ['--duration', '0', '--warmup', '0'];
/** A consumer that takes a thousand messages a second at most. */
/** So slow that buffers, once full, are still nearly full at the next tick. */
const slow = ['--consumer-delay', '5000', '--warmup', '0', '--duration', '600'];
const connected = [['tcp'], ['unix', '--kind', 'stream'], ['unix', '--kind', 'seqpacket']];

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

async function start(...args: string[]): Promise<RunningHelper> {
  const session = new RunningHelper(['run', ...args]);
  started.push(session);
  await session.until(() => session.of('tick').length > 2);
  return session;
}

function ticksOf(frames: { t: string }[]): Tick[] {
  return frames.filter((frame): frame is Tick => frame.t === 'tick');
}

const most = (ticks: Tick[], value: (tick: Tick) => number): number => Math.max(...ticks.map(value));

describe.each(connected)('%s %s %s', (...channel) => {
  it.each(['poll', 'epoll'])('by %s a consumer takes from all its connections alike', async (receive) => {
    const { frames, summary } = await runSession(
      ...channel,
      ...['--pattern', 'fan_in', '--receive', receive, '--size', '4000', '--capacity', '20000'],
      ...slow,
    );
    const sent = summary.processes.filter(({ role }) => role === 'producer').map((p) => p.messages);
    expect(sent).toHaveLength(4);
    expect(Math.min(...sent)).toBeGreaterThan(0.6 * Math.max(...sent));
    const [hello] = frames;
    const names = hello?.t === 'hello' ? hello.objects.map(({ name }) => name) : [];
    expect(new Set(names).size).toBe(4);
    const calls = frames.flatMap((frame) =>
      frame.t === 'call' && frame.role === 'consumer' ? frame.name : [],
    );
    expect(calls).toEqual(expect.arrayContaining([receive === 'poll' ? 'poll' : 'epoll_wait', 'recv']));
  });

  it('a consumer that stands still gets no more, and holds up neither producer nor the other consumers', async () => {
    const session = await start(
      ...channel,
      ...['--pattern', 'fan_out', '--consumers', '3', '--size', '10000', '--verify', 'full'],
      ...endless,
    );
    const consumers = (): number[] =>
      session
        .of('tick')
        .at(-1)
        ?.processes.filter(({ role }) => role === 'consumer')
        .map(({ messages }) => messages) ?? [];
    const stopped = session.of('hello')[0]?.processes.find(({ role }) => role === 'consumer')?.pid ?? 0;
    process.kill(stopped, 'SIGSTOP');
    // Standing still shows in the ticks before the count is taken.
    const at = session.of('tick').length;
    await session.until(() => session.of('tick').length > at + 3);
    const refused = (): number => session.of('tick').at(-1)?.processes[0]?.would_block ?? 0;
    const before = refused();
    await session.until(() => refused() > before + 100);
    const [at0, at1, at2] = consumers();
    await session.until(() => (consumers()[1] ?? 0) > (at1 ?? 0) + 1000);
    await session.until(() => (consumers()[2] ?? 0) > (at2 ?? 0));
    expect(consumers()[0]).toBe(at0);
    process.kill(stopped, 'SIGCONT');
    await session.until(() => (consumers()[0] ?? 0) > (at0 ?? 0));
    session.say('stop');
    expect((await session.ended).code).toBe(0);
    expect(session.of('summary')[0]?.integrity).toMatchObject({ lost: 0, corrupt: 0, duplicated: 0 });
  });
});

it.each([['tcp'], ['unix', '--kind', 'seqpacket'], ['unix', '--kind', 'datagram']])(
  '%s %s %s: sixty-four of each role',
  async (...channel) => {
    const { summary, code } = await runSession(
      ...[
        ...channel,
        '--pattern',
        'many_to_many',
        '--producers',
        '64',
        '--consumers',
        '64',
        '--verify',
        'full',
      ],
      ...['--size', '3000', '--messages', '6400', '--duration', '0', '--warmup', '20'],
    );
    expect(summary).toMatchObject({ messages: 6400, integrity: { lost: 0, corrupt: 0, duplicated: 0 } });
    expect(summary.processes.filter(({ messages }) => messages === 100).length).toBeGreaterThanOrEqual(64);
    expect(code).toBe(0);
  },
  30_000,
);

describe('how full several sockets are', () => {
  it.each(['stream', 'seqpacket'])('unix %s: what all connections hold together', async (kind) => {
    const run = ['unix', '--kind', kind, '--pattern', 'fan_in', '--size', '1000', ...endless];
    const [one, four] = [await start(...run, '--producers', '1'), await start(...run, '--producers', '4')];
    const [{ queue: single }, { queue: all }] = [await fillFromEmpty(one), await fillFromEmpty(four)];
    expect(single.used_messages).toBe(single.capacity_messages);
    expect(all.used_messages).toBe(all.capacity_messages);
    expect(all.capacity_messages).toBe(4 * (single.capacity_messages ?? 0));
    expect(all.gauges?.['send_memory_bytes']).toBe(4 * (single.gauges?.['send_memory_bytes'] ?? 0));
    expect([await drainAndEnd(one), await drainAndEnd(four)]).toEqual([0, 0]);
  });

  it('unix datagram: a socket that many send to is bounded by net.unix.max_dgram_qlen', async () => {
    const limit = Number(readFileSync('/proc/sys/net/unix/max_dgram_qlen', 'utf8'));
    const { frames, summary } = await runSession(
      ...['unix', '--kind', 'datagram', '--pattern', 'fan_in', '--producers', '8', '--size', '100'],
      ...slow,
    );
    expect(summary.integrity.lost).toBe(0);
    const [hello] = frames;
    expect(hello?.t === 'hello' && hello.options['address']).toBe('path');
    expect(hello?.t === 'hello' && hello.objects).toMatchObject([{ kind: 'socket', mode: '0600' }]);
    const ticks = ticksOf(frames);
    expect(most(ticks, ({ queue }) => queue.capacity_messages ?? 0)).toBe(limit + 1);
    expect(most(ticks, ({ queue }) => queue.used_messages ?? 0)).toBe(limit + 1);
  });

  it('tcp: what all connections hold together', async () => {
    const { frames } = await runSession('tcp', '--pattern', 'fan_in', '--size', '16384', ...slow);
    const ticks = ticksOf(frames);
    const used = (tick: Tick): number => tick.queue.used_bytes ?? 0;
    expect(most(ticks, used)).toBeGreaterThan(0);
    expect(most(ticks, (tick) => used(tick) / (tick.queue.capacity_bytes ?? Infinity))).toBeLessThanOrEqual(
      1,
    );
    expect(most(ticks, (tick) => tick.queue.gauges?.['unacked'] ?? -1)).toBeGreaterThanOrEqual(0);
  });
});

describe('udp', () => {
  /** Each of these leaves at once, and a receiver's buffer has room for five. */
  const tight = ['--size', '4000', '--capacity', '20000', '--consumer-delay', '1000'];

  it.each([
    ['fan_in', 1],
    ['fan_out', 1],
    ['many_to_many', 1],
    ['broadcast', 4],
  ])('%s: every loss is counted, the warm-up’s apart', async (pattern, copies) => {
    const { summary } = await runSession(
      ...['udp', '--pattern', pattern, ...tight, '--warmup', '100', '--messages', '3000', '--duration', '0'],
    );
    const sent = summary.processes.filter(({ role }) => role === 'producer').map((p) => p.messages);
    expect(sent.reduce((sum, one) => sum + one, 0)).toBe(3000);
    expect(summary.integrity.lost).toBeGreaterThan(100);
    expect(summary.messages + summary.integrity.lost).toBe(3000 * copies);
    expect(summary.integrity).toMatchObject({ corrupt: 0, duplicated: 0, reordered: 0 });
  });

  it('what a stranger sends is neither a message nor the end', async () => {
    const session = await start('udp', '--pattern', 'fan_in', '--rate', '400', ...endless);
    const name = session.of('hello')[0]?.objects[0]?.name ?? '';
    const port = Number(/:(\d+)$/.exec(name)?.[1]);
    const stranger = createSocket('udp4');
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(64, 0xff), Buffer.alloc(7)]) {
      await new Promise((done) => stranger.send(bytes, port, '127.0.0.1', done));
    }
    stranger.close();
    await session.until(() => session.of('tick').at(-1)?.integrity.corrupt === 3);
    const before = session.of('tick').at(-1)?.processes.at(-1)?.messages ?? 0;
    await session.until(() => (session.of('tick').at(-1)?.processes.at(-1)?.messages ?? 0) > before + 50);
    session.say('stop');
    await session.ended;
    expect(session.of('summary')[0]).toMatchObject({ ended_by: 'stop', integrity: { corrupt: 3, lost: 0 } });
  });
});

describe.each([
  ['pipe'],
  ['fifo'],
  ['unix', '--kind', 'stream'],
  ['unix', '--kind', 'seqpacket'],
  ['unix', '--kind', 'datagram'],
  ['tcp'],
  ['mq', '--kind', 'posix'],
])('%s %s %s: waiting in poll or epoll', (...channel) => {
  it.each(['poll', 'epoll'])('%s: one such call and one that takes, for each message', async (receive) => {
    const { frames, summary } = await runSession(
      ...[...channel, '--receive', receive, '--messages', '2000', '--duration', '0', '--verify', 'full'],
    );
    expect(summary).toMatchObject({ messages: 2000, integrity: { lost: 0, corrupt: 0 } });
    const consumer = summary.processes.find(({ role }) => role === 'consumer');
    expect(consumer?.calls).toBeGreaterThanOrEqual(4000);
    // And now and then one more, in which nothing came.
    expect(consumer?.calls).toBeLessThan(4100);
    const call = frames.find((frame) => frame.t === 'call' && frame.name.includes('poll'));
    expect(call).toMatchObject({ name: receive === 'poll' ? 'poll' : 'epoll_wait', role: 'consumer' });
  });

  it('waits are counted, where the calls of the sender wait and where they do not', async () => {
    for (const blocking of ['true', 'false']) {
      const { summary } = await runSession(
        ...[...channel, '--receive', 'poll', '--blocking', blocking, '--rate', '200', '--duration', '500'],
        ...['--warmup', '0'],
      );
      const consumer = summary.processes.find(({ role }) => role === 'consumer');
      expect(consumer?.waits).toBeGreaterThan(40);
      expect(consumer?.would_block).toBe(0);
      expect(summary.messages).toBeGreaterThan(90);
    }
  });

  it.each(['poll', 'epoll'])('%s: both ends of a conversation', async (receive) => {
    const { summary, code } = await runSession(
      ...[...channel, '--pattern', 'pingpong', '--receive', receive, '--messages', '500', '--duration', '0'],
    );
    expect(summary).toMatchObject({ messages: 500, integrity: { lost: 0, corrupt: 0 } });
    expect(code).toBe(0);
  });
});

it.each(['poll', 'epoll'])(
  'several readers of one pipe that wait by %s get each message once',
  async (receive) => {
    const { summary, code } = await runSession(
      ...['pipe', '--pattern', 'many_to_many', '--receive', receive, '--messages', '5000', '--duration', '0'],
    );
    expect(summary).toMatchObject({ messages: 5000, integrity: { lost: 0, corrupt: 0, duplicated: 0 } });
    expect(code).toBe(0);
  },
);
