/** A system that gets in the way: full file systems and queues, names that somebody else has, networks without a way. */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { RunningHelper } from '../support/helper.ts';
import { mayUnshare, unshared } from '../support/namespaces.ts';
import { refusal } from '../support/refusal.ts';

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
