/** Figures that were measured several times: their middle, how far they lie apart, and whether that is too far. */

export interface Spread {
  median: number;
  least: number;
  greatest: number;
}

/** A set whose greatest rate is more than so many times its least is no measurement of anything. */
export const UNSTABLE_RATIO = 1.35;

/** NaN where there are no values. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    least: at(0),
    greatest: at(sorted.length - 1),
  };
}

/** Whether the set may be compared with others. */
export function isStable({ least, greatest }: Spread): boolean {
  return greatest <= least * UNSTABLE_RATIO;
}
