/** The brush of the overview: which part of it is taken hold of, and where a pull takes the stretch. */
import { clampSpan, LEAST_SPAN_S, type TimeSpan } from './time-window.ts';

export type Grip = 'from' | 'to' | 'all';

/** What lies under a time: an end of the stretch (within `reach_s`), else the whole of it. */
export function gripAt(time_s: number, { from, to }: TimeSpan, reach_s: number): Grip {
  // A short stretch has no room for ends inside it.
  const reach = Math.min(reach_s, (to - from) / 4);
  if (Math.abs(time_s - from) <= (time_s < from ? reach_s : reach)) return 'from';
  if (Math.abs(time_s - to) <= (time_s > to ? reach_s : reach)) return 'to';
  return 'all';
}

/** The stretch as it was when it was taken hold of, pulled by so many seconds. */
export function pulled({ from, to }: TimeSpan, grip: Grip, by_s: number, room: TimeSpan): TimeSpan {
  switch (grip) {
    case 'all':
      return clampSpan({ from: from + by_s, to: to + by_s }, room);
    case 'from':
      return { from: Math.min(to - LEAST_SPAN_S, Math.max(room.from, from + by_s)), to };
    case 'to':
      return { from, to: Math.max(from + LEAST_SPAN_S, Math.min(room.to, to + by_s)) };
  }
}
