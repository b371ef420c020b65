/**
 * The latency histogram's layout and arithmetic: HdrHistogram's log-linear buckets, unit 1 ns, 3 significant digits,
 * up to 60 s (Tene, https://hdrhistogram.org). native/src/measure/histogram.hpp holds the same layout.
 *
 * Indices 0..2047 are single ns; each further group of 1024 covers one doubling with 1024 equal steps, so that a
 * bucket is never wider than 0.1 % of its value.
 */
const LINEAR = 2048;
const HALF = LINEAR / 2;

/** The longest time that is told apart; longer ones are counted there. */
export const HIGHEST_NS = 60_000_000_000;

/** The bucket of a time in ns. */
export function bucketIndex(ns: number): number {
  const value = Math.min(Math.max(0, Math.floor(ns)), HIGHEST_NS);
  if (value < LINEAR) return value;
  const shift = Math.floor(Math.log2(value)) - 10;
  return shift * HALF + Math.floor(value / 2 ** shift);
}

/** The least time, in ns, that falls into the bucket. */
export function bucketLowest(index: number): number {
  if (index < LINEAR) return index;
  const shift = Math.floor(index / HALF) - 1;
  return ((index % HALF) + HALF) * 2 ** shift;
}

/** The greatest time, in ns, that falls into the bucket. */
export function bucketHighest(index: number): number {
  return bucketLowest(index + 1) - 1;
}

/** Sparse buckets as they travel in a tick: index, count, index, count …, ascending. */
export type SparseBuckets = readonly number[];

/** Number of times counted. */
export function totalCount(buckets: SparseBuckets): number {
  let total = 0;
  for (let i = 1; i < buckets.length; i += 2) total += buckets[i] ?? 0;
  return total;
}

/**
 * The times, in ns, below which the given shares (0..1, ascending) of all counted times lie; NaN where nothing was
 * counted. Answers the greatest value of the bucket, as HdrHistogram does, so a percentile is never flattered.
 */
export function quantiles(buckets: SparseBuckets, shares: readonly number[]): number[] {
  const total = totalCount(buckets);
  if (total === 0) return shares.map(() => NaN);
  const answers: number[] = [];
  let seen = 0;
  let at = 0;
  for (const share of shares) {
    const wanted = Math.max(1, Math.ceil(share * total));
    while (at < buckets.length && seen + (buckets[at + 1] ?? 0) < wanted) {
      seen += buckets[at + 1] ?? 0;
      at += 2;
    }
    answers.push(bucketHighest(buckets[Math.min(at, buckets.length - 2)] ?? 0));
  }
  return answers;
}

/** Two sparse histograms as one. */
export function mergeBuckets(a: SparseBuckets, b: SparseBuckets): number[] {
  const merged: number[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = i < a.length ? (a[i] ?? 0) : Infinity;
    const right = j < b.length ? (b[j] ?? 0) : Infinity;
    const index = Math.min(left, right);
    let count = 0;
    if (left === index) {
      count += a[i + 1] ?? 0;
      i += 2;
    }
    if (right === index) {
      count += b[j + 1] ?? 0;
      j += 2;
    }
    merged.push(index, count);
  }
  return merged;
}
