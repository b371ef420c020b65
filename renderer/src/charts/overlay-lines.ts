/** Lines of several runs over each other: their points, what they are at a place, and the places to look at. */
import { ninesOf, percentileCurve, shareOf } from '#contract/compare/percentile-curve';
import type { Followed, Stretch } from '#contract/compare/stretches';
import type { Point } from './min-max.ts';
import type { RunStyle } from './run-styles.ts';

export interface OverlayLine {
  /** Letter of the run. */
  letter: string;
  style: RunStyle;
  /** Ascending in x; a y of NaN is a gap. */
  points: readonly Point[];
}

/** Points a line has at most: two for each pixel of a wide chart. */
const MOST_POINTS = 1600;

/**
 * A figure over the measured time. Of a long run each stretch of time keeps its least and its greatest value, so that a
 * single spike is seen; where the run was paused there is a gap.
 */
export function timePoints(stretches: readonly Stretch[], figure: Followed): Point[] {
  const all: Point[] = [];
  let before: Stretch | undefined;
  for (const stretch of stretches) {
    const begins = stretch.end_s - stretch.seconds;
    if (before !== undefined && begins - before.end_s > stretch.seconds / 2) all.push({ x: begins, y: NaN });
    before = stretch;
    const y = stretch.values[figure];
    if (!Number.isNaN(y)) all.push({ x: stretch.end_s, y });
  }
  return thinned(all);
}

function thinned(points: readonly Point[]): Point[] {
  if (points.length <= MOST_POINTS) return [...points];
  const each = Math.ceil((2 * points.length) / MOST_POINTS);
  const kept: Point[] = [];
  for (let from = 0; from < points.length; from += each) {
    const part = points.slice(from, from + each);
    const gap = part.find(({ y }) => Number.isNaN(y));
    const measured = part.filter(({ y }) => !Number.isNaN(y)).sort((a, b) => a.y - b.y);
    const ends = [...new Set([measured[0], measured.at(-1), gap])].filter((point) => point !== undefined);
    kept.push(...ends.sort((a, b) => a.x - b.x));
  }
  return kept;
}

export function percentilePoints(buckets: readonly number[]): Point[] {
  return percentileCurve(buckets).map(({ nines, ns }) => ({ x: nines, y: ns }));
}

/** The line's value at the place, that of its nearest point; NaN beyond its ends. */
export function valueAt({ points }: OverlayLine, x: number): number {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined || x > last.x + 1e-9) return NaN;
  let low = 0;
  let high = points.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.x ?? Infinity) < x) low = middle + 1;
    else high = middle;
  }
  const after = points[low] ?? last;
  const before = points[Math.max(0, low - 1)] ?? first;
  return x - before.x < after.x - x ? before.y : after.y;
}

/** The greatest place of any line; 0 where there are none. */
export function endOf(lines: readonly OverlayLine[]): number {
  return Math.max(0, ...lines.map(({ points }) => points.at(-1)?.x ?? 0));
}

/** Places that the arrow keys stop at and that a table lists: the same for all lines. */
export function timeStops(lines: readonly OverlayLine[]): number[] {
  const end = endOf(lines);
  return end === 0 ? [] : Array.from({ length: 50 }, (_, i) => (end * (i + 1)) / 50);
}

/** The least, the quarters, then 90, 95, 99, 99.5 … as far as any run was measured, and the greatest of all. */
export function percentileStops(lines: readonly OverlayLine[]): number[] {
  const end = endOf(lines);
  if (end === 0) return [];
  const nines = Array.from({ length: Math.ceil(end) }, (_, i) => i + 1);
  const shares = [0, 0.25, 0.5, 0.75, ...nines.flatMap((n) => [shareOf(n), 1 - 10 ** -n / 2])];
  return [...shares.map(ninesOf).filter((place) => place < end - 1e-9), end];
}

/** `p99.9`; as many digits as the place has nines. */
export function percentileLabel(nines: number): string {
  const digits = Math.max(0, Math.ceil(nines - 1e-9) - 1);
  return `p${Number((100 * shareOf(nines)).toFixed(digits))}`;
}
