/**
 * The events on their way to one page: at most 30 batches a second, at most STREAM_CREDIT of them unacknowledged.
 * While the page is behind, ticks are merged and counted as dropped; everything else waits its turn. So a slow page
 * costs chart frames, never the session's speed and never memory without end.
 */
import { BATCH_INTERVAL_MS, STREAM_CREDIT, type FromShell, type PageAction } from '#contract/stream';
import type { SessionEvent } from '#contract/session';
import type { SweepProgress } from '#contract/sweep';
import { canMerge, mergeTicks } from './merge-ticks.ts';

/** What a test puts in the place of the real clock. */
export interface StreamClock {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

const REAL_CLOCK: StreamClock = {
  now: () => performance.now(),
  setTimeout: (run, ms) => setTimeout(run, ms),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

/** Entries of the call log that wait for a page; further ones push the oldest out. */
const MOST_CALLS = 500;
/** Events that may wait before ticks are merged even though the page has credit. */
const MOST_WAITING = 256;
/** Estimated characters of one batch: a message port takes messages under 64 KiB best. */
const BATCH_CHARACTERS = 48 * 1024;

export class PageStream {
  readonly #send: (message: FromShell) => void;
  readonly #clock: StreamClock;
  #waiting: SessionEvent[] = [];
  #calls = 0;
  #sent = 0;
  #acknowledged = 0;
  #sentAt = -Infinity;
  #dropped = 0;
  #timer: unknown;
  #closed = false;
  /** Only the newest is of interest. */
  #sweep: SweepProgress | undefined;

  constructor(send: (message: FromShell) => void, clock: StreamClock = REAL_CLOCK) {
    this.#send = send;
    this.#clock = clock;
  }

  /** Puts an event on its way; never blocks and never throws. */
  push(event: SessionEvent): void {
    if (this.#closed) return;
    if (isCall(event) && ++this.#calls > MOST_CALLS) this.#dropOldestCall();
    if (!this.#mergeTick(event)) this.#waiting.push(event);
    this.#schedule();
  }

  /** Tells where a sweep stands. */
  sweep(progress: SweepProgress): void {
    if (this.#closed) return;
    this.#sweep = progress;
    this.#schedule();
  }

  /** A menu command for the page; it needs no credit, since a person waits for it. */
  action(action: PageAction): void {
    if (!this.#closed) this.#send({ kind: 'action', action });
  }

  /** The page has drawn all batches up to `seq`. A number that was never sent is ignored. */
  acknowledge(seq: number): void {
    if (this.#closed || seq > this.#sent || seq <= this.#acknowledged) return;
    this.#acknowledged = seq;
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.#waiting = [];
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  get #hasCredit(): boolean {
    return this.#sent - this.#acknowledged < STREAM_CREDIT;
  }

  #schedule(): void {
    const nothing = this.#waiting.length === 0 && this.#sweep === undefined;
    if (this.#timer !== undefined || nothing || !this.#hasCredit) return;
    const wait_ms = this.#sentAt + BATCH_INTERVAL_MS - this.#clock.now();
    // An event after a pause still waits for a moment, so that those that come with it share its batch.
    this.#timer = this.#clock.setTimeout(
      () => {
        this.#timer = undefined;
        if (!this.#closed && this.#hasCredit) this.#flush();
        this.#schedule();
      },
      Math.max(0, wait_ms),
    );
  }

  #flush(): void {
    let characters = 0;
    let taken = 0;
    for (const event of this.#waiting) {
      characters += estimate(event);
      if (taken > 0 && characters > BATCH_CHARACTERS) break;
      taken++;
      if (isCall(event)) this.#calls--;
    }
    const events = this.#waiting.splice(0, taken);
    this.#sentAt = this.#clock.now();
    const sweep = this.#sweep;
    this.#sweep = undefined;
    const batch = { kind: 'batch', seq: ++this.#sent, events, dropped: this.#dropped } as const;
    this.#send(sweep === undefined ? batch : { ...batch, sweep });
  }

  /** Merges a tick into the one that waits before it, when only entries of the call log lie between them. */
  #mergeTick(event: SessionEvent): boolean {
    if (!isTick(event) || (this.#hasCredit && this.#waiting.length < MOST_WAITING)) return false;
    for (let at = this.#waiting.length - 1; at >= 0; at--) {
      const before = this.#waiting[at];
      if (before === undefined || before.session !== event.session) return false;
      if (isCall(before)) continue;
      if (!isTick(before) || !canMerge(before.frame, event.frame)) return false;
      this.#waiting[at] = { ...event, frame: mergeTicks(before.frame, event.frame) };
      this.#dropped++;
      return true;
    }
    return false;
  }

  #dropOldestCall(): void {
    const oldest = this.#waiting.findIndex(isCall);
    if (oldest < 0) return;
    this.#waiting.splice(oldest, 1);
    this.#calls--;
  }
}

type FrameEvent = Extract<SessionEvent, { event: 'frame' }>;
type EventOf<T extends string> = FrameEvent & { frame: Extract<FrameEvent['frame'], { t: T }> };

function isTick(event: SessionEvent): event is EventOf<'tick'> {
  return event.event === 'frame' && event.frame.t === 'tick';
}

function isCall(event: SessionEvent): event is EventOf<'call'> {
  return event.event === 'frame' && event.frame.t === 'call';
}

/** Characters of an event as JSON, roughly: only ticks vary much, with their buckets and processes. */
function estimate(event: SessionEvent): number {
  return isTick(event)
    ? 500 + event.frame.latency.buckets.length * 6 + event.frame.processes.length * 350
    : 400;
}
