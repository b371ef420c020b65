/** `ipc-scope compare` with the real helper: sessions in turns, or recorded runs, and which of them has more. */
import { describe, expect, it } from 'vitest';
import type { RunInfo } from '../../electron/contract/runs.ts';
import { leftovers } from '../support/helper.ts';
import { shell } from './support.ts';

const SHORT = ['--duration', '300ms', '--warmup', '50ms'];

interface Json {
  comparisons: {
    sentence: string;
    sides: {
      letter: string;
      name: string;
      rounds: number;
      figures: Record<string, { value: number; ratio?: number }>;
    }[];
    differing: { name: string; values: unknown[] }[];
    cautions: { code: string }[];
  }[];
}

describe('ipc-scope compare', () => {
  it('measures in turns, and tells by how much a larger message carries more', async () => {
    const { run } = await shell();
    // 64 bytes at 2,000 a second against 16 KiB at the same rate: 256 times the bytes on any machine.
    const paced = ['--rate', '2000', '--messages', '200', '--warmup', '0'];
    const { code, out, err } = await run('compare', 'pipe', '--size', '64,16KiB', '--repeat', '3', ...paced);
    expect(err).toContain('Round 3 of 3:');
    expect(out).toMatch(/^ +what +rate +ratio +bytes/);
    expect(out).toMatch(/^A +pipe · 64\u00a0B/m);
    expect(out).toMatch(/^B +pipe · 16\u00a0KiB/m);
    expect(out).toMatch(/they differ in size\.$/m);
    expect(code).toBe(0);
    const json = JSON.parse(
      (await run('compare', 'pipe', '--size', '64,16KiB', '--repeat', '2', '--json', ...paced)).out,
    ) as Json;
    const [found] = json.comparisons;
    expect(found?.sides.map(({ rounds }) => rounds)).toEqual([2, 2]);
    expect(found?.sides[1]?.figures['bytes_per_s']?.ratio).toBeGreaterThan(200);
    expect(found?.sides[1]?.figures['bytes_per_s']?.ratio).toBeLessThan(320);
    expect(found?.differing).toEqual([{ name: 'size_bytes', values: [64, 16_384] }]);
    expect(found?.cautions.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['sizes_differ', 'rate_limited']),
    );
    expect(JSON.parse((await run('runs', '--json')).out)).toEqual([]);
  });

  it('compares mechanisms once for each size', async () => {
    const { run } = await shell();
    const { out } = await run(
      'compare',
      'pipe,shm',
      '--size',
      '64,1KiB',
      '--repeat',
      '2',
      '--json',
      ...SHORT,
    );
    const { comparisons } = JSON.parse(out) as Json;
    expect(comparisons.map(({ sides }) => sides.map(({ name }) => name))).toEqual([
      ['pipe · 64\u00a0B', 'shm · 64\u00a0B'],
      ['pipe · 1\u00a0KiB', 'shm · 1\u00a0KiB'],
    ]);
    expect(comparisons[0]?.sentence).toMatch(/pipe/);
    expect(leftovers()).toEqual([]);
  });

  it('holds recorded runs against the first of them', async () => {
    const { run } = await shell();
    for (const size of ['64KiB', '64']) await run('run', 'pipe', '--size', size, ...SHORT);
    const [small, large] = JSON.parse((await run('runs', '--json')).out) as RunInfo[];
    const { code, out } = await run('compare', small?.id ?? '', large?.id ?? '');
    expect(code).toBe(0);
    const ratio = (large?.summary?.messages_per_s ?? 0) / (small?.summary?.messages_per_s ?? 1);
    expect(ratio).toBeLessThan(1);
    expect(out).toMatch(/^B \(64\u00a0KiB\) (delivers|and A)/m);
    expect(out).not.toMatch(/does not say on which machine/);
    const json = JSON.parse((await run('compare', `last,${large?.id}`, '--json')).out) as Json;
    expect(json.comparisons[0]?.sides[1]?.figures['messages_per_s']?.ratio).toBeCloseTo(ratio, 9);
  });

  it('ends in order at Ctrl-C, with what was measured until then', async () => {
    const { begin } = await shell();
    const session = begin('compare', 'pipe,shm', '--repeat', '50', '--duration', '500ms', '--warmup', '0');
    await session.until(() => session.err.includes('Round 2 of 50: shm'), 20_000);
    session.interrupt();
    const { code, out } = await session.ended;
    expect(code).toBe(130);
    expect(out).toMatch(/^B +shm/m);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    [[], /Two things at least/],
    [['pipe'], /Two things at least/],
    [['pipe,carrier_pigeon'], /no mechanism “carrier_pigeon”/],
    [['pipe,tcp', '--repeat', '1'], /2\.\.100/],
    [['pipe', 'last'], /cannot be compared in one go/],
    [['20200101-000000-pipe-0000', '20200101-000000-pipe-0001'], /20200101-000000-pipe-0000/],
    [['20200101-000000-pipe-0000'], /Two things at least/],
  ])('compare %j is a usage error', async (argv, sentence) => {
    const { run } = await shell();
    const { code, out, err } = await run('compare', ...argv);
    expect(err).toMatch(sentence);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('speaks Korean, and explains itself', async () => {
    const { run } = await shell({ LC_ALL: 'ko_KR.UTF-8' });
    const { out } = await run('compare', 'pipe', '--size', '64,1KiB', '--repeat', '2', ...SHORT);
    expect(out).toMatch(/서로 다른 설정은 메시지 크기입니다\./);
    expect((await run('compare', '--help')).out).toMatch(/사용법: ipc-scope compare/);
  });
});
