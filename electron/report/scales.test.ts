import { describe, expect, it } from 'vitest';
import {
  clockLabel,
  decades,
  linearEnd,
  linearTicks,
  logEnds,
  niceCeiling,
  thinTicks,
  timeTicks,
} from './scales.ts';

describe('ends of axes', () => {
  it.each([
    [0, 1],
    [7, 8],
    [1.2, 1.5],
    [2.1, 2.5],
    [2_600_000, 3_000_000],
    [10, 10],
  ])('%d fits below %d', (value, end) => {
    expect(niceCeiling(value)).toBe(end);
  });

  it('grow at once and shrink only when most of them stands empty', () => {
    expect(linearEnd(100, 160)).toBe(200);
    expect(linearEnd(200, 110)).toBe(200);
    expect(linearEnd(200, 90)).toBe(200);
    expect(linearEnd(200, 40)).toBe(50);
    expect(linearTicks(6)).toEqual([0, 2, 4, 6]);
    expect(linearEnd(200, NaN, 5)).toBe(5);
  });

  it('are whole decades on a logarithmic axis, two at least', () => {
    expect(logEnds(700, 80_000)).toEqual([100, 100_000]);
    expect(logEnds(1500, 1600)).toEqual([1000, 100_000]);
    expect(logEnds(Infinity, NaN)).toEqual([100, 1e6]);
    expect(decades(100, 10_000)).toEqual([100, 1000, 10_000]);
  });
});

describe('ticks', () => {
  it('divide the axis into round parts', () => {
    expect(linearTicks(5)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(linearTicks(2)).toEqual([0, 0.5, 1, 1.5, 2]);
    expect(linearTicks(2, true)).toEqual([0, 1, 2]);
  });

  it('keep both ends when there is room for few', () => {
    expect(thinTicks([0, 1, 2, 3, 4], 3)).toEqual([0, 2, 4]);
    expect(thinTicks([0, 1, 2, 3, 4, 5], 3)).toEqual([0, 5]);
    expect(thinTicks([1, 10, 100], 9)).toEqual([1, 10, 100]);
  });

  it('stand at round times', () => {
    expect(timeTicks(0, 5.2, 6)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(timeTicks(31, 61, 4)).toEqual([40, 50, 60]);
    expect(clockLabel(0.5)).toBe('0.5 s');
    expect(clockLabel(125)).toBe('2:05');
    expect(clockLabel(125.5)).toBe('2:05.5');
    expect(clockLabel(60 + 0.1 + 0.2)).toBe('1:00.3');
    expect(clockLabel(3599.99)).toBe('1:00:00');
    expect(clockLabel(3661)).toBe('1:01:01');
  });
});
