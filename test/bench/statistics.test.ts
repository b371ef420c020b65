/** Medians, intervals, ratios and the order of runs. */
import { describe, expect, it } from 'vitest';
import { isStable, medianInterval, ratios, rotated, spread } from './statistics.js';

describe('spread', () => {
  it('takes the middle one, or the mean of the two in the middle', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spread([4, 1, 2, 3]).median).toBe(2.5);
    expect(spread([]).median).toBeNaN();
  });

  it('calls a set unstable whose greatest is more than 1.35 times its least', () => {
    expect(isStable(spread([1, 1.35]))).toBe(true);
    expect(isStable(spread([1, 1.36]))).toBe(false);
  });
});

describe('medianInterval', () => {
  it('holds the median, is as narrow as the values, and always the same', () => {
    const values = [1, 1.01, 1.02, 0.99, 0.98, 1, 1.03];
    const { low, high } = medianInterval(values);
    expect(low).toBeGreaterThanOrEqual(0.98);
    expect(low).toBeLessThanOrEqual(1);
    expect(high).toBeGreaterThanOrEqual(1);
    expect(high).toBeLessThanOrEqual(1.03);
    expect(medianInterval(values)).toEqual({ low, high });
    expect(medianInterval([2, 2, 2])).toEqual({ low: 2, high: 2 });
  });
});

describe('ratios', () => {
  it('compares round by round, and leaves out rounds in which either is missing', () => {
    expect(ratios([10, 20, null, 40], [5, null, 5, 80])).toEqual([2, 0.5]);
    expect(ratios([1, 2], [])).toEqual([]);
    expect(ratios([1], [0])).toEqual([]);
  });
});

describe('rotated', () => {
  it('begins with another one in each round, and everybody takes part in all', () => {
    const names = ['plain', 'tuned', 'bare'];
    const firsts = [0, 1, 2].map((round) => rotated(names, round)[0]);
    expect(firsts).toEqual(names);
    for (let round = 0; round < 12; round++)
      expect(rotated(names, round).toSorted()).toEqual(names.toSorted());
  });

  it('turns round after each lap, so that nobody always runs after the same one', () => {
    const names = ['a', 'b', 'c'];
    const before = (round: number): (string | undefined)[] =>
      rotated(names, round).map((_, i, order) => (order[i] === 'b' ? order[i - 1] : undefined));
    const all = new Set([0, 1, 2, 3, 4, 5].flatMap(before).filter(Boolean));
    expect(all).toEqual(new Set(['a', 'c']));
    expect(rotated([], 3)).toEqual([]);
    expect(rotated(names, 0)).toEqual(names);
  });
});
