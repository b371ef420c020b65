import { describe, expect, it } from 'vitest';
import type { Stretch } from '#contract/compare/stretches';
import {
  percentileLabel,
  percentilePoints,
  percentileStops,
  timePoints,
  timeStops,
  valueAt,
  type OverlayLine,
} from './overlay-lines.ts';
import { runStyle } from './run-styles.ts';

const stretch = (end_s: number, rate: number, seconds = 0.05): Stretch => ({
  end_s,
  seconds,
  values: { messages_per_s: rate, bytes_per_s: 0, p50_ns: NaN, p90_ns: NaN, p99_ns: NaN, p99_9_ns: NaN },
});
const line = (points: OverlayLine['points']): OverlayLine => ({ letter: 'A', style: runStyle(0), points });

describe('lines over each other', () => {
  it('have a gap where a run was paused, and nothing where nothing was measured', () => {
    const points = timePoints([stretch(0.05, 10), stretch(0.1, 20), stretch(1.1, 30)], 'messages_per_s');
    expect(points.map(({ x }) => Number(x.toFixed(3)))).toEqual([0.05, 0.1, 1.05, 1.1]);
    expect(points[2]?.y).toBeNaN();
    expect(timePoints([stretch(0.05, 10)], 'p99_ns')).toEqual([]);
  });

  it('keep every spike of a run of hours, in few points', () => {
    const stretches = Array.from({ length: 20_000 }, (_, i) =>
      stretch((i + 1) * 0.05, i === 12_345 ? 999 : 5 + (i % 3)),
    );
    const points = timePoints(stretches, 'messages_per_s');
    expect(points.length).toBeLessThan(1700);
    expect(Math.max(...points.map(({ y }) => y))).toBe(999);
    points.forEach(({ x }, i) => expect(x).toBeGreaterThan(points[i - 1]?.x ?? 0));
  });

  it('say what they are at a place, and nothing beyond their end', () => {
    const own = line([
      { x: 1, y: 10 },
      { x: 2, y: 20 },
    ]);
    expect(valueAt(own, 1.4)).toBe(10);
    expect(valueAt(own, 1.6)).toBe(20);
    expect(valueAt(own, 0)).toBe(10);
    expect(valueAt(own, 2.1)).toBeNaN();
    expect(valueAt(line([]), 1)).toBeNaN();
  });

  it('stop where all of them can be compared', () => {
    const long = line([
      { x: 0.05, y: 1 },
      { x: 10, y: 1 },
    ]);
    expect(timeStops([long]).at(-1)).toBe(10);
    const curve = line(percentilePoints([100, 990, 5000, 10]));
    expect(percentileStops([curve]).map(percentileLabel)).toEqual([
      'p0',
      'p25',
      'p50',
      'p75',
      'p90',
      'p95',
      'p99',
      'p99.5',
      'p99.9',
    ]);
    expect(valueAt(curve, 1)).toBe(100);
    expect(valueAt(curve, 3)).toBeGreaterThanOrEqual(5000);
    expect(timeStops([])).toEqual([]);
    expect(percentileStops([line([])])).toEqual([]);
  });

  it('name a percentile with as many digits as it has nines', () => {
    expect([0, Math.log10(2), 1, 2, 3, 4, 2.3].map(percentileLabel)).toEqual([
      'p0',
      'p50',
      'p90',
      'p99',
      'p99.9',
      'p99.99',
      'p99.5',
    ]);
  });
});
