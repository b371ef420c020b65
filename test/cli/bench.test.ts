/** The benchmarks really run, from the command line to the files they write; what they measure on a busy machine says nothing. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBareLoops } from '../bench/measure.js';
import { eventually } from '../support/eventually.ts';
import { ask, leftovers, systemVQueues } from '../support/helper.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-bench-'));
let bare = '';

beforeAll(() => {
  bare = buildBareLoops(root);
});
afterAll(() => rmSync(folder, { recursive: true }));

function bench(...words: string[]): ChildProcess {
  return spawn(process.execPath, ['test/bench/run.js', ...words], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
const ended = (child: ChildProcess): Promise<number | null> => new Promise((done) => child.on('close', done));
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('npm run bench -- peers', () => {
  it('compares plain, bare and tools, round by round, and writes both files', async () => {
    const json = join(folder, 'peers.json');
    const markdown = join(folder, 'peers.md');
    const files = ['--json', json, '--markdown', markdown];
    expect(await ended(bench('peers', '--quick', '--only', 'shm spin', ...files))).toBe(0);
    const { rows, verdicts, left_out } = read(json);
    expect(left_out).toEqual([]);
    const [stream, pingpong] = rows;
    const names = (row: { results: { name: string }[] }) => row.results.map(({ name }) => name);
    expect(names(stream)).toEqual(['plain', 'tuned', 'bare', 'bare, batched', 'memcpy']);
    expect(names(pingpong)).toEqual(['plain', 'tuned', 'bare', 'cache line']);
    for (const { name, runs, errors } of [...stream.results, ...pingpong.results]) {
      expect(errors).toEqual([]);
      expect(runs.length, name).toBe(2);
      for (const run of runs) {
        expect(run.messages_per_s, name).toBeGreaterThan(100);
        expect(run, name).toMatchObject({ lost: 0, faults: 0 });
      }
    }
    expect(pingpong.ratios).toContainEqual(
      expect.objectContaining({ of: 'plain', to: 'bare', metric: 'p50_ns', rounds: 2 }),
    );
    expect(verdicts.map(({ verdict }: { verdict: string }) => verdict)).not.toContain(undefined);
    expect(readFileSync(markdown, 'utf8')).toContain('| shm spin stream | 64 B | tuned |');
  });

  it('keeps what is done when it is interrupted', async () => {
    const json = join(folder, 'stopped.json');
    const child = bench(
      'peers',
      '--size',
      '64',
      '--duration',
      '50',
      '--repeat',
      '500',
      '--only',
      'pipe',
      '--json',
      json,
    );
    let told = '';
    child.stderr?.on('data', (data: Buffer) => (told += data.toString()));
    // Printed at most every ten seconds where it is no terminal, so the first line is all there is.
    await eventually(() => told).toContain('pipe stream');
    await new Promise((done) => setTimeout(done, 2500));
    child.kill('SIGINT');
    expect(await ended(child)).toBe(130);
    const { stopped, rows } = read(json);
    expect(stopped).toBe(true);
    expect(rows[0].results[0].runs.length).toBeGreaterThan(0);
    expect(rows[0].results[0].runs.length).toBeLessThan(500);
  });

  it('says what it takes', async () => {
    expect(await ended(bench('peers', '--repeat', 'often'))).toBe(2);
    expect(await ended(bench())).toBe(2);
  });
});

describe('npm run bench -- table', () => {
  it('runs a mechanism in all its patterns, and says why something cannot be', async () => {
    const json = join(folder, 'table.json');
    const words = ['table', '--quick', '--repeat', '1', '--duration', '200', '--only', 'shm none'];
    expect(await ended(bench(...words, '--json', json))).toBe(0);
    const { rows } = read(json);
    const of = (pattern: string) =>
      rows.filter(
        (row: { pattern: string; variant: string }) => row.pattern === pattern && row.variant === 'plain',
      );
    expect(of('stream').map(({ placement }: { placement: string }) => placement)).toEqual(['same', 'apart']);
    expect(of('stream')[0].runs[0].messages_per_s).toBeGreaterThan(0);
    expect(of('pingpong')[0].why).toContain('nobody can wait for an answer');
  });
});

describe('bare-loops', () => {
  const run = (...words: string[]) => {
    const { pid, status, stdout, stderr } = spawnSync(bare, words, { encoding: 'utf8', timeout: 30_000 });
    return { pid, status, stderr, figures: status === 0 ? JSON.parse(stdout) : undefined };
  };
  /** As ownership/names.cpp makes it of the owner's pid. */
  const queueOf = (pid = 0): string => `0xe5${pid.toString(16).padStart(6, '0')}`;
  const few = ['--messages', '300', '--warmup-messages', '50', '--placement', 'same'];

  it.each([
    ['pipe', '65536'],
    ['fifo', '64'],
    ['unix --kind stream', '65536'],
    ['unix --kind datagram', '1024'],
    ['unix --kind seqpacket', '64'],
    ['tcp', '65536'],
    ['tcp --no-delay true', '64'],
    ['mq --kind posix', '1024'],
    ['mq --kind sysv', '64'],
    ['shm --sync spin', '64'],
    ['shm --sync spin --batch 16', '100'],
    ['shm --sync futex', '65536'],
    ['shm --sync eventfd', '64'],
    ['shm --sync semaphore', '64'],
    ['shm --sync mutex', '1024'],
    ['mmap --sync futex', '64'],
    ['file', '1024'],
  ])('%s carries %s bytes both ways in order, and leaves nothing behind', (words, size) => {
    const [mechanism = '', ...rest] = words.split(' ');
    for (const pattern of ['stream', 'pingpong']) {
      const { pid, status, stderr, figures } = run(mechanism, pattern, ...rest, '--size', size, ...few);
      expect(status, stderr).toBe(0);
      expect(figures).toMatchObject({ messages: 300, lost: 0, faults: 0 });
      if (pattern === 'pingpong') expect(figures.p50_ns).toBeGreaterThan(100);
      const own = leftovers().filter((name) => name.includes(`-${pid}-`) || name === queueOf(pid));
      expect(own).toEqual([]);
    }
  });

  it('udp counts what does not arrive', () => {
    const { figures } = run('udp', 'stream', '--size', '1024', '--messages', '50000', '--placement', 'same');
    expect(figures.messages + figures.lost).toBe(50_000);
    expect(figures.messages).toBeGreaterThan(0);
    expect(figures.faults).toBe(0);
  });

  it.each([
    'pigeon stream',
    'pipe',
    'pipe stream --size 4',
    'pipe stream --size',
    'unix stream --kind seqpackets',
    'shm stream --sync hope',
  ])('refuses %j', (words) => {
    expect(run(...words.split(' ')).status).toBe(2);
  });

  it('dies as a whole, and what it leaves is found by clean', async () => {
    const child = spawn(bare, ['mq', 'stream', '--kind', 'sysv', '--messages', '1000000000'], {
      stdio: 'ignore',
    });
    const queue = queueOf(child.pid);
    await eventually(() => systemVQueues()).toContain(queue);
    const children = (): string[] =>
      readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
    await eventually(() => children().length).toBe(2);
    const pids = children();
    child.kill('SIGKILL');
    await eventually(() => pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    expect(systemVQueues()).toContain(queue);
    await ask('clean');
    expect(systemVQueues()).not.toContain(queue);
  });
});
