/** Which stretch of a session the charts show. */

export interface TimeSpan {
  from: number;
  to: number;
}

/** Before anything is known of its length, a session gets this much room. */
const FIRST_SPAN_S = 10;

/**
 * While a session runs the newest `window_s` seconds, or from its start while it is younger; once it is over, or for
 * `Infinity`, all that is held. A session whose length is known has its room from the start and fills it.
 */
export function visibleSpan(
  oldest_s: number,
  newest_s: number,
  window_s: number,
  planned_s: number,
  over: boolean,
): TimeSpan {
  const start = oldest_s < 0.5 ? 0 : oldest_s;
  if (over) return { from: start, to: newest_s > start ? newest_s : start + FIRST_SPAN_S };
  const planned = planned_s > 0 ? planned_s : FIRST_SPAN_S;
  if (window_s === Infinity) return { from: start, to: Math.max(newest_s, planned) };
  if (newest_s <= window_s) return { from: 0, to: Math.min(window_s, Math.max(newest_s, planned)) };
  return { from: newest_s - window_s, to: newest_s };
}
