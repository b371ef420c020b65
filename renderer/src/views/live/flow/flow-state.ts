/** What the drawing of the flow shows: now, at the moment the cursor points to, or over the whole of a finished run. */
import type { Hello, Role, Summary } from '#contract/frames';
import { processColumn, type SeriesRing } from '#contract/series';
import { sharesOf, type Shares } from '../../../session/shares.ts';
import type { Figures } from '../../../session/tick-window.ts';
import { RECEIVING, SENDING } from './waiting-calls.ts';

export interface FlowProcess extends Shares {
  role: Role;
  index: number;
  pid: number;
  /** How it ended, where it has. */
  exit: string | undefined;
  /** The kernel function and the system call in which it mostly slept in the last second; of the past it is not known. */
  sleeps_in?: string | undefined;
  sleeps_in_call?: string | undefined;
}

export interface Fill {
  /** 0..1, NaN where the system does not tell. */
  share: number;
  bytes: number;
  messages: number;
}

export interface FlowState {
  processes: FlowProcess[];
  fill: Fill;
  messages_per_s: number;
}

interface Known {
  hello: Hello | null;
  figures: Figures | undefined;
  summary: Summary | null;
  ring: SeriesRing | undefined;
}

const UNKNOWN: Shares = { running: NaN, blocked: NaN, waiting: NaN };

/** Before anything runs: one process of each role, of which nothing is known yet. */
export const AT_REST: FlowState = {
  processes: (['producer', 'consumer'] as const).map((role) => ({
    role,
    index: 0,
    pid: 0,
    ...UNKNOWN,
    exit: undefined,
  })),
  fill: { share: NaN, bytes: NaN, messages: NaN },
  messages_per_s: NaN,
};

/** `row` is the cursor's; -1 without one. */
export function flowState({ hello, figures, summary, ring }: Known, row: number): FlowState {
  const at = (key: string, from: number): number => ring?.at(ring.indexOf(key), from) ?? NaN;
  const shown = row >= 0 ? row : (ring?.length ?? 0) - 1;
  const ended = summary !== null && row < 0;
  const processes = (hello?.processes ?? []).map(({ role, index, pid }): FlowProcess => {
    const same = (p: { role: Role; index: number }): boolean => p.role === role && p.index === index;
    const total = summary?.processes.find(same);
    const live = figures?.processes.find(same);
    const ofRow: Shares = {
      running: at(processColumn('running_share', { role, index }), shown),
      blocked: at(processColumn('blocked_share', { role, index }), shown),
      waiting: at(processColumn('runnable_share', { role, index }), shown),
    };
    const shares =
      ended && total !== undefined
        ? sharesOf(total, summary.duration_ns)
        : row < 0 && live !== undefined
          ? { running: live.running, blocked: live.blocked, waiting: live.waiting }
          : ring === undefined
            ? UNKNOWN
            : ofRow;
    const exit = ended ? total?.exit : undefined;
    const asleep = ended || row >= 0 ? undefined : live;
    return {
      role,
      index,
      pid,
      ...shares,
      exit,
      sleeps_in: asleep?.sleeps_in,
      sleeps_in_call: asleep?.sleeps_in_call,
    };
  });
  return {
    processes,
    fill: {
      share: ended ? NaN : at('queue_share', shown),
      bytes: ended ? NaN : at('queue_bytes', shown),
      messages: ended ? NaN : at('queue_messages', shown),
    },
    messages_per_s: ended
      ? summary.messages_per_s
      : row < 0 && figures !== undefined
        ? figures.messages_per_s
        : at('messages_per_s', shown),
  };
}

const MOST_OF_THE_TIME = 0.5;
const NEARLY_FULL = 0.9;
const NEARLY_EMPTY = 0.02;

/**
 * Producers that cannot go on: asleep most of the time, and the buffer full or they themselves in a call that sends. Asleep
 * alone may be a rate limit; and some buffers make a sender wait long before they are full (a Unix socket wakes it when
 * three quarters are free again). `waitsWhenFull`: false where what finds no room is thrown away instead.
 */
export function producersStuck({ processes, fill }: FlowState, waitsWhenFull = true): boolean {
  return asleep(processes, 'producer', waitsWhenFull && fill.share >= NEARLY_FULL, SENDING);
}

/** Consumers that have nothing to do. */
export function consumersIdle({ processes, fill }: FlowState): boolean {
  // A hundredth of a queue of signals is a thousand of them.
  const empty = Number.isNaN(fill.messages) ? fill.share <= NEARLY_EMPTY : fill.messages <= 1;
  return asleep(processes, 'consumer', empty, RECEIVING);
}

function asleep(
  processes: readonly FlowProcess[],
  role: Role,
  told: boolean,
  calls: ReadonlySet<string>,
): boolean {
  const own = processes.filter((process) => process.role === role);
  return (
    own.length > 0 &&
    own.every(
      ({ blocked, sleeps_in_call }) =>
        blocked >= MOST_OF_THE_TIME && (told || calls.has(sleeps_in_call ?? '')),
    )
  );
}

/** Width of the arrow, px: half a pixel more for every decade of messages a second. */
export function arrowWidth(messages_per_s: number): number {
  return messages_per_s > 0 ? 1.5 + Math.log10(1 + messages_per_s) / 2 : 1.5;
}

/** From dash to dash, px. */
export const DASH_PX = 12;
/** A million messages a second move it by 54 px a second: the eye can still follow. */
const PX_PER_DECADE = 9;

/** How many dashes pass in a second: by the logarithm of the messages a second. */
export function dashesPerSecond(messages_per_s: number): number {
  return messages_per_s > 0 ? (PX_PER_DECADE * Math.log10(1 + messages_per_s)) / DASH_PX : 0;
}
