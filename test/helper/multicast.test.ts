/** What is special to multicast: everyone who has joined gets a copy or loses it alone, and nothing leaves this machine. */
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { Summary } from '../../electron/contract/frames.ts';
import { helper, RunningHelper, runSession } from '../support/helper.ts';
import { trace, traces } from '../support/strace.ts';

const GROUP = /^(239\.255\.\d+\.\d+):(\d+) on lo, ttl 0$/;

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

async function start(...words: string[]): Promise<RunningHelper> {
  const session = new RunningHelper(['run', 'multicast', '--duration', '0', '--warmup', '0', ...words]);
  started.push(session);
  await session.until(() => session.of('tick').length > 2);
  return session;
}

function group(session: RunningHelper): { address: string; port: number } {
  const found = GROUP.exec(session.of('hello')[0]?.objects[0]?.name ?? '');
  return { address: found?.[1] ?? '', port: Number(found?.[2]) };
}

/** What was sent, and what each consumer got of it. */
function counts({ processes }: Summary): { sent: number; taken: number[] } {
  const sent = processes
    .filter(({ role }) => role === 'producer')
    .reduce((sum, one) => sum + one.messages, 0);
  return { sent, taken: processes.filter(({ role }) => role === 'consumer').map(({ messages }) => messages) };
}

describe('copies', () => {
  it.each(['true', 'false'])(
    'what does not fit is lost to that receiver, and counted to the last message (blocking %s)',
    async (blocking) => {
      const { summary, code } = await runSession(
        ...['multicast', '--consumers', '3', '--size', '4000', '--messages', '4000', '--capacity', '20000'],
        ...['--consumer-delay', '1000', '--warmup', '0', '--blocking', blocking],
      );
      const { sent, taken } = counts(summary);
      expect(sent).toBe(4000);
      expect(taken).toHaveLength(3);
      const lost = taken.map((got) => sent - got);
      expect(Math.min(...lost)).toBeGreaterThan(100);
      expect(summary.integrity.lost).toBe(lost.reduce((sum, one) => sum + one, 0));
      expect(summary.integrity).toMatchObject({ corrupt: 0, torn: 0, duplicated: 0, reordered: 0 });
      expect(summary.ended_by).toBe('count');
      expect(code).toBe(1);
    },
  );

  it('the drops of all receivers are told while it runs, and the fill is that of the fullest', async () => {
    const { frames } = await runSession(
      ...['multicast', '--consumers', '2', '--size', '1000', '--consumer-delay', '1000'],
      ...['--warmup', '0', '--duration', '600'],
    );
    const queues = frames.flatMap((frame) => (frame.t === 'tick' ? [frame.queue] : []));
    const drops = queues.flatMap(({ gauges }) => gauges?.['drops'] ?? []);
    expect(drops.length).toBeGreaterThan(3);
    expect(drops.at(-1)).toBeGreaterThan(0);
    expect(drops).toEqual([...drops].sort((a, b) => a - b));
    const fills = queues.map(
      ({ used_bytes, capacity_bytes }) => (used_bytes ?? 0) / (capacity_bytes ?? Infinity),
    );
    expect(Math.max(...fills)).toBeGreaterThan(0.9);
  });

  it('of several senders each is followed by its own numbers', async () => {
    const { summary } = await runSession(
      ...['multicast', '--pattern', 'fan_in', '--producers', '3', '--size', '4000', '--messages', '3000'],
      ...['--capacity', '20000', '--consumer-delay', '1000', '--warmup', '0'],
    );
    const { sent, taken } = counts(summary);
    expect(sent).toBe(3000);
    expect(summary.integrity.lost).toBeGreaterThan(100);
    expect((taken[0] ?? 0) + summary.integrity.lost).toBe(3000);
    expect(summary.integrity).toMatchObject({ corrupt: 0, duplicated: 0 });
  });

  it('the warm-up keeps its own losses', async () => {
    const { frames, summary } = await runSession(
      ...['multicast', '--consumers', '2', '--size', '4000', '--capacity', '20000'],
      ...['--consumer-delay', '1000', '--warmup', '200', '--messages', '2000'],
    );
    expect(summary.messages + summary.integrity.lost).toBe(4000);
    const warmed = frames.findLast((frame) => frame.t === 'tick' && frame.phase === 'warmup');
    expect(warmed?.t === 'tick' && warmed.integrity.lost).toBeGreaterThan(0);
  });

  it('one receiver that stands still loses its copies alone, and the sender never waits for it', async () => {
    const words = ['--consumers', '3', '--rate', '2000', '--capacity', '8192', '--messages', '4000'];
    const session = await start(...words);
    const still = session
      .of('hello')[0]
      ?.processes.find(({ role, index }) => role === 'consumer' && index === 1);
    process.kill(still?.pid ?? 0, 'SIGSTOP');
    const sent = (): number => session.of('tick').at(-1)?.processes[0]?.messages ?? 0;
    const before = sent();
    await session.until(() => sent() > before + 1000);
    process.kill(still?.pid ?? 0, 'SIGCONT');
    await session.ended;
    const [summary] = session.of('summary');
    expect(summary?.ended_by).toBe('count');
    if (summary === undefined) throw new Error('no summary');
    const { sent: all, taken } = counts(summary);
    expect(all - (taken[1] ?? 0)).toBeGreaterThan(500);
    // The others may lose a few on a busy machine, far from as many.
    expect(all - (taken[0] ?? 0)).toBeLessThan(200);
    expect(all - (taken[2] ?? 0)).toBeLessThan(200);
    expect(summary.integrity.lost).toBe(3 * all - taken.reduce((sum, one) => sum + one, 0));
  });

  it('one call sends to all of them', async () => {
    const { summary } = await runSession(
      ...[
        'multicast',
        '--consumers',
        '5',
        '--rate',
        '400',
        '--messages',
        '100',
        '--duration',
        '0',
        '--warmup',
        '0',
      ],
    );
    const producer = summary.processes.find(({ role }) => role === 'producer');
    expect(producer?.messages).toBe(100);
    // The marks of the end are calls too.
    expect(producer?.calls).toBeLessThan(150);
    expect(summary.messages).toBe(500);
  });
});

describe('nothing leaves this machine, and strangers stay out', () => {
  it('the group is joined on the loopback interface and on no other', async () => {
    const session = await start('--consumers', '2', '--rate', '100');
    const { address, port } = group(session);
    expect(port).toBeGreaterThan(1023);
    // /proc/net/igmp writes an address as a number in the order of this machine's bytes.
    const hex = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
    const needle = (littleEndian() ? hex.reverse() : hex).join('').toUpperCase();
    const joined: string[] = [];
    let device = '';
    for (const line of readFileSync('/proc/net/igmp', 'utf8').split('\n').slice(1)) {
      const named = /^\d+\s+(\S+)/.exec(line);
      if (named) device = named[1] ?? '';
      else if (line.trim().startsWith(needle)) joined.push(device);
    }
    expect(joined).toEqual(['lo']);
  });

  it.skipIf(!traces)('every socket is told so by setsockopt', async () => {
    const { session, lines } = await trace(
      [
        ...['run', 'multicast', '--pattern', 'fan_in', '--producers', '2', '--rate', '400'],
        ...['--messages', '50', '--duration', '0', '--warmup', '0'],
      ],
      ['setsockopt', 'bind', 'connect', 'socket'],
    );
    expect(session.of('summary')[0]?.messages).toBe(50);
    const { address } = group(session);
    const set = (option: string): string[] =>
      lines.filter((line) => line.includes(`, IP_${option},`)).map((line) => line.replace(/^.*IP_\w+, /, ''));
    expect(set('MULTICAST_TTL')).toEqual(['[0], 4) = 0', '[0], 4) = 0']);
    expect(set('MULTICAST_LOOP')).toEqual(['[1], 4) = 0', '[1], 4) = 0']);
    expect(set('MULTICAST_IF')).toHaveLength(2);
    expect(set('ADD_MEMBERSHIP')).toHaveLength(1);
    for (const value of [...set('MULTICAST_IF'), ...set('ADD_MEMBERSHIP')]) {
      // Or as bytes, where strace does not know the structure: the address, and the number of the interface.
      expect(value).toMatch(/if_nametoindex\("lo"\)|inet_addr\("127\.0\.0\.1"\)|\\177\\0\\0\\1\\1\\0\\0\\0/);
      expect(value).toMatch(/= 0$/);
    }
    // Both ends name the group, and no other address of the internet.
    const named = lines
      .filter((line) => line.includes('sin_addr=inet_addr('))
      .map((line) => /inet_addr\("([\d.]+)"/.exec(line)?.[1]);
    expect(new Set(named)).toEqual(new Set([address]));
  });

  it('two sessions at once do not hear each other', async () => {
    const sessions = await Promise.all([1, 2].map(() => start('--consumers', '2', '--rate', '300')));
    const [a, b] = sessions.map(group);
    expect(`${a?.address}:${a?.port}`).not.toBe(`${b?.address}:${b?.port}`);
    for (const session of sessions) {
      session.say('stop');
      await session.ended;
      expect(session.of('summary')[0]?.integrity).toMatchObject({ lost: 0, corrupt: 0, duplicated: 0 });
    }
  });

  it('what is sent to the port but not to the group does not arrive', async () => {
    const session = await start('--consumers', '2', '--rate', '100');
    const stranger = createSocket('udp4');
    const sent = await new Promise<Error | null>((done) => {
      stranger.send(Buffer.alloc(0), group(session).port, '127.0.0.1', (error) => {
        stranger.send(Buffer.alloc(64), group(session).port, '127.0.0.1', () => {
          done(error);
        });
      });
    });
    stranger.close();
    expect(sent).toBeNull();
    const at = session.of('tick').length;
    await session.until(() => session.of('tick').length > at + 5);
    session.say('stop');
    expect((await session.ended).code).toBe(0);
    expect(session.of('summary')[0]).toMatchObject({
      ended_by: 'stop',
      integrity: { lost: 0, corrupt: 0, duplicated: 0 },
    });
  });

  it('what a stranger sends to the group is found out, and an empty one is not taken for the end', async () => {
    const session = await start('--consumers', '2', '--rate', '100');
    const { address, port } = group(session);
    const stranger = createSocket('udp4');
    await new Promise<void>((done) => stranger.bind(0, '127.0.0.1', done));
    stranger.setMulticastInterface('127.0.0.1');
    stranger.setMulticastTTL(0);
    for (const size of [0, 3, 64]) {
      await new Promise((done) => {
        stranger.send(Buffer.alloc(size), port, address, done);
      });
    }
    stranger.close();
    await session.until(() => session.of('tick').at(-1)?.integrity.corrupt === 6);
    const at = session.of('tick').length;
    await session.until(() => session.of('tick').length > at + 5);
    session.say('stop');
    await session.ended;
    expect(session.of('summary')[0]).toMatchObject({
      ended_by: 'stop',
      integrity: { lost: 0, corrupt: 6, duplicated: 0 },
    });
  });
});

/** In a network namespace of its own, where loopback is down until somebody brings it up (network_namespaces(7)). */
const isolates = spawnSync('unshare', ['-rn', 'ip', 'link', 'show', 'lo']).status === 0;

describe.skipIf(!isolates)('in a network of its own', () => {
  const words = ['run', 'multicast', '--rate', '500', '--messages', '50', '--warmup', '0'];

  it('without loopback the session is refused with what brings it up', () => {
    const { stdout, status } = spawnSync('unshare', ['-rn', helper, ...words], { encoding: 'utf8' });
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      t: 'error',
      code: 'system_refused',
      errno: expect.stringMatching(/^E(NODEV|NETUNREACH|NETDOWN|ADDRNOTAVAIL)$/),
      remedy: expect.stringContaining('ip link set lo up'),
    });
  });

  it('with loopback alone no route is needed', async () => {
    const script = 'ip link set lo up && exec "$@"';
    const session = new RunningHelper(
      ['-rn', 'sh', '-c', script, 'sh', helper, ...words],
      process.env,
      'unshare',
    );
    started.push(session);
    expect((await session.ended).code).toBe(0);
    expect(session.of('summary')[0]).toMatchObject({ messages: 200, integrity: { lost: 0, corrupt: 0 } });
  });
});

function littleEndian(): boolean {
  return new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
}
