import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { TickSchema } from './frames.ts';

/** Whether a tick with these buckets is taken; everything else about it is left out, and its own issue. */
function taken(buckets: unknown): boolean {
  return v.safeParse(v.pick(TickSchema, ['latency']), { latency: { kind: 'one_way', buckets } }).success;
}

describe('buckets of a tick', () => {
  it('are pairs of ascending index and count', () => {
    expect(taken([])).toBe(true);
    expect(taken([0, 1, 5, 3, 27_000, 9])).toBe(true);
  });

  it.each([
    ['an index without its count', [0, 1, 5]],
    ['an index twice', [5, 1, 5, 1]],
    ['indices that fall', [6, 1, 5, 1]],
    ['a count of nought', [5, 0]],
    ['a negative index', [-1, 1]],
    ['half a time', [5, 1.5]],
    ['text', ['5', '1']],
    ['no list', { 0: 5, 1: 1, length: 2 }],
    ['more than a number holds', [5, 2 ** 53]],
  ])('are refused with %s', (_, buckets) => {
    expect(taken(buckets)).toBe(false);
  });
});
