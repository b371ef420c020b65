/** `ipc-scope sweep` with the real helper: the table, files, interruption, and going on after kill -9. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SweepInfo, SweepSnapshot } from '../../electron/contract/sweep.ts';
import { leftovers } from '../support/helper.ts';
import { shell } from './support.ts';

const SMALL = ['pipe,shm', '--size', '64,1KiB', '--duration', '60ms', '--warmup', '0', '--repeat', '2'];
const STEPS = 8;

describe('ipc-scope sweep', () => {
  it('prints one row a combination on stdout, progress on stderr, and writes both files', async () => {
    const { run, folder } = await shell();
    const markdown = join(folder, 'table.md');
    const csv = join(folder, 'table.csv');
    const { code, out, err } = await run('sweep', ...SMALL, '--markdown', markdown, '--csv', csv);
    expect(code).toBe(0);
    expect(err).toContain(`${STEPS} measurements of 4 combinations`);
    expect(err).toContain('Pass 2 of 2');
    expect(out).toMatch(/^\d{8}-\d{6}-sweep-[0-9a-f]+\n/);
    for (const row of [/^pipe +stream +64\sB +[\d.]/m, /^shm +stream +1\sKiB +[\d.]/m])
      expect(out).toMatch(row);
    expect(await readFile(markdown, 'utf8')).toContain('| pipe |');
    expect((await readFile(csv, 'utf8')).trimEnd().split('\r\n')).toHaveLength(STEPS + 1);
    // A sweep does not flood the list of runs.
    expect(JSON.parse((await run('runs', '--json')).out)).toEqual([]);
    expect((await run('sweep', 'list')).out).toMatch(/finished +4 +8\/8 +0/);
    expect((await run('sweep', 'show', 'last')).out).toBe(out);
    expect((await run('sweep', 'delete', 'last')).code).toBe(0);
    expect(JSON.parse((await run('sweep', 'list', '--json')).out)).toEqual([]);
  });

  it('--json prints every measurement and the statistics of each combination, and nothing else', async () => {
    const { run } = await shell();
    const { code, out } = await run('sweep', ...SMALL, '--json');
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(1);
    const sweep = JSON.parse(out) as SweepSnapshot;
    expect(sweep.results).toHaveLength(STEPS);
    expect(sweep.plan.cells[0]).toMatchObject({
      mechanism: 'pipe',
      size_bytes: 64,
      measured: 2,
      figures: { messages_per_s: { median: expect.any(Number) } },
    });
  });

  it('Ctrl-C keeps what is done, ends with 130, and resume measures the rest', async () => {
    const { begin, run } = await shell();
    const first = begin('sweep', ...SMALL, '--duration', '200ms');
    await first.until(() => first.err.includes('Pass 2 of 2'), 20_000);
    first.interrupt();
    const { code, err } = await first.ended;
    expect(code).toBe(130);
    expect(err).toContain('sweep resume');
    expect(leftovers()).toEqual([]);
    const [info] = JSON.parse((await run('sweep', 'list', '--json')).out) as SweepInfo[];
    expect(info).toMatchObject({ state: 'interrupted', failed: 0, steps: STEPS });
    expect(info?.done).toBeGreaterThanOrEqual(STEPS / 2);
    const resumed = await run('sweep', 'resume', 'last');
    expect(resumed.code).toBe(0);
    expect((await run('sweep', 'list')).out).toMatch(/finished +4 +8\/8 +0/);
  });

  it('goes on after kill -9 with nothing lost and nothing measured twice', async () => {
    const { begin, run } = await shell();
    const first = begin('sweep', ...SMALL, '--duration', '200ms');
    await first.until(() => first.err.includes('Pass 2 of 2'), 20_000);
    first.child.kill('SIGKILL');
    await first.ended;
    const before = JSON.parse((await run('sweep', 'show', 'last', '--json')).out) as SweepSnapshot;
    expect(before.info.state).toBe('interrupted');
    expect(before.results.length).toBeGreaterThanOrEqual(STEPS / 2);
    const { code, out } = await run('sweep', 'resume', before.info.id, '--json');
    expect(code).toBe(0);
    const { results } = JSON.parse(out) as SweepSnapshot;
    expect(results.slice(0, before.results.length)).toEqual(before.results);
    expect(new Set(results.map(({ cell, repetition }) => `${cell} ${repetition}`)).size).toBe(STEPS);
    expect(results).toHaveLength(STEPS);
  });

  it('names what is left out, and refuses what it does not know', async () => {
    const { run } = await shell();
    const left = await run('sweep', 'pipe,signal', '--size', '64', '--duration', '50ms', '--repeat', '1');
    expect(left.code).toBe(0);
    expect(left.err).toContain('Left out: signal, stream, 64');
    const refused: [string[], string][] = [
      [['smoke'], 'pipe, fifo'],
      [['pipe', '--size', '64,potato'], '1..16777216'],
      [['pipe', '--repeat', '51'], '1..50'],
      [['pipe', '--duration', 'unlimited'], '50..600000'],
      [['pipe', '--pattern', 'dialogue'], 'stream, pingpong'],
      [['pipe/magic'], 'plain, tuned'],
      [['pipe', '--bogus'], '--verify'],
      [['pipe', '--markdown'], 'FILE'],
      [['resume', '20260101-000000-sweep-0000'], 'no sweep'],
      [['resume'], 'Which sweep'],
      [['list', 'all'], 'one word too many'],
      [[], 'Which mechanisms'],
    ];
    for (const [argv, said] of refused) {
      const { code, err } = await run('sweep', ...argv);
      expect(err, argv.join(' ')).toContain(said);
      expect(code, argv.join(' ')).toBe(2);
    }
  });

  it('speaks Korean to who reads Korean', async () => {
    const { run } = await shell({ LC_ALL: 'ko_KR.UTF-8' });
    const { out, err } = await run('sweep', 'pipe', '--size', '64', '--duration', '50ms', '--repeat', '1');
    expect(err).toMatch(/조합 1개를 모두 1회 측정/);
    expect(out).toContain('초당 메시지');
  });
});
