/** `ipc-scope run` with the real helper: figures on stdout, progress on stderr, exit codes that scripts can trust. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { SummarySchema } from '../../electron/contract/frames.ts';
import { openOn } from '../engine/support.ts';
import { leftovers } from '../support/helper.ts';
import { shell } from './support.ts';

const SHORT = ['--duration', '300ms', '--warmup', '50ms'];
const ENDLESS = ['--duration', 'unlimited', '--warmup', '0'];

describe('ipc-scope run', () => {
  it.each(['pipe', 'tcp', 'shm'])('%s ends with a table on stdout and code 0', async (mechanism) => {
    const { run } = await shell();
    const { code, out, err } = await run('run', mechanism, '--size', '1KiB', ...SHORT);
    expect(err).not.toMatch(/error/i);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^${mechanism} · \\w+ · stream · 1\\u00a0KiB\\n`));
    expect(out).toMatch(/messages +[\d,]+ +[\d.]+/);
    expect(out).toMatch(/p50 +p90 +p99 +p99\.9 +max/);
    expect(out).toMatch(/every message in order/);
    expect(out).toMatch(/producer 0 +\d+ +exit 0/);
    expect(err).toContain('measuring starts');
  });

  it('--json prints the summary frame and nothing else on stdout', async () => {
    const { run } = await shell();
    const { code, out } = await run('run', 'pipe', '--json', '--pattern', 'pingpong', '--size=24', ...SHORT);
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    const summary = v.parse(SummarySchema, JSON.parse(out));
    expect(summary).toMatchObject({ mechanism: 'pipe', pattern: 'pingpong', options: { size_bytes: 24 } });
    expect(summary.latency.kind).toBe('round_trip');
  });

  it('records the run, unless told not to', async () => {
    const { run } = await shell();
    await run('run', 'pipe', '--no-record', ...SHORT);
    expect(JSON.parse((await run('runs', '--json')).out)).toEqual([]);
    await run('run', 'pipe', ...SHORT);
    expect(JSON.parse((await run('runs', '--json')).out)).toMatchObject([{ state: 'finished' }]);
  });

  it('--repeat runs it again and says whether the runs agree', async () => {
    const { run } = await shell();
    const paced = ['--rate', '2000', '--messages', '200', '--warmup', '0'];
    const { code, out, err } = await run('run', 'pipe', '--repeat', '3', ...paced);
    expect(err).toContain('Run 3 of 3.');
    expect(out).toMatch(/run +rate +p50 +p99/);
    expect(out).toMatch(/median +[\d.]+/);
    // A rate that every run keeps is the same in all of them.
    expect(out).toContain('The runs agree');
    expect(code).toBe(0);
    const json = JSON.parse((await run('run', 'pipe', '--json', '--repeat', '2', ...paced)).out);
    expect(json).toMatchObject({ stable: true, runs: [{ messages: 200 }, { messages: 200 }] });
    const refused = await run('run', 'pipe', '--repeat', '0');
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('1..100');
  });

  it('ends by count, with as many messages as were asked for', async () => {
    const { run } = await shell();
    const { out } = await run('run', 'pipe', '--json', '--messages', '10k', '--warmup', '0');
    expect(JSON.parse(out)).toMatchObject({ messages: 10_000, ended_by: 'count' });
  });

  it('is stopped in order by Ctrl-C: table, recording, code 130, nothing left', async () => {
    const { begin, run } = await shell();
    const session = begin('run', 'shm', ...ENDLESS);
    await session.until(() => session.err.includes('measuring starts'));
    session.interrupt();
    const { code, out } = await session.ended;
    expect(code).toBe(130);
    expect(out).toMatch(/ended by +stop/);
    expect(leftovers()).toEqual([]);
    expect(JSON.parse((await run('runs', '--json')).out)).toMatchObject([
      { state: 'finished', summary: { ended_by: 'stop' } },
    ]);
  });

  it('ends with 1 and a note when one of its processes is killed', async () => {
    const { begin, folder } = await shell();
    const session = begin('run', 'pipe', ...ENDLESS);
    await session.until(() => session.err.includes('measuring starts'));
    await expect.poll(() => producerOf(folder).catch(() => 0)).toBeGreaterThan(0);
    process.kill(await producerOf(folder), 'SIGKILL');
    const { code, out, err } = await session.ended;
    expect(code).toBe(1);
    expect(err).toMatch(/ended: SIGKILL/);
    expect(out).toMatch(/signal SIGKILL/);
  });

  it('killed with -9 leaves a recording that opens, and nothing in the system', async () => {
    const { begin, folder } = await shell();
    const session = begin('run', 'shm', ...ENDLESS);
    await session.until(() => session.err.includes('measuring starts'));
    await new Promise((resolve) => setTimeout(resolve, 500));
    session.child.kill('SIGKILL');
    expect((await session.ended).signal).toBe('SIGKILL');
    const engine = await openOn(folder);
    await engine.until(() => leftovers().length === 0);
    const [run] = await engine.get('runs.list');
    expect(run).toMatchObject({ state: 'failed', summary: null });
    const recorded = await engine.get('runs.open', { id: run?.id ?? '' });
    expect(recorded.errors).toMatchObject([{ code: 'recording_truncated' }]);
    expect(recorded.hello?.mechanism).toBe('shm');
    expect(recorded.series?.rows).toBeGreaterThan(5);
    expect(recorded.latency_buckets.length).toBeGreaterThan(0);
  });

  it.each([
    [['carrier_pigeon'], /no mechanism “carrier_pigeon”[^]*pipe, .*, rpc/],
    [['pipe', '--wingspan', '3'], /no option “--wingspan”[^]*--size/],
    [['pipe', '--size', '0'], /0 is out of range for “--size”[^]*1\.\.16777216/],
    [['pipe', '--size', '17MiB'], /17MiB is out of range/],
    [['pipe', '--rate', '-1'], /-1 is out of range for “--rate”/],
    [['pipe', '--size', 'big'], /“--size” needs a whole number, not “big”/],
    [['pipe', '--size'], /“--size” has no value/],
    [['pipe', '--verify', 'maybe'], /none, sequence, full/],
    [['pipe', 'tcp'], /“tcp” is one word too many/],
    [[], /Which mechanism/],
  ])('run %j is a usage error', async (argv, sentence) => {
    const { run } = await shell();
    const { code, out, err } = await run('run', ...argv);
    expect(err).toMatch(sentence);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('says it in Korean where the locale does', async () => {
    const { run } = await shell({ LC_ALL: 'ko_KR.UTF-8' });
    expect((await run('run', 'pipe', '--size', '0')).err).toMatch(/오류: “--size”의 값 0.*범위/);
    const { out, err } = await run('run', 'pipe', ...SHORT);
    expect(out).toMatch(/무결성 +모든 메시지가 순서대로 도착/);
    expect(err).toContain('측정을 시작합니다');
  });

  it('ends with 3 where there is no helper', async () => {
    const { run } = await shell({ IPC_SCOPE_HELPER: '/nowhere/ipc-helper' });
    const { code, err } = await run('run', 'pipe');
    expect(code).toBe(3);
    expect(err).toContain('not found at /nowhere/ipc-helper');
  });
});

/** The producer's pid, as the recording tells it from its first line on. */
async function producerOf(folder: string): Promise<number> {
  const [run] = await readdir(join(folder, 'runs'));
  const text = await readFile(join(folder, 'runs', run ?? '', 'frames.ndjson'), 'utf8');
  return JSON.parse(text.split('\n')[0] ?? '').processes[0].pid;
}
