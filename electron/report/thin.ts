/** Samples of a stretch of time, thinned to what a picture can show. */
import type { SeriesRing } from '#contract/series';

export interface Stretch {
  /** Times, s, ascending. */
  xs: number[];
  ys: number[];
}

interface Span {
  from: number;
  to: number;
}

/** Rows within the span and one on either side, so that a line reaches out of the picture. */
function rowsOf(ring: SeriesRing, { from, to }: Span): [first: number, last: number] {
  const time = ring.indexOf('elapsed_s');
  const at = (wanted: number): number => {
    let [low, high] = [0, ring.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ring.at(time, middle) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return [Math.max(0, at(from) - 1), Math.min(ring.length - 1, at(to))];
}

/**
 * The values of a column; where there are many, of each of so many stretches the least and the greatest, so that no
 * single spike is lost. Moments without a value are left out.
 */
export function extremes(ring: SeriesRing, column: number, span: Span, stretches: number): Stretch {
  const [first, last] = rowsOf(ring, span);
  const time = ring.indexOf('elapsed_s');
  const step = last - first + 1 > 2 * stretches ? (span.to - span.from) / stretches : 0;
  const kept: Stretch = { xs: [], ys: [] };
  let here = NaN;
  let low = -1;
  let high = -1;
  const flush = (): void => {
    for (const row of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
      if (row < 0) continue;
      kept.xs.push(ring.at(time, row));
      kept.ys.push(ring.at(column, row));
    }
    low = high = -1;
  };
  for (let row = first; row <= last; row++) {
    const y = ring.at(column, row);
    if (Number.isNaN(y)) continue;
    const stretch = step === 0 ? row : Math.floor(ring.at(time, row) / step);
    if (stretch !== here) flush();
    here = stretch;
    if (low < 0 || y < ring.at(column, low)) low = row;
    if (high < 0 || y > ring.at(column, high)) high = row;
  }
  flush();
  return kept;
}

/**
 * The means of several columns over the same stretches, so that they can be stacked; NaN for a stretch in which a
 * column has no value, which is a process that had ended.
 */
export function means(
  ring: SeriesRing,
  columns: readonly number[],
  span: Span,
  stretches: number,
): Stretch[] {
  const [first, last] = rowsOf(ring, span);
  const time = ring.indexOf('elapsed_s');
  const step = last - first + 1 > stretches ? (span.to - span.from) / stretches : 0;
  const xs: number[] = [];
  const kept = columns.map((): number[] => []);
  const sums = new Float64Array(columns.length);
  let [here, times, counted] = [NaN, 0, 0];
  const flush = (): void => {
    if (counted === 0) return;
    xs.push(times / counted);
    kept.forEach((ys, i) => ys.push((sums[i] ?? NaN) / counted));
    sums.fill(0);
    times = counted = 0;
  };
  // Plain loops: half an hour of samples is drawn many times a second.
  for (let row = first; row <= last; row++) {
    const time_s = ring.at(time, row);
    const stretch = step === 0 ? row : Math.floor(time_s / step);
    if (stretch !== here) flush();
    here = stretch;
    for (let i = 0; i < columns.length; i++) {
      sums[i] = (sums[i] ?? 0) + ring.at(columns[i] ?? -1, row);
    }
    times += time_s;
    counted++;
  }
  flush();
  return kept.map((ys) => ({ xs, ys }));
}
