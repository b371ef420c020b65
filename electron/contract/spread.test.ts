import { describe, expect, it } from 'vitest';
import { isStable, spreadOf } from './spread.ts';

describe('the spread of repeated figures', () => {
  it('is their middle and their ends, in whatever order they came', () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, least: 1, greatest: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, least: 1, greatest: 4 });
    expect(spreadOf([7])).toEqual({ median: 7, least: 7, greatest: 7 });
    expect(spreadOf([])).toEqual({ median: NaN, least: NaN, greatest: NaN });
  });

  it('is too wide above 1.35, and of nothing at all', () => {
    expect(isStable(spreadOf([100, 120, 135]))).toBe(true);
    expect(isStable(spreadOf([100, 120, 136]))).toBe(false);
    expect(isStable(spreadOf([]))).toBe(false);
  });
});
