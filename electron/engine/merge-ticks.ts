/** Two ticks as one, for a page that is behind and for recordings that are longer than a chart. */
import type { Tick } from '#contract/frames';
import { mergeBuckets } from '#contract/histogram';

/** Whether nothing is lost to a reader when the later tick swallows the earlier: warm-up is never mixed with measuring. */
export function canMerge(earlier: Tick, later: Tick): boolean {
  return earlier.phase === later.phase && earlier.latency.kind === later.latency.kind;
}

/**
 * The later tick over both intervals. Counters are totals, so the later ones already hold the earlier; latency buckets
 * are differences, so they are added.
 */
export function mergeTicks(earlier: Tick, later: Tick): Tick {
  return {
    ...later,
    interval_ns: earlier.interval_ns + later.interval_ns,
    latency: {
      kind: later.latency.kind,
      buckets: mergeBuckets(earlier.latency.buckets, later.latency.buckets),
    },
  };
}
