/** The samples behind a chart as a table that a person can read: at most so many rows, each one stretch of time. */
import type { SeriesRing } from '#contract/series';
import { rowAt } from './min-max.ts';
import type { TimeSpan } from './time-window.ts';

export interface TableRow {
  time_s: number;
  values: number[];
}

/** The last value of a stretch for each column; for those whose peaks matter (`ns`), the greatest. */
export function tableRows(ring: SeriesRing, keys: readonly string[], span: TimeSpan, most = 60): TableRow[] {
  const time = ring.indexOf('elapsed_s');
  const first = rowAt(ring, time, span.from);
  const end = Math.min(ring.length, rowAt(ring, time, span.to + 1e-9));
  const stride = Math.max(1, Math.ceil((end - first) / most));
  const columns = keys.map((key) => ring.indexOf(key));
  const rows: TableRow[] = [];
  for (let from = first; from < end; from += stride) {
    const last = Math.min(end, from + stride) - 1;
    const values = columns.map((column) => {
      if (ring.columns[column]?.unit !== 'ns') return ring.at(column, last);
      let greatest = NaN;
      for (let row = from; row <= last; row++) {
        const value = ring.highAt(column, row);
        if (!(value <= greatest) && !Number.isNaN(value)) greatest = value;
      }
      return greatest;
    });
    rows.push({ time_s: ring.at(time, last), values });
  }
  return rows;
}
