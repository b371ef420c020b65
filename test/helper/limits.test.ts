/** Limits of the system: told by describe, raised where that is allowed, and named where they are met. */
import { afterEach, describe, expect, it } from 'vitest';
import { helper, leftovers, RunningHelper } from '../support/helper.ts';
import { refusal } from '../support/refusal.ts';

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

function watched(session: RunningHelper): RunningHelper {
  started.push(session);
  return session;
}

/** With limits of bash's ulimit, such as `-f 64`. */
const limited = (limits: string[], ...args: string[]): RunningHelper =>
  new RunningHelper(
    ['-c', `${limits.map((limit) => `ulimit ${limit} && `).join('')}exec "$@"`, 'bash', helper, ...args],
    process.env,
    'bash',
  );

describe('limits of a process', () => {
  it.each(['shm', 'mmap', 'file'])(
    '%s: a file size above RLIMIT_FSIZE is refused by name',
    async (mechanism) => {
      const words = ['run', mechanism, '--capacity', '4194304', '--messages', '10'];
      const error = await refusal(limited(['-f 2048'], ...words));
      expect(error).toMatchObject({ code: 'limit_reached', where: 'RLIMIT_FSIZE', errno: 'EFBIG' });
      expect(error?.allowed).toBe(`0..${2048 * 1024}`);
      expect(error?.remedy).toMatch(/ulimit -f 4\d{3}/);
    },
  );

  it('a limit too low for the counters themselves is told in the same way', async () => {
    const error = await refusal(limited(['-f 4'], 'run', 'pipe', '--messages', '10'));
    expect(error).toMatchObject({ code: 'limit_reached', where: 'RLIMIT_FSIZE', allowed: '0..4096' });
  });

  const many = ['run', 'pipe', '--pattern', 'many_to_many', '--producers', '64', '--consumers', '64'];
  it('more processes than RLIMIT_NOFILE has descriptors for are refused by name', async () => {
    const error = await refusal(limited(['-n 200'], ...many));
    expect(error).toMatchObject({ code: 'limit_reached', where: 'RLIMIT_NOFILE', allowed: '1..200' });
    expect(error?.remedy).toMatch(/ulimit -n \d+/);
  });

  it('what a person may raise himself is raised', async () => {
    const words = ['run', 'pipe', '--pattern', 'many_to_many', '--producers', '20', '--consumers', '20'];
    const session = watched(limited(['-Sn 64'], ...words, '--messages', '500', '--duration', '0'));
    expect((await session.ended).code).toBe(0);
    // Every file of /proc could be opened: nobody's figures are missing.
    const processes = session.of('summary')[0]?.processes ?? [];
    expect(processes).toHaveLength(40);
    expect(processes.every(({ migrations }) => migrations !== undefined)).toBe(true);
  });

  it('describe tells them', async () => {
    const session = watched(limited(['-f 2048', '-n 500', '-l 64', '-i 100'], 'describe'));
    session.child.stdin.end();
    await session.ended;
    expect(session.of('describe')[0]?.limits).toMatchObject({
      file_size_bytes: 2048 * 1024,
      open_files: 500,
      locked_memory_bytes: 65_536,
      pending_signals: 100,
      pipe_max_bytes: expect.any(Number),
      pipe_user_soft_pages: expect.any(Number),
      socket_send_max_bytes: expect.any(Number),
      socket_receive_max_bytes: expect.any(Number),
      mq_queues_max: expect.any(Number),
      sysv_queues_max: expect.any(Number),
      shared_memory_free_bytes: expect.any(Number),
    });
  });
});

it('nothing is left in the system', () => {
  expect(leftovers()).toEqual([]);
});
