/** A session as the page and the terminal see it: its states, its events, its commands. */
import * as v from 'valibot';
import type { AppError } from './errors.ts';
import {
  RoleSchema,
  type Call,
  type Hello,
  type Note,
  type RpcCall,
  type SessionFrame,
  type Summary,
  type Utterance,
} from './frames.ts';
import type { Machine } from './machine.ts';
import type { Mark } from './marks.ts';
import { uint } from './numbers.ts';
import type { SeriesTable } from './series.ts';
import type { SessionSpec } from './spec.ts';

/** starting → running ⇄ paused → stopping → finished | failed. */
export const SESSION_STATES = ['starting', 'running', 'paused', 'stopping', 'finished', 'failed'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

/** Whether nothing more will happen. */
export function isOver(state: SessionState): boolean {
  return state === 'finished' || state === 'failed';
}

export interface SessionInfo {
  /** The run's name in the library, for instance `20261121-041500-pipe-7f3a`. */
  id: string;
  spec: SessionSpec;
  state: SessionState;
  /** Unix time in ms. */
  created_ms: number;
}

/** What happened, in order; one session's events carry its id. */
export type SessionEvent =
  | { event: 'state'; session: string; state: SessionState; info: SessionInfo }
  | { event: 'frame'; session: string; frame: SessionFrame }
  /** Something went wrong outside the helper's own error frames; the session may go on (a line that did not parse). */
  | { event: 'error'; session: string; error: AppError; fatal: boolean };

/** A command to a running session. Names of options are those of `describe` with `live: true`. */
export const SessionCommandSchema = v.variant('command', [
  v.object({ command: v.literal('pause') }),
  v.object({ command: v.literal('resume') }),
  v.object({ command: v.literal('stop') }),
  v.object({
    command: v.literal('set'),
    option: v.pipe(v.string(), v.regex(/^[a-z_]{1,40}$/)),
    /** A number, or one of the words of a choice. */
    value: v.union([
      v.pipe(v.number(), v.integer(), v.minValue(0)),
      v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,40}$/)),
    ]),
  }),
  v.object({ command: v.literal('kill'), role: RoleSchema, index: uint }),
  /** A line that a process of a dialogue is to say; which ones it takes, `utteranceFault` tells. */
  v.object({ command: v.literal('say'), role: RoleSchema, text: v.pipe(v.string(), v.maxLength(10_000)) }),
]);
export type SessionCommand = v.InferOutput<typeof SessionCommandSchema>;

/** Everything known of a session or a recorded run, to show it from the start. */
export interface SessionSnapshot {
  info: SessionInfo;
  /** Where it was measured; absent while it runs, and in recordings that do not tell. */
  machine?: Machine;
  hello: Hello | null;
  summary: Summary | null;
  /** All samples, or the newest that fit. */
  series: SeriesTable | null;
  /** Latency of the whole session, sparse buckets (histogram.ts), of the measured time alone. */
  latency_buckets: number[];
  calls: Call[];
  /** Of remote procedure calls: one of them, byte by byte. */
  rpc_call: RpcCall | null;
  notes: Note[];
  /** Of a dialogue: what was said, oldest first. */
  utterances: Utterance[];
  /** What a person marked, in the order of time. */
  marks: Mark[];
  errors: AppError[];
}
