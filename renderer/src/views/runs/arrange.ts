/** Which runs a list shows, and in what order. */
import type { RunInfo } from '#contract/runs';

export const SORT_KEYS = ['when', 'what', 'size', 'duration', 'rate', 'p50', 'p99', 'disk'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

export interface Wanted {
  /** Words that must all stand somewhere in the run's name, settings, note, tags or address. */
  query: string;
  /** A mechanism's id; empty for all. */
  mechanism: string;
  /** Empty for all. */
  tag: string;
  sort: { key: SortKey; ascending: boolean };
}

export const EVERYTHING: Wanted = {
  query: '',
  mechanism: '',
  tag: '',
  sort: { key: 'when', ascending: false },
};

/** The name of a run in words that the reader sees, for searching and sorting. */
export type NameOf = (run: RunInfo) => string;

/** The runs that are wanted: pinned ones first, then as sorted; what has no figure comes last either way. */
export function arrange(runs: readonly RunInfo[], wanted: Wanted, nameOf: NameOf, locale: string): RunInfo[] {
  const words = fold(wanted.query).split(/\s+/).filter(Boolean);
  const shown = runs.filter((run) => {
    if (wanted.mechanism !== '' && run.spec.mechanism !== wanted.mechanism) return false;
    if (wanted.tag !== '' && !run.label.tags.includes(wanted.tag)) return false;
    if (words.length === 0) return true;
    const text = fold(textOf(run, nameOf));
    return words.every((word) => text.includes(word));
  });
  const { key, ascending } = wanted.sort;
  const turn = ascending ? 1 : -1;
  const newestFirst = (a: RunInfo, b: RunInfo): number => b.created_ms - a.created_ms;
  const collator = new Intl.Collator(locale, { numeric: true });
  const names = new Map(key === 'what' ? shown.map((run) => [run.id, nameOf(run)]) : []);
  const compare = (a: RunInfo, b: RunInfo): number => {
    if (key === 'what') {
      return turn * collator.compare(names.get(a.id) ?? '', names.get(b.id) ?? '') || newestFirst(a, b);
    }
    const [x, y] = [figure(a, key), figure(b, key)];
    if (Number.isNaN(x) || Number.isNaN(y)) {
      return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || newestFirst(a, b);
    }
    return turn * (x - y) || newestFirst(a, b);
  };
  return shown.sort((a, b) => Number(b.label.pinned) - Number(a.label.pinned) || compare(a, b));
}

/** The values that there are to choose from, by how often they occur. */
export function choices(runs: readonly RunInfo[], of: (run: RunInfo) => readonly string[]): string[] {
  const times = new Map<string, number>();
  for (const run of runs) for (const value of of(run)) times.set(value, (times.get(value) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([value]) => value);
}

/** NaN where the run has no such figure. */
function figure(
  { created_ms, bytes_on_disk, summary, spec }: RunInfo,
  key: Exclude<SortKey, 'what'>,
): number {
  switch (key) {
    case 'when':
      return created_ms;
    case 'disk':
      return bytes_on_disk;
    case 'size': {
      const size = (summary?.options ?? spec.options)['size_bytes'];
      return typeof size === 'number' ? size : NaN;
    }
    case 'duration':
      return summary?.duration_ns ?? NaN;
    case 'rate':
      return summary?.messages_per_s ?? NaN;
    case 'p50':
    case 'p99':
      return summary !== null && summary.latency.samples > 0 ? summary.latency[`${key}_ns`] : NaN;
  }
}

function textOf(run: RunInfo, nameOf: NameOf): string {
  const { label, spec, summary } = run;
  const { mechanism, variant, pattern } = summary ?? spec;
  const values = Object.values(summary?.options ?? spec.options).filter((value) => typeof value === 'string');
  return [nameOf(run), label.note, ...label.tags, run.id, mechanism, variant, pattern, ...values].join(' ');
}

/** As people search: whatever the case, and with Hangul put together however it was typed. */
function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
