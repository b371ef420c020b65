/** The word of the field that a line of a chart stands for; those that stand elsewhere on the page are no stop of Tab here. */
import type { Text } from '../text/language.svelte.ts';

const TERMS: Readonly<Record<string, keyof Text['terms']>> = {
  messages_per_s: 'throughput',
  bytes_per_s: 'throughput',
  p50_ns: 'p50',
  p90_ns: 'percentile',
  p99_ns: 'p99',
  p99_9_ns: 'percentile',
  max_ns: 'max',
  queue_share: 'occupancy',
  errors: 'errors',
  would_block_per_s: 'would_block',
};

const ONLY_HERE: ReadonlySet<string> = new Set(['p90_ns', 'max_ns', 'would_block_per_s']);

export function seriesTerm(key: string): { term: keyof Text['terms'] | undefined; again: boolean } {
  return { term: Object.hasOwn(TERMS, key) ? TERMS[key] : undefined, again: !ONLY_HERE.has(key) };
}
