/**
 * Latency by percentile as HdrHistogram plots it (Tene): each further ninth of the axis is as wide as the one before,
 * so that the rare long latencies have room. A place x stands for the share 1 - 10^-x: 1 is 90 %, 2 is 99 %.
 */
import { quantiles, totalCount, type SparseBuckets } from '../histogram.ts';

export interface CurvePoint {
  /** Nines of the share: 0 is the least latency, 1 the 90th percentile, 2 the 99th. */
  nines: number;
  ns: number;
}

const POINTS_A_NINE = 24;

export const shareOf = (nines: number): number => 1 - 10 ** -nines;
export const ninesOf = (share: number): number => -Math.log10(1 - share);

/** Up to the greatest time, at the share that a single one of all makes; empty where nothing was counted. */
export function percentileCurve(buckets: SparseBuckets): CurvePoint[] {
  const total = totalCount(buckets);
  if (total === 0) return [];
  const last = Math.log10(total);
  const steps = Math.max(1, Math.ceil(last * POINTS_A_NINE));
  const places = Array.from({ length: steps + 1 }, (_, i) => (last * i) / steps);
  // The last place is that of the greatest time itself.
  const shares = places.map((nines, i) => (i === steps ? 1 : shareOf(nines)));
  const values = quantiles(buckets, shares);
  return places.map((nines, i) => ({ nines, ns: values[i] ?? NaN }));
}
