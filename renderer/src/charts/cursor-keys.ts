/** The chart's cursor by keyboard. */
import type { SeriesRing } from '#contract/series';
import { nearestRow, rowAt } from './min-max.ts';
import type { TimeSpan } from './time-window.ts';

/**
 * Where a key takes the cursor: a time, NaN to take it away, undefined where the key is none of ours. Home and End stay in
 * the span; the arrows go on beyond it as far as there are samples.
 */
export function cursorKey(
  key: string,
  ring: SeriesRing,
  cursor_s: number,
  span: TimeSpan,
  far: boolean,
): number | undefined {
  const time = ring.indexOf('elapsed_s');
  const newest = ring.length - 1;
  const first = Math.min(newest, rowAt(ring, time, span.from));
  const last = Math.min(newest, Math.max(first, rowAt(ring, time, span.to + 1e-9) - 1));
  const here = Number.isNaN(cursor_s) ? last : nearestRow(ring, cursor_s);
  const to = (row: number): number => ring.at(time, Math.min(newest, Math.max(0, row)));
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
