import { expect, it } from 'vitest';
import type { Mark } from '#contract/marks';
import { markNear } from './flags.ts';

const at = (...times: number[]): Mark[] =>
  times.map((time_s, i) => ({ id: `mark${i}`, elapsed_ns: time_s * 1e9, text: '' }));

it('finds the mark that is pointed at', () => {
  const marks = at(1, 2, 8);
  const span = { from: 0, to: 10 };
  expect(markNear(marks, 2.05, span)?.id).toBe('mark1');
  expect(markNear(marks, 7.95, span)?.id).toBe('mark2');
  expect(markNear(marks, 5, span)).toBeUndefined();
  expect(markNear(marks, NaN, span)).toBeUndefined();
});
