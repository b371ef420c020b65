/** Numbers with their units as people read them, by Intl, for page and terminal alike. */
import type { Locale } from '../settings.ts';

const formatters = new Map<string, Intl.NumberFormat>();

function number(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = locale + JSON.stringify(options);
  let formatter = formatters.get(key);
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat(locale, options);
    formatters.set(key, formatter);
  }
  return formatter;
}

/** Three significant digits, as the histogram measures; whole numbers above 100. */
function three(value: number, locale: Locale): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return number(locale, { maximumFractionDigits: digits }).format(value);
}

/** What stands for a value that there is none of. */
export const NO_VALUE = '–';

/** The value over the largest step it reaches, with the step's unit: 1536 over 1024-steps is `1.5 KiB`. */
function scaled(value: number, locale: Locale, steps: readonly (readonly [number, string])[]): string {
  if (!Number.isFinite(value)) return NO_VALUE;
  // Compared after rounding to three digits, so that 999.7 ns is shown as 1 µs and not as 1,000 ns.
  const step = steps.findLast(([size]) => Math.abs(value) / size >= 0.9995) ?? steps[0];
  return step === undefined ? NO_VALUE : `${three(value / step[0], locale)}\u00a0${step[1]}`;
}

/** A whole count: `1,234,567`. */
export function formatCount(value: number, locale: Locale): string {
  return Number.isFinite(value) ? number(locale, { maximumFractionDigits: 0 }).format(value) : NO_VALUE;
}

/** A number without a unit, in three digits: `0.52`. */
export function formatPlain(value: number, locale: Locale): string {
  return Number.isFinite(value) ? number(locale, { maximumSignificantDigits: 3 }).format(value) : NO_VALUE;
}

/** Events per second in SI steps: `2.61 M/s`. */
export function formatRate(perSecond: number, locale: Locale): string {
  return scaled(perSecond, locale, [
    [1, '/s'],
    [1e3, 'k/s'],
    [1e6, 'M/s'],
    [1e9, 'G/s'],
  ]);
}

/** Bytes in binary steps (IEC 80000-13): `64 KiB`. */
export function formatBytes(bytes: number, locale: Locale): string {
  return scaled(bytes, locale, [
    [1, 'B'],
    [1024, 'KiB'],
    [1024 ** 2, 'MiB'],
    [1024 ** 3, 'GiB'],
    [1024 ** 4, 'TiB'],
  ]);
}

/** Bytes per second in SI steps, as bandwidth is usually given: `1.05 GB/s`. */
export function formatBytesRate(bytesPerSecond: number, locale: Locale): string {
  return scaled(bytesPerSecond, locale, [
    [1, 'B/s'],
    [1e3, 'kB/s'],
    [1e6, 'MB/s'],
    [1e9, 'GB/s'],
    [1e12, 'TB/s'],
  ]);
}

/** A time given in ns: `45.2 µs`, `2.1 s`. */
export function formatDuration(ns: number, locale: Locale): string {
  return scaled(ns, locale, [
    [1, 'ns'],
    [1e3, 'µs'],
    [1e6, 'ms'],
    [1e9, 's'],
  ]);
}

/** A share 0..1 as per cent: `12 %` in the locale's way. */
export function formatShare(share: number, locale: Locale): string {
  return Number.isFinite(share)
    ? number(locale, { style: 'percent', maximumFractionDigits: share < 0.1 ? 1 : 0 }).format(share)
    : NO_VALUE;
}

/**
 * Date and time of day to the second. Korean on a clock of 24 hours: whether ICU writes 오후 or PM there is a matter of its
 * version.
 */
export function formatMoment(ms: number, locale: Locale, dateStyle: 'medium' | 'long' = 'medium'): string {
  const clock = locale === 'ko' ? { hourCycle: 'h23' as const } : {};
  return new Intl.DateTimeFormat(locale, { dateStyle, timeStyle: 'medium', ...clock }).format(ms);
}
