import { describe, expect, it } from 'vitest';
import {
  HIGHEST_NS,
  bucketHighest,
  bucketIndex,
  bucketLowest,
  mergeBuckets,
  quantiles,
  totalCount,
} from './histogram.ts';

describe('histogram layout', () => {
  it('holds every time in a bucket no wider than a thousandth of it', () => {
    for (let ns = 1; ns < HIGHEST_NS; ns = Math.ceil(ns * 1.37)) {
      const index = bucketIndex(ns);
      expect(bucketLowest(index)).toBeLessThanOrEqual(ns);
      expect(bucketHighest(index)).toBeGreaterThanOrEqual(ns);
      expect(bucketHighest(index) - bucketLowest(index)).toBeLessThanOrEqual(ns / 1000);
    }
  });

  it('has no gap and no overlap between neighbours', () => {
    for (let index = 0; index < bucketIndex(HIGHEST_NS); index++) {
      expect(bucketLowest(index + 1)).toBe(bucketHighest(index) + 1);
      expect(bucketIndex(bucketLowest(index))).toBe(index);
    }
  });

  it('counts a time beyond the range at its end', () => {
    expect(bucketIndex(HIGHEST_NS * 2)).toBe(bucketIndex(HIGHEST_NS));
    expect(bucketIndex(-5)).toBe(0);
  });
});

describe('quantiles', () => {
  it('agree with the sorted list, within a bucket', () => {
    const times = Array.from({ length: 5000 }, (_, i) => 100 + ((i * 7919) % 5000) * 37);
    const counts = new Map<number, number>();
    for (const ns of times) counts.set(bucketIndex(ns), (counts.get(bucketIndex(ns)) ?? 0) + 1);
    const sparse = [...counts].sort(([a], [b]) => a - b).flat();
    const sorted = [...times].sort((a, b) => a - b);
    const shares = [0.5, 0.9, 0.99, 0.999, 1];
    const found = quantiles(sparse, shares);
    shares.forEach((share, i) => {
      const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
      expect(found[i]).toBeGreaterThanOrEqual(exact);
      expect(found[i]).toBeLessThanOrEqual(exact * 1.001);
    });
  });

  it('say that there is nothing where nothing was counted', () => {
    expect(quantiles([], [0.5])).toEqual([NaN]);
  });
});

describe('mergeBuckets', () => {
  it('adds what both counted and keeps the order', () => {
    expect(mergeBuckets([1, 2, 5, 1], [0, 1, 5, 3, 9, 9])).toEqual([0, 1, 1, 2, 5, 4, 9, 9]);
    expect(totalCount(mergeBuckets([], [3, 4]))).toBe(4);
  });
});
