/** Channels, cells and whole sweeps in the person's words. */
import type { SweepChannel, SweepInfo, SweepPlan, SweepSpec } from '#contract/sweep';
import { formatBytes, formatCount, formatDuration } from '#contract/text/format';
import { language } from '../../text/language.svelte.ts';
import { mechanismWord, patternWord, variantWord } from '../../text/words.ts';
import { whenText } from '../runs/run-name.ts';

export function channelLabel({ mechanism, variant }: SweepChannel): string {
  const { label } = mechanismWord(mechanism);
  return variant === 'plain' ? label : `${label} · ${variantWord(variant).label}`;
}

export function cellLabel(cell: SweepPlan['cells'][number]): string {
  return [
    channelLabel(cell),
    patternWord(cell.pattern).label,
    formatBytes(cell.size_bytes, language.locale),
  ].join(' · ');
}

/** How much of it there is: `16 combinations × 3 × 500 ms`. */
export function sizeOf(cells: number, { repetitions, duration_ms }: SweepSpec): string {
  const { t, locale } = language;
  return t.sweep.summary(
    formatCount(cells, locale),
    formatCount(repetitions, locale),
    formatDuration(duration_ms * 1e6, locale),
  );
}

/** What a sweep is called where it is one of many: what it measured, or when, where that cannot be read. */
export function sweepLabel({ spec, created_ms }: SweepInfo): string {
  if (spec === null) return whenText(created_ms);
  const names = [...new Set(spec.channels.map(({ mechanism }) => mechanismWord(mechanism).label))];
  const most = 3;
  const more = names.length > most ? ` +${names.length - most}` : '';
  return names.slice(0, most).join(', ') + more;
}
