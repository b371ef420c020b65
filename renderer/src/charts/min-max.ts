/**
 * Thins a column of samples to what a chart can show. Each stretch of time keeps its least and its greatest value, so a
 * single spike survives however many samples share its pixel (an average or LTTB could drop it).
 */
import type { SeriesRing } from '#contract/series';

export interface Point {
  x: number;
  y: number;
}

/**
 * The points of one chart line, made once and moved for ever after. `used` is written by index and its length set:
 * Chart.js watches `push` and its like on the arrays it draws, and would look through all of them at every point.
 */
export class PointPool {
  readonly #points: Point[] = [];
  /** What Chart.js draws: the first points of the pool. */
  readonly used: Point[] = [];
  #count = 0;

  clear(): void {
    this.#count = 0;
  }

  add(x: number, y: number): void {
    const at = this.#count++;
    let point = this.#points[at];
    if (point === undefined) {
      point = { x, y };
      this.#points[at] = point;
    } else {
      point.x = x;
      point.y = y;
    }
    this.used[at] = point;
  }

  /** After the last point: leaves out what an earlier, longer line had. */
  close(): void {
    this.used.length = this.#count;
  }
}

export const BUCKETS = 300;

/**
 * Fills the pool with the samples whose time lies within `from`..`to`, and answers the greatest value among them
 * (NaN where there is none). Stretches are counted from time nought, so that they do not shift as the window moves on.
 */
export function thin(
  ring: SeriesRing,
  column: number,
  from: number,
  to: number,
  pool: PointPool,
  buckets = BUCKETS,
): number {
  pool.clear();
  const time = ring.indexOf('elapsed_s');
  // One sample on either side reaches out of the picture, so that the line does too.
  const first = Math.max(0, rowAt(ring, time, from) - 1);
  const last = Math.min(ring.length - 1, rowAt(ring, time, to));
  const step = last - first + 1 > 2 * buckets ? (to - from) / buckets : 0;
  let greatest = NaN;
  let bucket = NaN;
  let lowX = 0;
  let lowY = NaN;
  let highX = 0;
  let highY = NaN;
  const flush = (): void => {
    if (Number.isNaN(lowY)) return;
    if (lowX <= highX) pool.add(lowX, lowY);
    if (lowX !== highX || lowY !== highY) pool.add(highX, highY);
    if (lowX > highX) pool.add(lowX, lowY);
    lowY = highY = NaN;
  };
  for (let row = first; row <= last; row++) {
    const y = ring.at(column, row);
    if (Number.isNaN(y)) continue;
    const x = ring.at(time, row);
    // A row of a long session stands for several samples.
    const least = ring.lowAt(column, row);
    const most = ring.highAt(column, row);
    if (!(most <= greatest)) greatest = most;
    if (step === 0) {
      pool.add(x, least);
      if (most !== least) pool.add(x, most);
      continue;
    }
    const here = Math.floor(x / step);
    if (here !== bucket) {
      flush();
      bucket = here;
    }
    if (!(least >= lowY)) {
      lowX = x;
      lowY = least;
    }
    if (!(most <= highY)) {
      highX = x;
      highY = most;
    }
  }
  flush();
  pool.close();
  return greatest;
}

/** The first row whose time is at least `time_s`; the ring's length where there is none. */
export function rowAt(ring: SeriesRing, timeColumn: number, time_s: number): number {
  let low = 0;
  let high = ring.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ring.at(timeColumn, middle) < time_s) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The row nearest to a time; -1 in an empty ring. */
export function nearestRow(ring: SeriesRing, time_s: number): number {
  if (ring.length === 0) return -1;
  const time = ring.indexOf('elapsed_s');
  const after = Math.min(ring.length - 1, rowAt(ring, time, time_s));
  const before = Math.max(0, after - 1);
  return time_s - ring.at(time, before) < ring.at(time, after) - time_s ? before : after;
}

/** Whether a column held nothing whenever one looks: at the start, in the middle and at the end. */
export function hasNoValue(ring: SeriesRing, column: number): boolean {
  const looks = Math.min(ring.length, 64);
  for (let i = 0; i < looks; i++) {
    if (!Number.isNaN(ring.at(column, Math.floor((i * ring.length) / looks)))) return false;
  }
  return true;
}
