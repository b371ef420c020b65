/** Sessions with several producers or consumers: every mechanism and pattern that `describe` offers. */
import { afterEach, describe, expect, it } from 'vitest';
import { ask, isAlive, leftovers, RunningHelper, runSession, sanitized } from '../support/helper.ts';

const SEVERAL = ['fan_in', 'fan_out', 'many_to_many', 'broadcast'] as const;
const WHOLE = { lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 };

const { frames } = await ask('describe');
/** Flags with which a mechanism is tried, where it has such patterns in several ways, or not in its usual one. */
const WAYS: Record<string, string[][]> = {
  mq: [
    ['--kind', 'posix'],
    ['--kind', 'sysv', '--blocking', 'false'],
  ],
  shm: [
    [],
    ['--sync', 'spin'],
    ['--sync', 'mutex'],
    ['--sync', 'semaphore'],
    ['--sync', 'mutex', '--buffering', 'rendezvous'],
    ['--sync', 'semaphore', '--buffering', 'rendezvous'],
  ],
  mmap: [['--sync', 'mutex']],
  unix: [
    ['--kind', 'stream'],
    ['--kind', 'seqpacket'],
    ['--kind', 'datagram'],
  ],
};
const described = frames.find((frame) => frame.t === 'describe');
/** Where the system may throw messages away: then sent is what arrived and what was lost. */
const LOSSY = new Set(['udp', 'multicast']);

const offered = (described?.mechanisms ?? []).flatMap(({ id, patterns }) =>
  SEVERAL.filter((pattern) => patterns.includes(pattern)).flatMap((pattern) =>
    (WAYS[id] ?? [[]]).slice(0, sanitized ? 1 : Infinity).map((way) => ({ mechanism: id, pattern, way })),
  ),
);

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

it('there are such patterns', () => {
  expect(offered).toEqual(expect.arrayContaining([{ mechanism: 'pipe', pattern: 'fan_in', way: [] }]));
  expect(offered.map(({ mechanism }) => mechanism)).toEqual(
    expect.arrayContaining(['pipe', 'fifo', 'mq', 'shm', 'mmap']),
  );
});

it('the number of processes is an option of those patterns alone', () => {
  for (const { options } of described?.mechanisms ?? []) {
    const patterns = (name: string) => options.find((option) => option.name === name)?.patterns;
    if (options.some(({ name }) => name === 'producers')) {
      expect(patterns('producers')).toEqual(['fan_in', 'many_to_many']);
      expect(patterns('consumers')).toEqual(['fan_out', 'many_to_many', 'broadcast']);
    }
    expect(patterns('size_bytes')).toBeUndefined();
  }
});

describe.each(offered)('$mechanism, $pattern, $way', ({ mechanism, pattern, way }) => {
  const run = ['run', mechanism, '--pattern', pattern, ...way];
  const whole = LOSSY.has(mechanism) ? { ...WHOLE, lost: expect.any(Number) } : WHOLE;
  const copies = (consumers: number): number => (pattern === 'broadcast' ? consumers : 1);

  /** What differs by the way is how the processes keep out of each other's; the rest is tried once. */
  const first = way === (WAYS[mechanism] ?? [way])[0];
  const cases = [
    [3, 8],
    [5, 64],
    [2, 1024],
  ] as const;
  // The system alone decides what a signal carries.
  it.each(mechanism === 'signal' || !first || sanitized ? cases.slice(0, 1) : cases)(
    '%i processes of the role that has several carry every message of %i B whole',
    async (count, size) => {
      const producers = pattern === 'fan_in' || pattern === 'many_to_many' ? count : 1;
      const consumers = pattern === 'fan_in' ? 1 : count;
      const { summary, code } = await runSession(
        ...run.slice(1),
        ...['--producers', String(producers), '--consumers', String(consumers), '--size', String(size)],
        ...['--messages', '2003', '--duration', '0', '--warmup', '20', '--verify', 'full'],
      );
      expect(summary).toMatchObject({ pattern, ended_by: 'count' });
      expect(summary.messages + summary.integrity.lost).toBe(2003 * copies(consumers));
      expect(summary.integrity).toEqual({ verified: 'full', ...whole });
      const sent = summary.processes.filter(({ role }) => role === 'producer').map((p) => p.messages);
      expect(sent).toHaveLength(producers);
      expect(sent.reduce((sum, one) => sum + one, 0)).toBe(2003);
      expect(Math.max(...sent) - Math.min(...sent)).toBeLessThanOrEqual(1);
      const taken = summary.processes.filter(({ role }) => role === 'consumer').map((p) => p.messages);
      expect(taken).toHaveLength(consumers);
      if (pattern === 'broadcast' && summary.integrity.lost === 0)
        expect(taken).toEqual(taken.map(() => 2003));
      expect(summary.processes.every(({ exit }) => exit === 'exit 0')).toBe(true);
      expect(code).toBe(summary.integrity.lost === 0 ? 0 : 1);
    },
  );

  it('at full speed, bounded by time, nothing is lost', async () => {
    const { summary } = await runSession(...run.slice(1), '--duration', '300', '--warmup', '50');
    expect(summary).toMatchObject({ ended_by: 'duration', integrity: whole });
    expect(summary.messages).toBeGreaterThan(100);
    expect(summary.latency.samples).toBeGreaterThan(0);
  });

  if (first && !sanitized) {
    it('a rate is that of all producers together', async () => {
      const { summary } = await runSession(
        ...run.slice(1),
        '--rate',
        '600',
        '--duration',
        '700',
        '--warmup',
        '0',
      );
      const consumers = summary.processes.filter(({ role }) => role === 'consumer').length;
      expect(summary.messages_per_s / copies(consumers)).toBeGreaterThan(480);
      expect(summary.messages_per_s / copies(consumers)).toBeLessThan(640);
    });
  }

  // A role that has one process dies as in a stream (life.test.ts); how the others are woken differs by the mechanism.
  const roles = (['producer', 'consumer'] as const).filter((role) =>
    role === 'producer' ? pattern !== 'fan_out' && pattern !== 'broadcast' : pattern !== 'fan_in',
  );
  it.each(roles)('kill -9 of the last %s is told by its name', async (role) => {
    const session = new RunningHelper([...run, '--duration', '0', '--warmup', '0']);
    started.push(session);
    await session.until(() => session.of('tick').length > 2);
    const processes = session.of('hello')[0]?.processes ?? [];
    const victim = processes.findLast((process) => process.role === role);
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    await session.ended;
    expect(session.of('note')).toContainEqual(
      expect.objectContaining({
        code: 'process_ended',
        params: { role, index: victim?.index, pid: victim?.pid, signal: 'SIGKILL' },
      }),
    );
    expect(session.of('summary')[0]?.ended_by).toBe('peer_exit');
    await session.until(() => !processes.some(({ pid }) => isAlive(pid)), 3000);
    expect(leftovers()).toEqual([]);
  });
});

if (!sanitized) {
  describe('64 on each side', () => {
    it.each([
      ['mq', '--kind', 'posix'],
      ['mq', '--kind', 'sysv'],
      ['shm', '--sync', 'futex'],
      ['shm', '--sync', 'mutex'],
      ['shm', '--sync', 'semaphore'],
      ['shm', '--sync', 'mutex', '--buffering', 'rendezvous'],
    ])('%s %s %s %s %s', async (...channel) => {
      const many = ['--pattern', 'many_to_many', '--producers', '64', '--consumers', '64'];
      const { summary } = await runSession(...channel, ...many, '--messages', '6400', '--duration', '0');
      expect(summary).toMatchObject({ messages: 6400, ended_by: 'count', integrity: WHOLE });
      expect(summary.processes).toHaveLength(128);
      expect(summary.processes.every(({ exit }) => exit === 'exit 0')).toBe(true);
    });

    it.each(['posix', 'sysv'])('mq --kind %s to each of 64 consumers', async (kind) => {
      const all = ['--pattern', 'broadcast', '--consumers', '64', '--messages', '100', '--duration', '0'];
      const { summary } = await runSession('mq', '--kind', kind, ...all);
      expect(summary).toMatchObject({ messages: 6400, ended_by: 'count', integrity: WHOLE });
    });
  });
}

describe('several writers of one pipe', () => {
  it('mix what is longer than PIPE_BUF, and that is told', async () => {
    const long = ['--size', '20000', '--duration', '600', '--warmup', '0', '--verify', 'full'];
    const { summary, code } = await runSession('pipe', '--pattern', 'fan_in', ...long);
    expect(summary.integrity.corrupt).toBeGreaterThan(0);
    expect(code).toBe(1);
  });
});

describe('bad input', () => {
  const several = ['run', 'pipe', '--pattern'];
  it.each([
    [[...several, 'fan_out', '--producers', '2'], '--producers', '1..1'],
    [[...several, 'stream', '--consumers', '3'], '--consumers', '1..1'],
    [[...several, 'fan_in', '--producers', '65'], '--producers', '0..64'],
    [[...several, 'fan_in', '--size', '7'], '--size', '8..16777216'],
    [[...several, 'fan_out', '--size', '4097'], '--size', '8..4096'],
    [[...several, 'broadcast', '--stats', 'false'], '--stats', 'true'],
    [['run', 'tcp', '--pattern', 'fan_out', '--producers', '2'], '--producers', '1..1'],
    [['run', 'unix', '--pattern', 'many_to_many', '--consumers', '65'], '--consumers', '0..64'],
    [['run', 'udp', '--pattern', 'fan_in', '--size', '4'], '--size', '8..16777216'],
    [['run', 'mq', '--receive', 'poll', '--kind', 'sysv'], '--receive', 'call'],
    [['run', 'pipe', '--receive', 'select'], '--receive', 'call, poll, epoll'],
    [['run', 'shm', '--pattern', 'fan_in', '--sync', 'adaptive'], '--sync', 'mutex, semaphore, futex, spin'],
    [
      ['run', 'mmap', '--pattern', 'many_to_many', '--sync', 'eventfd'],
      '--sync',
      'mutex, semaphore, futex, spin',
    ],
    [['run', 'shm', '--pattern', 'fan_out', '--sync', 'none'], '--sync', 'mutex, semaphore, futex, spin'],
    [['run', 'shm', '--pattern', 'fan_out', '--capacity', '255'], '--capacity', '256..1073741824'],
    [
      ['run', 'shm', '--pattern', 'fan_out', '--sync', 'mutex', '--capacity', '63'],
      '--capacity',
      '64..1073741824',
    ],
    [['run', 'shm', '--pattern', 'fan_in', '--variant', 'tuned'], '--variant', 'plain'],
    [
      ['run', 'shm', '--pattern', 'broadcast'],
      '--pattern',
      'stream, pingpong, fan_in, fan_out, many_to_many',
    ],
    [['run', 'mq', '--pattern', 'fan_in', '--size', '7'], '--size', '8..16777216'],
  ])('%s', async (words, where, allowed) => {
    const answer = await ask(...words);
    expect(answer.code).toBe(2);
    expect(answer.frames).toMatchObject([{ t: 'error', where, allowed }]);
  });
});
