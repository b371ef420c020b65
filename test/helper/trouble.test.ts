/** A system that gets in the way: what it refuses is named with its limit, and what it holds up goes on as soon as it can. */
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { helper, isAlive, leftovers, RunningHelper } from '../support/helper.ts';
import { mayUnshare, unshared } from '../support/namespaces.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const endless = ['--duration', '0', '--warmup', '0'];
const NOBODY = 65_534;

const started: RunningHelper[] = [];
const folders: string[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function watched(session: RunningHelper): RunningHelper {
  started.push(session);
  return session;
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-trouble-'));
  folders.push(folder);
  return folder;
}

const arrived = (session: RunningHelper): number =>
  session
    .of('tick')
    .at(-1)
    ?.processes.find(({ role }) => role === 'consumer')?.messages ?? 0;

/** The one error that a refused session says, and that it leaves with exit code 3. */
async function refusal(session: RunningHelper) {
  const { code } = await watched(session).ended;
  expect(session.strangers).toEqual([]);
  const errors = session.of('error');
  expect(errors, session.stderr).toHaveLength(1);
  expect(code).toBe(3);
  return errors[0];
}

/** With limits of bash's ulimit, such as `-f 64`. */
const limited = (limits: string[], ...args: string[]): RunningHelper =>
  new RunningHelper(
    ['-c', `${limits.map((limit) => `ulimit ${limit} && `).join('')}exec "$@"`, 'bash', helper, ...args],
    process.env,
    'bash',
  );

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

describe.skipIf(!mayUnshare('-m'))('a file system that runs full (needs root)', () => {
  const mounted = 'mount -t tmpfs -o size=4m,mode=1777 tmpfs';

  it.each([['shm'], ['mmap'], ['file']])(
    '%s: in the middle of a session: it does not even notice',
    async (mechanism) => {
      const folder = mechanism === 'shm' ? '/dev/shm' : newFolder();
      const session = watched(
        unshared(
          ['-m'],
          `${mounted} ${folder}`,
          ['run', mechanism, '--capacity', '2097152', '--size', '4096', ...endless],
          {
            env: { XDG_RUNTIME_DIR: folder },
          },
        ),
      );
      await session.until(() => session.of('tick').length > 2);
      const filler = `/proc/${session.of('hello')[0]?.pid}/root${folder}/filler`;
      expect(() => writeFileSync(filler, Buffer.alloc(8 << 20))).toThrow(/ENOSPC/);
      const before = arrived(session);
      // More than the ring holds: every slot of it is written again.
      await session.until(() => arrived(session) > before + 2000);
      session.say('stop');
      expect((await session.ended).code).toBe(0);
      expect(session.of('summary')[0]).toMatchObject({
        ended_by: 'stop',
        integrity: { lost: 0, corrupt: 0 },
      });
      expect(session.of('summary')[0]?.processes.map(({ exit }) => exit)).toEqual(['exit 0', 'exit 0']);
    },
  );

  it.each(['shm', 'mmap', 'file'])(
    '%s: before the session: it says how much room there is',
    async (mechanism) => {
      const folder = mechanism === 'shm' ? '/dev/shm' : newFolder();
      const fill = `${mounted} ${folder}; head -c 3145728 /dev/zero > ${folder}/filler`;
      const words = ['run', mechanism, '--capacity', '2097152'];
      const error = await refusal(unshared(['-m'], fill, words, { env: { XDG_RUNTIME_DIR: folder } }));
      expect(error).toMatchObject({ code: 'limit_reached', where: 'posix_fallocate', errno: 'ENOSPC' });
      expect(error?.allowed).toMatch(/^0\.\.\d+$/);
      expect(Number(error?.allowed?.slice(3))).toBeLessThanOrEqual(1 << 20);
    },
  );
});

describe.skipIf(!mayUnshare('-mpf', '--mount-proc'))('a name that somebody else has (needs root)', () => {
  // In a process namespace of its own the helper is number 1, so that its names are known before it starts.
  const alone = ['-mipf', '--mount-proc'];

  it('shm: is refused, and what has it stays', async () => {
    const folder = newFolder();
    const name = join(folder, 'ipc-scope-1-shm-0');
    writeFileSync(name, 'theirs', { mode: 0o666 });
    chownSync(name, NOBODY, NOBODY);
    const error = await refusal(unshared(alone, `mount --bind ${folder} /dev/shm`, ['run', 'shm']));
    expect(error).toMatchObject({ code: 'no_permission', where: '/ipc-scope-1-shm-0', errno: 'EEXIST' });
    expect(readFileSync(name, 'utf8')).toBe('theirs');
    expect(statSync(name).uid).toBe(NOBODY);
  });

  it('shm: one of our own, of a process that had this number before, makes way', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'ipc-scope-1-shm-0'), 'ours', { mode: 0o600 });
    const session = watched(
      unshared(alone, `mount --bind ${folder} /dev/shm`, [
        'run',
        'shm',
        '--messages',
        '10',
        '--duration',
        '0',
      ]),
    );
    expect((await session.ended).code).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('mq: is refused, and not removed', async () => {
    const folder = newFolder();
    const theirs = `mount -t mqueue none ${folder}; touch ${folder}/ipc-scope-1-mq-0; chown ${NOBODY} ${folder}/ipc-scope-1-mq-0`;
    const error = await refusal(
      unshared(alone, theirs, ['run', 'mq', '--messages', '10', '--duration', '0']),
    );
    expect(error).toMatchObject({ code: 'no_permission', where: '/ipc-scope-1-mq-0', errno: 'EEXIST' });
  });

  it.each([['fifo'], ['unix', '--address', 'path'], ['mmap'], ['file']])(
    '%s: a run folder that somebody else made is not used',
    async (...words) => {
      const folder = newFolder();
      const theirs = `mkdir ${folder}/ipc-scope; chown ${NOBODY} ${folder}/ipc-scope`;
      const error = await refusal(
        unshared(alone, theirs, ['run', ...words], { env: { XDG_RUNTIME_DIR: folder } }),
      );
      expect(error).toMatchObject({ code: 'no_permission', where: `${folder}/ipc-scope` });
    },
  );
});

const dropped = ['setpriv', '--bounding-set=-sys_resource'];
const drops = spawnSync(dropped[0] ?? '', [...dropped.slice(1), 'true']).status === 0;

describe.skipIf(!mayUnshare('-im') || !drops)('queues (needs root)', () => {
  it('as many as there may be: the limit is named, and the first is not left behind', async () => {
    const full = 'echo 1 > /proc/sys/fs/mqueue/queues_max';
    const words = ['run', 'mq', '--pattern', 'pingpong'];
    const error = await refusal(unshared(['-im'], full, words, { before: dropped }));
    expect(error).toMatchObject({
      code: 'limit_reached',
      where: '/proc/sys/fs/mqueue/queues_max',
      errno: 'ENOSPC',
      remedy: expect.stringMatching(/sysctl -w fs\.mqueue\.queues_max=\d+/),
    });
  });

  it('of System V likewise', async () => {
    const error = await refusal(
      unshared(['-im'], 'echo 0 > /proc/sys/kernel/msgmni', ['run', 'mq', '--kind', 'sysv'], {
        before: dropped,
      }),
    );
    expect(error).toMatchObject({ code: 'limit_reached', where: '/proc/sys/kernel/msgmni', errno: 'ENOSPC' });
  });
});

describe.skipIf(!mayUnshare('-n'))('a network (needs root)', () => {
  const overNetwork = [['tcp'], ['udp'], ['rpc', '--kind', 'tcp'], ['rpc', '--kind', 'udp']];

  it.each(overNetwork)('%s %s %s without a loopback interface', async (...words) => {
    const error = await refusal(unshared(['-n'], ':', ['run', ...words]));
    expect(error?.errno).toMatch(/^(EADDRNOTAVAIL|ENETUNREACH)$/);
    expect(error?.remedy).toMatch(/loopback/);
  });

  const up = spawnSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up']).status === 0;
  it.skipIf(!up).each(overNetwork)('%s %s %s without a free port', async (...words) => {
    const one = 'ip link set lo up; echo "40000 40000" > /proc/sys/net/ipv4/ip_local_port_range';
    const error = await refusal(unshared(['-n'], one, ['run', ...words]));
    expect(error?.errno).toMatch(/^(EADDRINUSE|EADDRNOTAVAIL)$/);
    expect(error?.remedy).toMatch(/ip_local_port_range/);
  });
});

const traces = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;

describe('the time of day', () => {
  it('is asked for nowhere in the helper', () => {
    const sources = readdirSync(`${root}native/src`, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[ch]pp$/.test(name))
      .map((name) => [name, readFileSync(`${root}native/src/${name}`, 'utf8')] as const);
    expect(sources.length).toBeGreaterThan(50);
    const wall =
      /CLOCK_REALTIME|gettimeofday|system_clock|sem_timedwait|mq_timed(send|receive)\(|\btime\((NULL|nullptr|0)\)/;
    expect(sources.filter(([, text]) => wall.test(text)).map(([name]) => name)).toEqual([]);
  });

  it
    .skipIf(!traces)
    .each([
      ['pipe'],
      ['mq'],
      ['mq', '--blocking', 'false'],
      ...['futex', 'adaptive', 'semaphore', 'mutex', 'eventfd'].map((sync) => ['shm', '--sync', sync]),
      ['udp'],
      ['file'],
    ])('ends no wait of %s %s %s: setting the clock moves none of them', async (...channel) => {
    const trace = join(newFolder(), 'trace');
    const calls = 'futex,mq_timedsend,mq_timedreceive,clock_nanosleep,ppoll,timerfd_settime';
    const session = watched(
      new RunningHelper(
        [
          ...['-f', '-qq', '-e', `trace=${calls}`, '-o', trace, helper, 'run', ...channel],
          ...['--rate', '200', '--messages', '40', '--duration', '0', '--warmup', '0'],
        ],
        process.env,
        'strace',
      ),
    );
    await session.ended;
    expect(session.of('summary')[0]?.messages).toBe(40);
    const waits = readFileSync(trace, 'utf8').split('\n');
    expect(waits.length).toBeGreaterThan(40);
    // A wait without an end does not care for its clock, and one for so long, not until then, is not moved by a new time of
    // day (clock_nanosleep(2)). A queue's deadline is always one of the time of day.
    const byTheClock = waits.filter(
      (line) => /CLOCK_REALTIME/.test(line) && !/, NULL, |clock_nanosleep\(CLOCK_REALTIME, 0,/.test(line),
    );
    expect(byTheClock).toEqual([]);
    expect(waits.filter((line) => /mq_timed(send|receive).*\{tv_sec/.test(line))).toEqual([]);
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
