import { describe, expect, it } from 'vitest';
import { SeriesRing } from '#contract/series';
import { BUCKETS, hasNoValue, nearestRow, PointPool, thin } from './min-max.ts';

function ringOf(values: readonly number[], step_s = 0.05): SeriesRing {
  const ring = new SeriesRing(
    [
      { key: 'elapsed_s', unit: 's' },
      { key: 'v', unit: 'ns' },
    ],
    values.length,
  );
  values.forEach((value, i) => ring.push([i * step_s, value]));
  return ring;
}

describe('thinning', () => {
  it('keeps every sample while there are few', () => {
    const pool = new PointPool();
    expect(thin(ringOf([3, 1, 2]), 1, 0, 1, pool)).toBe(3);
    expect(pool.used.map(({ y }) => y)).toEqual([3, 1, 2]);
  });

  it('keeps a spike that a long session merged with its neighbours', () => {
    const columns = [
      { key: 'elapsed_s', unit: 's' },
      { key: 'v', unit: 'ns' },
    ] as const;
    const ring = new SeriesRing(columns, 100);
    for (let i = 0; i < 5000; i++) ring.push([i * 0.05, i === 1234 ? 9_999 : 100]);
    const pool = new PointPool();
    expect(thin(ring, 1, 0, 500, pool)).toBe(9_999);
    expect(pool.used.some(({ x, y }) => y === 9_999 && Math.abs(x - 1234 * 0.05) < 10)).toBe(true);
    expect(pool.used.some(({ y }) => y === 100)).toBe(true);
  });

  it('keeps a single spike among ten thousand samples, at its own time', () => {
    const values = Array.from({ length: 10_000 }, () => 100);
    values[7_777] = 9_999;
    const pool = new PointPool();
    const ring = ringOf(values);
    expect(thin(ring, 1, 0, 500, pool)).toBe(9_999);
    expect(pool.used.length).toBeLessThanOrEqual(2 * (BUCKETS + 1));
    const spike = pool.used.find(({ y }) => y === 9_999);
    expect(spike?.x).toBeCloseTo(7_777 * 0.05);
  });

  it('keeps time in order and leaves out what was not measured', () => {
    const values = Array.from({ length: 5_000 }, (_, i) => (i % 7 === 0 ? NaN : Math.sin(i)));
    const pool = new PointPool();
    thin(ringOf(values), 1, 0, 250, pool);
    for (let i = 1; i < pool.used.length; i++) {
      expect(pool.used[i]?.x).toBeGreaterThanOrEqual(pool.used[i - 1]?.x ?? 0);
      expect(pool.used[i]?.y).not.toBeNaN();
    }
  });

  it('moves the points it has made before instead of making new ones', () => {
    const pool = new PointPool();
    thin(ringOf([1, 2, 3]), 1, 0, 1, pool);
    const [first] = pool.used;
    thin(ringOf([7, 8, 9]), 1, 0, 1, pool);
    expect(pool.used[0]).toBe(first);
    expect(first?.y).toBe(7);
  });

  it('answers NaN where nothing was measured', () => {
    const ring = ringOf([NaN, NaN]);
    expect(thin(ring, 1, 0, 1, new PointPool())).toBeNaN();
    expect(hasNoValue(ring, 1)).toBe(true);
    expect(hasNoValue(ringOf([NaN, 4]), 1)).toBe(false);
  });
});

describe('the nearest row', () => {
  it('is the one closest in time', () => {
    const ring = ringOf([1, 2, 3, 4], 1);
    expect(nearestRow(ring, 1.4)).toBe(1);
    expect(nearestRow(ring, 1.6)).toBe(2);
    expect(nearestRow(ring, -5)).toBe(0);
    expect(nearestRow(ring, 50)).toBe(3);
  });
});
