/** Which recorded runs are kept. Whoever says nothing keeps all of them. */
import * as v from 'valibot';
import type { RunInfo } from './runs.ts';

const limit = (most: number) => v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most)));

/** Greatest values that the settings take. */
export const RETENTION_LIMITS = { runs: 1_000_000, gigabytes: 10_000, days: 3650 } as const;

/** Each limit holds by itself; null: none. Pinned runs are never removed, and count for nothing. */
export const RetentionSchema = v.object({
  /** Most runs. */
  runs: limit(RETENTION_LIMITS.runs),
  /** Most disk space of all of them, 10^9 bytes. */
  gigabytes: limit(RETENTION_LIMITS.gigabytes),
  /** Greatest age, days. */
  days: limit(RETENTION_LIMITS.days),
});
export type Retention = v.InferOutput<typeof RetentionSchema>;

export const KEEP_ALL: Retention = { runs: null, gigabytes: null, days: null };

type Kept = Pick<RunInfo, 'id' | 'created_ms' | 'bytes_on_disk' | 'state'> & { label: { pinned: boolean } };

/** The runs beyond the limits, the oldest first; none that is pinned, and none that is not over. */
export function surplus<Run extends Kept>(runs: readonly Run[], retention: Retention, now_ms: number): Run[] {
  const newestFirst = runs
    .filter(isFree)
    .sort((a, b) => b.created_ms - a.created_ms || (a.id < b.id ? 1 : -1));
  const { gigabytes, days } = retention;
  const most_bytes = gigabytes === null ? Infinity : gigabytes * 1e9;
  const oldest_ms = days === null ? -Infinity : now_ms - days * 86_400_000;
  let bytes = 0;
  let full = false;
  return newestFirst
    .filter((run, at) => {
      bytes += run.bytes_on_disk;
      // What is older than the first that does not fit does not fit either: no gap in the middle.
      full ||= at >= (retention.runs ?? Infinity) || bytes > most_bytes;
      // The newest stays, however large it is: it was only just made.
      return at > 0 && (full || run.created_ms < oldest_ms);
    })
    .reverse();
}

function isFree({ label, state }: Kept): boolean {
  return !label.pinned && (state === 'finished' || state === 'failed' || state === 'damaged');
}
