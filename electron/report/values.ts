/** Values of a column in words. */
import type { ColumnUnit } from '#contract/series';
import type { Locale } from '#contract/settings';
import {
  formatBytes,
  formatBytesRate,
  formatCount,
  formatDuration,
  formatRate,
  formatShare,
} from '#contract/text/format';

const formats: Record<ColumnUnit, (value: number, locale: Locale) => string> = {
  s: (value, locale) => formatDuration(value * 1e9, locale),
  per_second: formatRate,
  bytes_per_second: formatBytesRate,
  ns: formatDuration,
  bytes: formatBytes,
  messages: formatCount,
  share: formatShare,
  count: formatCount,
};

export function formatValue(value: number, unit: ColumnUnit, locale: Locale): string {
  return formats[unit](value, locale);
}
