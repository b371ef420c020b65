/** What is special to mechanisms that lie in the file system: names, meeting at open, faults and pages, a full disk. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../electron/contract/frames.ts';
import { ask, isAlive, leftovers, RunningHelper, runSession } from '../support/helper.ts';

const short = ['--duration', '250', '--warmup', '50'];

function hello(frames: Frame[]) {
  const [first] = frames;
  if (first?.t !== 'hello') throw new Error('the first frame is no hello');
  return first;
}

/** Whether a program of the system did what it was asked to. */
const system = (...[program = '', ...args]: string[]): boolean => spawnSync(program, args).status === 0;

const ticks = (frames: Frame[]) => frames.filter((frame) => frame.t === 'tick');
const calls = (frames: Frame[]) => frames.filter((frame) => frame.t === 'call');

describe('named pipe', () => {
  it.each([
    ['stream', 1],
    ['pingpong', 2],
  ] as const)('%s: both open it by name, which is gone once they have', async (pattern, count) => {
    const session = new RunningHelper(['run', 'fifo', '--pattern', pattern, '--duration', '0']);
    try {
      await session.until(() => session.of('tick').length > 2);
      const { objects, pid } = hello(session.frames);
      expect(leftovers().filter((name) => name.includes(`ipc-scope-${pid}-`))).toEqual([]);
      expect(objects).toHaveLength(count);
      for (const object of objects) {
        expect(object).toMatchObject({ kind: 'fifo', mode: '0600', capacity_bytes: 65_536, slots: 16 });
        expect(object.name).toMatch(/\/ipc-scope-\d+-fifo-\d$/);
      }
      for (const role of ['producer', 'consumer']) {
        const opened = session.of('call').filter((call) => call.role === role && call.name === 'open');
        expect(opened).toHaveLength(count);
        expect(opened.every((call) => call.result >= 0 && call.duration_ns > 0)).toBe(true);
      }
    } finally {
      session.say('stop');
      await session.ended;
    }
  });

  it.each(['producer', 'consumer'])(
    'a %s killed at once, before or after it opened, leaves neither the other nor the name behind',
    async (role) => {
      const session = new RunningHelper(['run', 'fifo', '--duration', '0']);
      const pid = session.child.pid ?? 0;
      const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number);
      const is = (child: number) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(`peer\0${role}`);
      // Asked without a pause: between its start and its open a process has a millisecond or two.
      let victim: number | undefined;
      for (const since = Date.now(); victim === undefined && Date.now() - since < 10_000;) {
        victim = children().find((child) => child > 0 && is(child));
        await new Promise(setImmediate);
      }
      if (victim === undefined) throw new Error(`no ${role} was started`);
      const born = children().filter((child) => child > 0);
      process.kill(victim, 'SIGKILL');
      expect((await session.ended).code).not.toBe(0);
      expect(born.filter(isAlive)).toEqual([]);
      expect(leftovers().filter((name) => name.includes(`ipc-scope-${pid}-`))).toEqual([]);
    },
  );

  it('has the capacity that was asked for, and takes another while it runs', async () => {
    const session = new RunningHelper([
      'run',
      'fifo',
      '--capacity',
      '4096',
      '--rate',
      '500',
      '--duration',
      '0',
    ]);
    try {
      await session.until(() => session.of('tick').at(-1)?.queue.capacity_bytes === 4096);
      expect(hello(session.frames).objects[0]).toMatchObject({ capacity_bytes: 4096, slots: 1 });
      session.say('set capacity_bytes 16384');
      await session.until(() => session.of('tick').at(-1)?.queue.capacity_bytes === 16_384);
    } finally {
      session.say('stop');
      await session.ended;
    }
  });
});

describe('mapped file', () => {
  it('tells its file and the file system below, what of it is in memory, and its page faults', async () => {
    const { frames } = await runSession('mmap', '--capacity', '1048576', ...short);
    const [object] = hello(frames).objects;
    expect(object).toMatchObject({ kind: 'mapped_file', mode: '0600' });
    expect(object?.name).toMatch(/\/ipc-scope-\d+-mmap-0 on \w+$/);
    const size = object?.capacity_bytes ?? 0;
    expect(size).toBeGreaterThan(1_048_576);
    const last = ticks(frames).at(-1);
    // The peers had it populated, and no one takes a MiB from them while they use it.
    expect(last?.queue.gauges?.['resident_bytes']).toBe(size);
    expect(last?.queue.gauges?.['dirty_bytes'] ?? 0).toBeLessThanOrEqual(size);
    expect(calls(frames).map((call) => call.name)).toEqual(
      expect.arrayContaining(['open', 'mmap', 'ring_push']),
    );
  });

  it('leaves out what would take too long to ask', async () => {
    const { frames } = await runSession('mmap', '--capacity', '67108864', ...short);
    expect(ticks(frames).at(-1)?.queue.gauges).toBeUndefined();
    expect(ticks(frames).at(-1)?.queue.capacity_bytes).toBe(67_108_864);
  });

  it('without synchronisation it tears and loses as any shared memory does', async () => {
    const { summary, code } = await runSession(
      ...['mmap', '--sync', 'none', '--size', '4096', '--verify', 'full', '--duration', '500'],
    );
    const { lost, torn, duplicated } = summary.integrity;
    expect(lost + torn + duplicated).toBeGreaterThan(0);
    expect(code).toBe(1);
  });
});

describe('plain file', () => {
  it('takes two calls a message on each side, and looks again and again while it waits', async () => {
    const { frames, summary } = await runSession('file', '--rate', '200', ...short);
    const [object] = hello(frames).objects;
    expect(object?.name).toMatch(/\/ipc-scope-\d+-file-0 on \w+$/);
    const [producer, consumer] = summary.processes;
    expect(producer?.calls).toBeGreaterThanOrEqual(2 * (producer?.messages ?? 0));
    // A message every 5 ms, and a look every 50 us or a little more.
    expect(consumer?.calls).toBeGreaterThan(8 * (consumer?.messages ?? 0));
    expect(consumer?.waits).toBeGreaterThan(0);
    const names = new Set(calls(frames).map((call) => call.name));
    expect(names).toEqual(new Set(['open', 'pwrite', 'pread', 'clock_nanosleep']));
  });

  it('fills up before a slow consumer, then wraps without losing anything', async () => {
    const { frames, summary } = await runSession(
      ...['file', '--capacity', '4096', '--messages', '1000', '--warmup', '0'],
      ...['--consumer-delay', '200', '--verify', 'full'],
    );
    expect(summary).toMatchObject({ messages: 1000, integrity: { lost: 0, corrupt: 0, duplicated: 0 } });
    expect(Math.max(...ticks(frames).map((tick) => tick.queue.used_messages ?? 0))).toBeGreaterThan(32);
    expect(ticks(frames).at(-1)?.queue).toMatchObject({ used_messages: 0, capacity_messages: 64 });
    expect(summary.processes[0]?.waits).toBeGreaterThan(0);
  });
});

describe('the run folder', () => {
  const runtime = mkdtempSync(join(tmpdir(), 'ipc-scope-runtime-'));
  const env = { ...process.env, XDG_RUNTIME_DIR: runtime };
  afterAll(() => rmSync(runtime, { recursive: true }));

  it('is cleaned of what dead owners left there, of every kind', async () => {
    const dead = spawnSync('true').pid;
    const folder = join(runtime, 'ipc-scope');
    mkdirSync(folder, { mode: 0o700 });
    for (const what of ['mmap-0', 'file-1']) writeFileSync(join(folder, `ipc-scope-${dead}-${what}`), '');
    expect(system('mkfifo', join(folder, `ipc-scope-${dead}-fifo-0`))).toBe(true);
    const cleaning = new RunningHelper(['clean'], env);
    await cleaning.ended;
    const [cleaned] = cleaning.of('cleaned');
    const found = cleaned?.removed.filter(({ owner_pid }) => owner_pid === dead);
    expect(found?.map(({ kind, name }) => `${kind} ${name.replace(/.*\d-(?=\w+-\d$)/, '')}`).sort()).toEqual([
      'fifo fifo-0',
      'file file-1',
      'file mmap-0',
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is among the limits that describe tells', async () => {
    const [described] = (await ask('describe')).frames;
    expect(described?.t === 'describe' && described.limits['run_folder_free_bytes']).toBeGreaterThan(0);
  });
});

const full = mkdtempSync(join(tmpdir(), 'ipc-scope-full-'));
const mounted =
  process.platform === 'linux' && system('mount', '-t', 'tmpfs', '-o', 'size=200k,mode=0700', 'tmpfs', full);

afterAll(() => {
  if (mounted) system('umount', full);
  rmdirSync(full);
});

describe.skipIf(!mounted)('a full file system (needs the right to mount)', () => {
  it.each(['mmap', 'file'])('%s is refused with what there is, and leaves nothing', async (mechanism) => {
    const refused = new RunningHelper(['run', mechanism], { ...process.env, XDG_RUNTIME_DIR: full });
    const { code } = await refused.ended;
    expect(code).toBe(3);
    expect(refused.of('error')).toMatchObject([
      { fatal: true, code: 'limit_reached', where: 'posix_fallocate', errno: 'ENOSPC' },
    ]);
    expect(refused.of('error')[0]?.message).toContain(full);
    expect(readdirSync(join(full, 'ipc-scope'))).toEqual([]);
  });

  it('carries a session that fits, and says that it lies in memory', async () => {
    const session = new RunningHelper(['run', 'mmap', '--capacity', '4096', ...short], {
      ...process.env,
      XDG_RUNTIME_DIR: full,
    });
    expect((await session.ended).code).toBe(0);
    expect(hello(session.frames).objects[0]?.name).toMatch(/ on tmpfs$/);
  });
});
