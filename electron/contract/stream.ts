/**
 * What travels between a shell and its page beside calls: batches of events one way, credit the other.
 * The shell sends at most STREAM_CREDIT batches ahead of the page's acknowledgements; meanwhile it merges ticks, so
 * that a slow page costs dropped chart frames and never a slower session.
 */
import * as v from 'valibot';
import { count } from './numbers.ts';
import type { SessionEvent } from './session.ts';
import type { SweepProgress } from './sweep.ts';

/** Batches that may be under way unacknowledged. */
export const STREAM_CREDIT = 4;
/** Least time between batches: 30 a second. */
export const BATCH_INTERVAL_MS = 33;

/** The views of the page in the order of its rail; Ctrl or ⌘ with 1 to 7 opens them. */
export const VIEWS = ['start', 'live', 'compare', 'sweep', 'runs', 'labs', 'settings'] as const;
export type View = (typeof VIEWS)[number];

/** Commands of the application menu that the page carries out. */
export const PAGE_ACTIONS = [
  'start',
  'stop',
  'pause',
  ...VIEWS.map((view) => `show_${view}` as const),
] as const;
export type PageAction = (typeof PAGE_ACTIONS)[number];

export type FromShell =
  | {
      kind: 'batch';
      seq: number;
      events: SessionEvent[];
      /** Ticks merged away since the page connected, because it was behind. */
      dropped: number;
      /** Where the sweep stands, when that has changed. */
      sweep?: SweepProgress;
    }
  | { kind: 'action'; action: PageAction };

export const FromPageSchema = v.object({ kind: v.literal('ack'), seq: count });
export type FromPage = v.InferOutput<typeof FromPageSchema>;

/** The web shell's WebSocket carries calls beside the stream. */
export const WebCallSchema = v.object({
  kind: v.literal('call'),
  id: count,
  name: v.string(),
  argument: v.optional(v.unknown()),
});
export type WebCall = v.InferOutput<typeof WebCallSchema>;
export const FromWebPageSchema = v.variant('kind', [FromPageSchema, WebCallSchema]);
export type FromWebShell = FromShell | { kind: 'result'; id: number; result: unknown };
