/** The chart's cursor by keyboard. */
import type { SeriesRing } from '#contract/series';
import { nearestRow, rowAt } from './min-max.ts';
import type { TimeSpan } from './time-window.ts';

/** Where a key takes the cursor: a time, NaN to take it away, undefined where the key is none of ours. */
export function cursorKey(
  key: string,
  ring: SeriesRing,
  cursor_s: number,
  span: TimeSpan,
  far: boolean,
): number | undefined {
  const time = ring.indexOf('elapsed_s');
  const first = Math.min(ring.length - 1, rowAt(ring, time, span.from));
  const last = ring.length - 1;
  const here = Number.isNaN(cursor_s) ? last : nearestRow(ring, cursor_s);
  const to = (row: number): number => ring.at(time, Math.min(last, Math.max(first, row)));
  switch (key) {
    case 'ArrowLeft':
      return to(here - (far ? 10 : 1));
    case 'ArrowRight':
      return to(here + (far ? 10 : 1));
    case 'Home':
      return to(first);
    case 'End':
      return to(last);
    case 'Escape':
      return Number.isNaN(cursor_s) ? undefined : NaN;
    default:
      return undefined;
  }
}
