/** A moment of a session in words. */
import type { Locale } from '#contract/settings';
import { formatDuration } from '#contract/text/format';
import { clockLabel } from '#report/scales';

/** Since the session's start: `0 s`, `250 ms`, `12.3 s`, and from a minute on as clocks have it, `2:05.5`. */
export function momentText(time_s: number, locale: Locale): string {
  if (time_s === 0) return '0\u00a0s';
  return time_s < 60 ? formatDuration(time_s * 1e9, locale) : clockLabel(time_s);
}
