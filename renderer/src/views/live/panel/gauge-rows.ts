/** What the system tells of an OS object besides its fill, in words; the end of a gauge's name is its unit. */
import type { Locale } from '#contract/settings';
import { formatBytes, formatCount, formatDuration } from '#contract/text/format';
import { gaugeWord } from '../../../text/words.ts';
import type { Entry } from './FigureList.svelte';

function valueText(name: string, value: number, locale: Locale): string {
  if (name.endsWith('_ns')) return formatDuration(value, locale);
  // A name made of digits, not a quantity.
  if (name.endsWith('_pid')) return String(value);
  return name.endsWith('_bytes') ? formatBytes(value, locale) : formatCount(value, locale);
}

export function gaugeRows(gauges: Readonly<Record<string, number>>, locale: Locale): Entry[] {
  return Object.entries(gauges).map(([name, value]) => {
    const { label, hint } = gaugeWord(name);
    // Names of gauges are longer than those of counters.
    return { gauge: name, label, meaning: hint, text: valueText(name, value, locale), wide: true };
  });
}
