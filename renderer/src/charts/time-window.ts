/** Which stretch of a session the charts show, and what becomes of it when somebody looks closer or elsewhere. */

export interface TimeSpan {
  from: number;
  to: number;
}

/** Before anything is known of its length, a session gets this much room. */
const FIRST_SPAN_S = 10;

/** Four samples of a session at its usual twenty a second: closer, there is nothing more to see. */
export const LEAST_SPAN_S = 0.2;

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

/**
 * The span moved and shortened until it lies in the room; never shorter than LEAST_SPAN_S, where the room is not. One that
 * fits is answered as it is, so that nothing is drawn anew for a room that grows around it.
 */
export function clampSpan(span: TimeSpan, room: TimeSpan): TimeSpan {
  const { from, to } = span;
  const all = room.to - room.from;
  if (from >= room.from && to <= room.to && to - from >= Math.min(all, LEAST_SPAN_S)) return span;
  const length = Math.min(all, Math.max(LEAST_SPAN_S, to - from));
  if (!(length < all)) return room;
  const start = Math.min(room.to - length, Math.max(room.from, from));
  return { from: start, to: start + length };
}

/** `factor` times as long (below 1: closer), so that `around_s` stays where it is in the picture. */
export function zoomSpan(span: TimeSpan, factor: number, around_s: number, room: TimeSpan): TimeSpan {
  const old = span.to - span.from;
  const length = Math.min(room.to - room.from, Math.max(LEAST_SPAN_S, old * factor));
  const share = old > 0 ? (Math.min(span.to, Math.max(span.from, around_s)) - span.from) / old : 0.5;
  const from = span.from + share * (old - length);
  return clampSpan({ from, to: from + length }, room);
}

export function moveSpan({ from, to }: TimeSpan, by_s: number, room: TimeSpan): TimeSpan {
  return clampSpan({ from: from + by_s, to: to + by_s }, room);
}

/** Between two moments in either order, cut to the room; around them where they lie closer than can be shown. */
export function spanBetween(one_s: number, other_s: number, room: TimeSpan): TimeSpan {
  const inRoom = (time_s: number): number => Math.min(room.to, Math.max(room.from, time_s));
  const [from, to] = [inRoom(Math.min(one_s, other_s)), inRoom(Math.max(one_s, other_s))];
  const missing = Math.max(0, LEAST_SPAN_S - (to - from));
  return clampSpan({ from: from - missing / 2, to: to + missing / 2 }, room);
}

/** The span moved as little as needed for a moment to be in it. */
export function revealSpan(span: TimeSpan, time_s: number, room: TimeSpan): TimeSpan {
  const by = Math.min(0, time_s - span.from) + Math.max(0, time_s - span.to);
  return by === 0 ? span : moveSpan(span, by, room);
}

/** The same to the eye: less than a thousandth of the span apart. */
export function sameSpan(one: TimeSpan, other: TimeSpan): boolean {
  const least = (one.to - one.from) / 1000;
  return Math.abs(one.from - other.from) < least && Math.abs(one.to - other.to) < least;
}
