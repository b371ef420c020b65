/** Recorded frames asked for stretch by stretch, to be shown again as they came. */
import * as v from 'valibot';
import type { SessionFrame } from './frames.ts';
import { count } from './numbers.ts';

/** How many times as fast as it was. */
export const REPLAY_SPEEDS = [0.5, 1, 2, 5, 10] as const;
export type ReplaySpeed = (typeof REPLAY_SPEEDS)[number];

export const FramesRangeSchema = v.object({
  /** Frames later than this, ns since the session's start. */
  from_ns: count,
  /** And not later than this. */
  to_ns: count,
  /** Ticks are merged until each covers at least this much time, ns. */
  every_ns: count,
});
export type FramesRange = v.InferOutput<typeof FramesRangeSchema>;

export interface FramesAnswer {
  frames: SessionFrame[];
  /** How far the answer goes, ns: as far as was asked, or to its last tick where it is `full`. */
  until_ns: number;
  /** There is more in the stretch than one answer takes. */
  full: boolean;
  /** Nothing follows. */
  end: boolean;
}
