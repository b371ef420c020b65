/** Processes that are stopped, or die before the session begins: the session goes on or ends, and says so. */
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { helper, isAlive, leftovers, RunningHelper } from '../support/helper.ts';
import { refusal } from '../support/refusal.ts';
import { traces } from '../support/strace.ts';

const endless = ['--duration', '0', '--warmup', '0'];

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

function watched(session: RunningHelper): RunningHelper {
  started.push(session);
  return session;
}

const arrived = (session: RunningHelper): number =>
  session
    .of('tick')
    .at(-1)
    ?.processes.find(({ role }) => role === 'consumer')?.messages ?? 0;

describe('a process that is stopped from outside', () => {
  it.each([
    ['pipe', 'consumer', 10_000],
    ['shm', 'producer', 1500],
    ['udp', 'consumer', 1500],
  ] as const)('%s: the %s for %i ms: the session goes on, and says so', async (mechanism, role, held_ms) => {
    const session = watched(new RunningHelper(['run', mechanism, ...endless, '--rate', '500']));
    await session.until(() => session.of('tick').length > 2);
    const victim = session.of('hello')[0]?.processes.find((process) => process.role === role);
    process.kill(victim?.pid ?? 0, 'SIGSTOP');
    const said = (code: string) => session.of('note').find((note) => note.code === code);
    expect((await session.until(() => said('process_stopped'))).params).toMatchObject({
      role,
      pid: victim?.pid,
    });
    await new Promise((done) => setTimeout(done, held_ms));
    const before = arrived(session);
    process.kill(victim?.pid ?? 0, 'SIGCONT');
    await session.until(() => said('process_continued'));
    await session.until(() => arrived(session) > before + 50);
    session.say('stop');
    const { code } = await session.ended;
    const [summary] = session.of('summary');
    // What came over UDP while nobody took it had no room.
    expect(code).toBe(mechanism === 'udp' && summary?.integrity.lost !== 0 ? 1 : 0);
    expect(summary).toMatchObject({
      ended_by: 'stop',
      integrity: { corrupt: 0, reordered: 0, duplicated: 0 },
    });
    if (mechanism !== 'udp') expect(summary?.integrity.lost).toBe(0);
    expect(summary?.duration_ns).toBeGreaterThan(held_ms * 1e6);
    const warning = summary?.warnings.find(({ code }) => code === 'process_stopped');
    const told_ms = Number(/for (\d+) ms/.exec(warning?.cause ?? '')?.[1]);
    expect(Math.abs(told_ms - held_ms)).toBeLessThan(500);
    expect(leftovers()).toEqual([]);
  });

  it('for longer than the session: it is ended all the same, and named', async () => {
    const session = watched(new RunningHelper(['run', 'pipe', '--duration', '600', '--warmup', '0']));
    await session.until(() => session.of('tick').length > 1);
    const victim = session.of('hello')[0]?.processes[1]?.pid ?? 0;
    process.kill(victim, 'SIGSTOP');
    await session.ended;
    const codes = session.of('summary')[0]?.warnings.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['peer_stuck', 'process_stopped']));
    expect(isAlive(victim)).toBe(false);
    expect(leftovers()).toEqual([]);
  });
});

describe.skipIf(!traces)('a process that dies before the session begins', () => {
  it('is told at once, although the other one waits for it in open(2) without an end', async () => {
    // Every prctl(2) of the peers takes 300 ms: there is time to kill one between its name and its open.
    const session = watched(
      new RunningHelper(
        [
          ...['-f', '-qq', '-o', '/dev/null', '-e', 'trace=prctl', '-e', 'inject=prctl:delay_exit=300000'],
          ...[helper, 'run', 'fifo', ...endless],
        ],
        process.env,
        'strace',
      ),
    );
    const consumer = await session.until(() => childNamed(session.child.pid ?? 0, 'ipc-consumer-0'));
    process.kill(consumer, 'SIGKILL');
    const killed = Date.now();
    const error = await refusal(session);
    expect(Date.now() - killed).toBeLessThan(2500);
    expect(error).toMatchObject({ code: 'peer_failed', message: expect.stringMatching(/consumer.*SIGKILL/) });
    expect(leftovers()).toEqual([]);
  });
});

/** A process of this name below another one. */
function childNamed(parent: number, name: string): number | undefined {
  const list = `/proc/${parent}/task/${parent}/children`;
  const children = existsSync(list) ? readFileSync(list, 'utf8').split(' ').filter(Boolean).map(Number) : [];
  for (const pid of children) {
    try {
      if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name) return pid;
    } catch {
      continue;
    }
    const below = childNamed(pid, name);
    if (below !== undefined) return below;
  }
  return undefined;
}

it('nothing is left in the system', () => {
  expect(leftovers()).toEqual([]);
});
