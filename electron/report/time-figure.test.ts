import { describe, expect, it } from 'vitest';
import { SeriesRing } from '#contract/series';
import { chartSpecs, type ChartSpec } from './chart-specs.ts';
import { extremes } from './thin.ts';
import { timeFigure } from './time-figure.ts';
import { reportWords } from './words.ts';

const COLUMNS = [
  { key: 'elapsed_s', unit: 's' },
  { key: 'messages_per_s', unit: 'per_second' },
  { key: 'running_share/producer', unit: 'share' },
  { key: 'runnable_share/producer', unit: 'share' },
  { key: 'blocked_share/producer', unit: 'share' },
] as const;

function ring(rows: number, row: (n: number) => number[]): SeriesRing {
  const filled = new SeriesRing([...COLUMNS], rows);
  for (let n = 0; n < rows; n++) filled.push(row(n));
  return filled;
}

function spec(id: ChartSpec['id']): ChartSpec {
  const found = chartSpecs().find((one) => one.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

const options = {
  title: 'T',
  span: { from: 0, to: 100 },
  words: reportWords.en,
  locale: 'en',
} as const;

describe('a chart over time as a figure', () => {
  it('keeps a single spike among thousands of samples', () => {
    const samples = ring(10_000, (n) => [n / 100, n === 4321 ? 9e6 : 1000, 0, 0, 0]);
    const [line] = timeFigure(spec('messages'), samples, { ...options, stretches: 50 }).series;
    expect(line?.ys.length).toBeLessThanOrEqual(104);
    expect(Math.max(...(line?.ys ?? []))).toBe(9e6);
  });

  it('stacks the parts of a whole: the highest line is their sum', () => {
    const samples = ring(100, (n) => [n, 0, 0.25, 0.125, 0.5]);
    const { series } = timeFigure(spec('producer_time'), samples, options);
    expect(series.map(({ name, ys }) => [name, ys[50]])).toEqual([
      ['running', 0.25],
      ['waiting for a CPU', 0.375],
      ['blocked', 0.875],
    ]);
    expect(series[0]?.fillTo).toBe('axis');
    expect(series[2]?.fillTo).toEqual(series[1]?.ys);
  });

  it('takes the mean of a stretch for parts of a whole, and leaves a gap where a process had ended', () => {
    const samples = ring(1000, (n) => [n / 10, 0, n < 500 ? n % 2 : NaN, 0, 0]);
    const [running] = timeFigure(spec('producer_time'), samples, { ...options, stretches: 100 }).series;
    expect(running?.ys.length).toBeLessThanOrEqual(101);
    expect(running?.ys[10]).toBeCloseTo(0.5);
    expect(running?.ys.at(-1)).toBeNaN();
  });

  it('never says that a process did more than all the time there was', () => {
    const samples = ring(10, (n) => [n, 0, 0.7, 0.2, 0.2]);
    const { series } = timeFigure(spec('producer_time'), samples, options);
    expect(Math.max(...series.flatMap(({ ys }) => ys))).toBe(1);
  });

  it('says where nothing is measured, but not before there is anything', () => {
    const silent = ring(10, (n) => [n, NaN, 0, 0, 0]);
    expect(timeFigure(spec('messages'), silent, options).empty).toBe(reportWords.en.notMeasured);
    expect(timeFigure(spec('messages'), undefined, options).empty).toBeUndefined();
  });

  it('draws only the stretch that is looked at, and one sample beyond', () => {
    const samples = ring(100, (n) => [n, n, 0, 0, 0]);
    const { xs } = extremes(samples, 1, { from: 40, to: 50 }, 300);
    expect([xs[0], xs.at(-1)]).toEqual([39, 50]);
  });
});
