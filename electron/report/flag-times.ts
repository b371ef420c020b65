/** Which of any number of marks become flags of a picture. */
import type { Mark } from '#contract/marks';

/** Flags closer than this share of the picture are one: a few pixels, in which two could not be told apart. */
export const LEAST_SHARE = 1 / 150;

/**
 * Times, s, of the flags in a span, of marks in the order of time. Looks from flag to flag and not at every mark, so that
 * a hundred thousand of them cost no more than a hundred.
 */
export function flagTimes(marks: readonly Mark[], { from, to }: { from: number; to: number }): number[] {
  const least_s = (to - from) * LEAST_SHARE;
  const times: number[] = [];
  for (let at = firstFrom(marks, from); at < marks.length;) {
    const time_s = (marks[at]?.elapsed_ns ?? 0) / 1e9;
    if (time_s > to) break;
    times.push(time_s);
    at = Math.max(at + 1, firstFrom(marks, time_s + least_s));
  }
  return times;
}

/** Index of the first mark at or after a time. */
export function firstFrom(marks: readonly Mark[], time_s: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.elapsed_ns ?? 0) / 1e9 < time_s) low = middle + 1;
    else high = middle;
  }
  return low;
}
