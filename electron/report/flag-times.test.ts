import { expect, it } from 'vitest';
import type { Mark } from '#contract/marks';
import { firstFrom, flagTimes } from './flag-times.ts';

const at = (...times: number[]): Mark[] =>
  times.map((time_s, i) => ({ id: `mark${i}`, elapsed_ns: time_s * 1e9, text: '' }));

it('shows the marks in view and no others', () => {
  expect(flagTimes(at(1, 5, 9, 20), { from: 4, to: 10 })).toEqual([5, 9]);
  expect(flagTimes([], { from: 0, to: 10 })).toEqual([]);
  expect(flagTimes(at(4, 10), { from: 4, to: 10 })).toEqual([4, 10]);
});

it('draws one flag where several could not be told apart', () => {
  expect(flagTimes(at(1, 1, 1.01, 5), { from: 0, to: 10 })).toEqual([1, 5]);
});

it('draws few of a hundred thousand, and finds them without looking at each', () => {
  const marks = at(...Array.from({ length: 100_000 }, (_, i) => i / 1000));
  let looked = 0;
  const watched = new Proxy(marks, {
    get(target, key, receiver): unknown {
      if (typeof key === 'string' && /^\d+$/.test(key)) looked++;
      return Reflect.get(target, key, receiver);
    },
  });
  const flags = flagTimes(watched, { from: 0, to: 100 });
  expect(flags.length).toBeGreaterThan(100);
  expect(flags.length).toBeLessThanOrEqual(151);
  expect(looked).toBeLessThan(5000);
});

it('finds the first mark from a time on', () => {
  expect(firstFrom(at(1, 2, 2, 3), 2)).toBe(1);
  expect(firstFrom(at(1, 2), 5)).toBe(2);
});
