import { describe, expect, it } from 'vitest';
import type { SweepResult } from './sweep.ts';
import { quartilesOf, statisticsOf, timeLeft } from './sweep-results.ts';

function result(
  cell: number,
  repetition: number,
  rate: number,
  more: Partial<SweepResult> = {},
): SweepResult {
  const figures = {
    messages: rate,
    messages_per_s: rate,
    bytes_per_s: rate * 64,
    latency_kind: 'one_way' as const,
    samples: 10,
    p50_ns: 1000 + rate,
    p99_ns: 9000,
    faults: 0,
    warnings: [],
  };
  return { cell, repetition, began_ms: 0, took_ms: 100, figures, error: null, ...more };
}

const error = { code: 'peer_failed' as const, message: 'm', remedy: 'r' };

describe('five numbers', () => {
  it('are those of R and NumPy', () => {
    expect(quartilesOf([4, 1, 3, 2])).toEqual({ least: 1, q1: 1.75, median: 2.5, q3: 3.25, greatest: 4 });
    expect(quartilesOf([7])).toEqual({ least: 7, q1: 7, median: 7, q3: 7, greatest: 7 });
    expect(quartilesOf([])).toEqual({ least: NaN, q1: NaN, median: NaN, q3: NaN, greatest: NaN });
    expect(quartilesOf([NaN, 2])).toMatchObject({ least: 2, greatest: 2 });
  });
});

describe('the statistics of a cell', () => {
  it('are over its own repetitions, in whatever order they came', () => {
    const [first, second] = statisticsOf(2, [result(1, 0, 5), result(0, 1, 110), result(0, 0, 100)]);
    expect(first?.figures.messages_per_s).toMatchObject({ least: 100, median: 105, greatest: 110 });
    expect(first).toMatchObject({ measured: 2, failed: 0, ratio: 1.1, unstable: false, error: null });
    expect(second).toMatchObject({ measured: 1, ratio: NaN, unstable: false });
  });

  it('mark what lies further apart than 1.35 times', () => {
    const unstable = (...rates: number[]) =>
      statisticsOf(
        1,
        rates.map((rate, i) => result(0, i, rate)),
      )[0]?.unstable;
    expect(unstable(100, 135)).toBe(false);
    expect(unstable(100, 136)).toBe(true);
    expect(unstable(100)).toBe(false);
    expect(unstable(0, 100)).toBe(true);
  });

  it('count what failed, and say why, without letting it into the figures', () => {
    const [cell] = statisticsOf(1, [result(0, 0, 100), result(0, 1, 0, { figures: null, error })]);
    expect(cell).toMatchObject({ measured: 1, failed: 1, error: { code: 'peer_failed' } });
    expect(cell?.figures.messages_per_s.median).toBe(100);
  });

  it('say nothing of latency where none was taken', () => {
    const silent = result(0, 0, 100);
    if (silent.figures !== null) silent.figures.samples = 0;
    expect(statisticsOf(1, [silent])[0]?.figures.p50_ns.median).toBeNaN();
  });

  it('are there for cells that nothing is known of yet', () => {
    expect(statisticsOf(2, [])).toMatchObject([{ measured: 0 }, { measured: 0 }]);
  });
});

describe('the time that is left', () => {
  const left = [
    { cell: 0, repetition: 1 },
    { cell: 1, repetition: 1 },
    { cell: 2, repetition: 0 },
  ];
  it('is what was asked for, until something was measured', () => {
    expect(timeLeft(left, [], 500)).toBe(1500);
  });
  it('follows each cell’s own time, and the mean for those not measured yet', () => {
    const results = [result(0, 0, 1, { took_ms: 100 }), result(1, 0, 1, { took_ms: 300 })];
    expect(timeLeft(left, results, 500)).toBe(100 + 300 + 200);
  });
  it('is nothing at the end', () => {
    expect(timeLeft([], [result(0, 0, 1)], 500)).toBe(0);
  });
});
