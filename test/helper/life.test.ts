/** Every way in which a process of a session may die: named, summed up, cleaned up. */
import { afterEach, describe, expect, it } from 'vitest';
import { endless, expectAllGone, killStarted, pids, start, started } from '../support/endless.ts';
import { ask, isAlive, leftovers, RunningHelper, type FrameOf } from '../support/helper.ts';

type Note = FrameOf<'note'>;

const channels = [
  ['pipe'],
  ['unix', '--address', 'path'],
  ['unix', '--kind', 'datagram', '--address', 'path'],
  ['unix', '--kind', 'datagram', '--pattern', 'pingpong'],
  ['unix', '--kind', 'datagram', '--blocking', 'false'],
  ['unix', '--kind', 'seqpacket'],
  ['tcp'],
  ['udp', '--rate', '200'],
  ['udp', '--rate', '200', '--pattern', 'pingpong'],
  ['shm', '--sync', 'futex'],
  ['shm', '--sync', 'semaphore'],
  ['shm', '--sync', 'spin'],
  ['fifo'],
  ['mmap', '--sync', 'futex'],
  ['file'],
  ['mq', '--kind', 'posix'],
  ['mq', '--kind', 'posix', '--blocking', 'false'],
  ['mq', '--kind', 'sysv'],
  ['mq', '--kind', 'sysv', '--blocking', 'false'],
  ['shm', '--sync', 'mutex'],
  ['shm', '--sync', 'eventfd'],
  ['shm', '--sync', 'adaptive'],
  ['shm', '--variant', 'tuned'],
  ['shm', '--sync', 'mutex', '--buffering', 'rendezvous'],
  ['shm', '--sync', 'semaphore', '--buffering', 'rendezvous'],
  ['shm', '--sync', 'futex', '--pattern', 'many_to_many'],
  ['shm', '--sync', 'mutex', '--pattern', 'many_to_many'],
  ['mmap', '--sync', 'semaphore', '--pattern', 'many_to_many'],
  ['mq', '--kind', 'posix', '--pattern', 'many_to_many'],
  ['mq', '--kind', 'posix', '--pattern', 'broadcast'],
  ['mq', '--kind', 'sysv', '--pattern', 'many_to_many'],
  ['mq', '--kind', 'sysv', '--pattern', 'broadcast'],
  ['rpc', '--kind', 'tcp'],
  ['rpc', '--kind', 'udp'],
  ['rpc', '--kind', 'unix'],
  ['pipe', '--variant', 'tuned'],
  ['pipe', '--variant', 'tuned', '--blocking', 'false'],
  ['fifo', '--variant', 'tuned'],
  ['unix', '--variant', 'tuned'],
  ['unix', '--variant', 'tuned', '--kind', 'datagram'],
  ['unix', '--variant', 'tuned', '--kind', 'seqpacket'],
  ['tcp', '--variant', 'tuned'],
  ['tcp', '--variant', 'zerocopy', '--size', '65536'],
  ['tcp', '--variant', 'zerocopy', '--blocking', 'false'],
  ['udp', '--variant', 'tuned', '--rate', '200'],
  ['pipe', '--variant', 'uring'],
  ['unix', '--variant', 'uring', '--blocking', 'false'],
  ['tcp', '--variant', 'uring'],
  ['multicast', '--pattern', 'stream', '--rate', '200'],
  ['multicast', '--rate', '200', '--blocking', 'false'],
  ['mailbox'],
  ['mailbox', '--blocking', 'false', '--address', 'abstract'],
  ['mailbox', '--pattern', 'pingpong'],
  ['mailbox', '--pattern', 'many_to_many'],
  ['mailbox', '--pattern', 'broadcast', '--blocking', 'false'],
  ['tcp', '--pattern', 'fan_in'],
  ['unix', '--kind', 'seqpacket', '--pattern', 'fan_in'],
  ['unix', '--kind', 'datagram', '--pattern', 'fan_in'],
  ['unix', '--pattern', 'many_to_many'],
  ['pipe', '--receive', 'epoll'],
  ['unix', '--kind', 'datagram', '--receive', 'poll'],
  ['mq', '--receive', 'poll'],
  ['mq', '--receive', 'epoll', '--blocking', 'false'],
  ['signal'],
  ['signal', '--blocking', 'false'],
  ['signal', '--pattern', 'pingpong'],
  ['signal', '--kind', 'standard', '--rate', '200'],
  ['signal', '--kind', 'standard', '--pattern', 'pingpong'],
];
/** A System V queue has no owner whose death would remove it; a mailbox's name is needed for as long as anyone sends. */
function leftBehind(channel: string[]): number {
  if (channel[0] === 'mailbox' && !channel.includes('abstract'))
    return channel.includes('broadcast') ? 4 : channel.includes('pingpong') ? 2 : 1;
  return channel.includes('sysv') ? 1 : 0;
}
const ALIKE = ['--blocking', '--receive', '--variant', '--buffering', 'spin', 'adaptive', 'mutex'];
afterEach(killStarted);

describe.each(channels)('%s %s %s %s %s', (...channel) => {
  it.each(['producer', 'consumer'] as const)(
    'kill -9 of the %s ends the session with its name and a summary',
    async (role) => {
      const session = await start(...channel, ...endless);
      const victim = session.of('hello')[0]?.processes.find((process) => process.role === role);
      process.kill(victim?.pid ?? 0, 'SIGKILL');
      const { code } = await session.ended;
      const note = session.of('note').find((n) => n.code === 'process_ended' && n.params['role'] === role);
      expect(note?.params).toMatchObject({ role, index: 0, pid: victim?.pid, signal: 'SIGKILL' });
      const [summary] = session.of('summary');
      expect(summary?.ended_by).toBe('peer_exit');
      expect(summary?.messages).toBeGreaterThan(0);
      expect(summary?.processes.find((process) => process.role === role)?.exit).toBe('signal SIGKILL');
      expect(session.frames.at(-1)?.t).toBe('summary');
      expect(code).toBe(1);
      await expectAllGone(session);
    },
  );

  // What the system has of a session, and who has to go with it, do not depend on how its processes wait.
  if (channel.some((word) => ALIKE.includes(word))) return;

  it('kill -9 of the supervisor takes both processes with it', async () => {
    const session = await start(...channel, ...endless);
    session.child.kill('SIGKILL');
    await session.ended;
    const left = leftBehind(channel);
    if (left > 0) {
      await session.until(() => !pids(session).some(isAlive));
      expect(leftovers()).toHaveLength(left);
      const [cleaned] = (await ask('clean')).frames;
      const removed = Array.from({ length: left }, () => ({ owner_pid: session.child.pid }));
      expect(cleaned).toMatchObject({ removed });
    }
    await expectAllGone(session);
  });

  it('end of its input means stop: the app died, the session ends in order', async () => {
    const session = await start(...channel, ...endless);
    session.child.stdin.end();
    const { code } = await session.ended;
    expect(session.of('summary')[0]).toMatchObject({ ended_by: 'stop', integrity: { lost: 0 } });
    expect(code).toBe(0);
    await expectAllGone(session);
  });
});

describe.each(['posix', 'sysv'])('mq --kind %s: who sleeps for a dead partner is woken', (kind) => {
  const patiently = ['mq', '--kind', kind, ...endless];

  it('a consumer with nothing to take', async () => {
    const session = await start(...patiently, '--rate', '1');
    session.say('kill producer 0');
    expect((await session.ended).code).toBe(1);
    expect(session.of('summary')[0]?.processes.map((process) => process.exit)).toEqual([
      'signal SIGKILL',
      'exit 0',
    ]);
    await expectAllGone(session);
  });

  it('a producer with a full queue', async () => {
    const session = await start(...patiently, '--consumer-delay', '1000000', '--capacity', '2');
    await session.until(() => session.of('tick').at(-1)?.queue.used_messages === 2);
    session.say('kill consumer 0');
    expect((await session.ended).code).toBe(1);
    expect(session.of('summary')[0]?.processes.map((process) => process.exit)).toEqual([
      'exit 0',
      'signal SIGKILL',
    ]);
    await expectAllGone(session);
  });

  it.each(['producer', 'consumer'])('either end of a conversation: %s', async (role) => {
    const session = await start(...patiently, '--pattern', 'pingpong', '--consumer-delay', '100000');
    session.say(`kill ${role} 0`);
    expect((await session.ended).code).toBe(1);
    const exits = session.of('summary')[0]?.processes.map((process) => process.exit);
    expect(exits?.sort()).toEqual(['exit 0', 'signal SIGKILL']);
    await expectAllGone(session);
  });
});

describe('a mutex whose owner is killed', () => {
  it.each(['producer', 'consumer'] as const)(
    'does not hang the other side, however often the %s dies at full speed',
    async (role) => {
      const survivor = role === 'producer' ? 'consumer' : 'producer';
      let inherited = 0;
      // Whether it dies inside is chance; messages of 64 KiB keep it there for about half of the time.
      for (let i = 0; i < 60 && (i < 12 || inherited < 3); ++i) {
        const session = new RunningHelper(['run', 'shm', '--sync', 'mutex', '--size', '65536', ...endless]);
        started.push(session);
        await session.until(() => session.of('note').some((note) => note.code === 'measuring'));
        session.say(`kill ${role} 0`);
        const { code } = await session.ended;
        expect(code).toBe(1);
        const notes = session.of('note');
        expect(notes.find((note) => note.code === 'process_ended')?.params).toMatchObject({
          role,
          signal: 'SIGKILL',
        });
        const [summary] = session.of('summary');
        expect(summary).toMatchObject({ ended_by: 'peer_exit', integrity: { lost: 0, corrupt: 0, torn: 0 } });
        expect(summary?.processes.find((process) => process.role === survivor)?.exit).toBe('exit 0');
        const owner = notes.find((note) => note.code === 'owner_died');
        if (owner === undefined) continue;
        ++inherited;
        expect(owner.params).toMatchObject({ role: survivor, errno: 'EOWNERDEAD' });
      }
      expect(inherited).toBeGreaterThan(0);
      expect(leftovers()).toEqual([]);
    },
    60_000,
  );
});

describe('several processes of one mechanism, of which one is killed at full speed', () => {
  const FIVE = ['--pattern', 'many_to_many', '--producers', '3', '--consumers', '2', ...endless];

  /** Kills a process of each role in turn; answers the notes of all rounds. */
  async function rounds(
    channel: string[],
    most: number,
    enough: (notes: Note[]) => boolean,
  ): Promise<Note[]> {
    const notes: Note[] = [];
    for (let i = 0; i < most && (i < 12 || !enough(notes)); ++i) {
      const session = new RunningHelper(['run', ...channel, ...FIVE]);
      started.push(session);
      await session.until(() => session.of('note').some((note) => note.code === 'measuring'));
      const victim =
        i % 2 === 0 ? { role: 'producer', index: i % 3 } : { role: 'consumer', index: (i % 4) >> 1 };
      session.say(`kill ${victim.role} ${victim.index}`);
      expect((await session.ended).code).toBe(1);
      const [summary] = session.of('summary');
      expect(summary).toMatchObject({
        ended_by: 'peer_exit',
        integrity: { lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 },
      });
      expect(summary?.warnings.map(({ code }) => code)).not.toContain('peer_stuck');
      const exits = summary?.processes.map((process) => process.exit).sort();
      expect(exits).toEqual(['exit 0', 'exit 0', 'exit 0', 'exit 0', 'signal SIGKILL']);
      notes.push(...session.of('note'));
    }
    expect(leftovers()).toEqual([]);
    return notes;
  }

  it('inside a monitor: one of the others is told, and all of them end in order', async () => {
    const told = (notes: Note[]): Note[] => notes.filter(({ code }) => code === 'owner_died');
    // Whether it dies inside is chance; messages of 64 KiB keep somebody there nearly always.
    const channel = ['shm', '--sync', 'mutex', '--size', '65536'];
    const notes = await rounds(channel, 60, (all) => told(all).length >= 3);
    expect(told(notes).length).toBeGreaterThan(0);
    expect(told(notes)[0]?.params).toMatchObject({ errno: 'EOWNERDEAD' });
  }, 90_000);

  it.each([
    ['with a place in a ring without a lock', ['shm', '--sync', 'futex', '--size', '65536']],
    ['spinning', ['shm', '--sync', 'spin', '--size', '65536']],
    ['asleep in a monitor', ['shm', '--sync', 'mutex', '--rate', '2000']],
    ['with a token of a semaphore', ['shm', '--sync', 'semaphore', '--size', '65536']],
    ['in a rendezvous', ['shm', '--sync', 'mutex', '--buffering', 'rendezvous']],
    ['in a rendezvous by semaphores', ['shm', '--sync', 'semaphore', '--buffering', 'rendezvous']],
    ['at a POSIX queue', ['mq', '--kind', 'posix']],
    ['at a System V queue', ['mq', '--kind', 'sysv', '--blocking', 'false']],
  ])(
    '%s: all others end in order',
    async (_where, channel) => {
      await rounds(channel, 12, () => true);
    },
    60_000,
  );
});
