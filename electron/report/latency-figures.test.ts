import { describe, expect, it } from 'vitest';
import { bucketIndex } from '#contract/histogram';
import {
  barsOf,
  distributionFigure,
  percentileFigure,
  percentilePoints,
  percentText,
} from './latency-figures.ts';
import { reportWords } from './words.ts';

/** 900 of 1 µs, 90 of 10 µs, 9 of 100 µs and one of 1 ms. */
const buckets = [
  [1000, 900],
  [10_000, 90],
  [100_000, 9],
  [1_000_000, 1],
].flatMap(([ns = 0, times = 0]) => [bucketIndex(ns), times]);

const options = { title: 'Latency', words: reportWords.en, locale: 'en' } as const;

describe('bars of a distribution', () => {
  it('hold every time once, and add up to the whole', () => {
    const bars = barsOf(buckets);
    expect(bars.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(bars.at(-1)?.below).toBeCloseTo(1);
    const around = (ns: number): number =>
      bars.find(({ from_ns, to_ns }) => from_ns <= ns * 1.001 && ns < to_ns)?.share ?? NaN;
    expect(around(10_000)).toBeCloseTo(0.09);
  });

  it('leave out nothing in between, so that a gap is seen as one', () => {
    const bars = barsOf(buckets);
    for (const [i, { from_ns }] of bars.slice(1).entries())
      expect(from_ns).toBeCloseTo(bars[i]?.to_ns ?? NaN);
    expect(bars.filter(({ share }) => share === 0).length).toBeGreaterThan(60);
  });

  it('are none where nothing was measured, and the picture says so', () => {
    expect(barsOf([])).toEqual([]);
    expect(distributionFigure([], options).empty).toBe('No latency was measured');
    expect(percentileFigure([], options).empty).toBe('No latency was measured');
  });

  it('take a time of nought and the longest there is', () => {
    const { x } = distributionFigure([0, 1, bucketIndex(60e9), 1], options);
    expect(x.min).toBeGreaterThan(0);
    expect(x.max).toBeGreaterThan(60e9);
  });
});

it('the percentiles are marked at their times', () => {
  const { markers, x } = distributionFigure(buckets, options);
  expect(markers?.map(({ text }) => text)).toEqual(['p50', 'p90', 'p99', 'p99.9', 'max']);
  const [p50 = NaN, , p99 = NaN] = markers?.map(({ at }) => at) ?? [];
  expect(p50 / 1000).toBeCloseTo(1, 2);
  expect(p99 / 10_000).toBeCloseTo(1, 2);
  for (const { at } of markers ?? []) expect(at >= x.min && at <= x.max).toBe(true);
});

describe('percentile plot', () => {
  it('never falls, and ends where a message would have to be divided', () => {
    const points = percentilePoints(buckets);
    for (const [i, { ns }] of points.slice(1).entries())
      expect(ns).toBeGreaterThanOrEqual(points[i]?.ns ?? 0);
    expect(points.at(-1)?.share).toBeCloseTo(0.999, 9);
    expect(points.at(-1)?.ns).toBeGreaterThanOrEqual(100_000);
  });

  it('names the nines on its axis', () => {
    const { x } = percentileFigure(buckets, options);
    expect(x.ticks.map(({ text }) => text)).toEqual(['0%', '90%', '99%', '99.9%']);
  });
});

it.each([
  [0, '0%'],
  [0.9, '90%'],
  [0.9955, '99.55%'],
  [0.999, '99.9%'],
  [0.99999, '99.999%'],
  [1 - 4e-7, '99.99996%'],
  [1, '100%'],
])('%d is written %s', (share, text) => {
  expect(percentText(share, 'en')).toBe(text);
});
