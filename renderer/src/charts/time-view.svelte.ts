/**
 * What stretch of a session is looked at, by all charts of a stage at once. It follows the newest samples until somebody
 * freezes it, looks closer or moves back; then it stands still, whatever the session does, until they let go of it.
 */
import { getContext, setContext } from 'svelte';
import { Cursor } from './cursor.svelte.ts';
import {
  clampSpan,
  moveSpan,
  revealSpan,
  sameSpan,
  spanBetween,
  visibleSpan,
  zoomSpan,
  type TimeSpan,
} from './time-window.ts';

/** What the view has to know of its session. Times in seconds since the session's start. */
export interface Watched {
  oldest_s: number;
  newest_s: number;
  /** How long the session will take, 0 where nobody knows. */
  planned_s: number;
  over: boolean;
}

/** A moment whose values are shown instead of the newest. */
export interface Moment {
  readonly shown: boolean;
  readonly time_s: number;
}

export class TimeView {
  readonly cursor = new Cursor();
  /** Seconds that are followed; Infinity for all. */
  window_s = $state(30);
  /** What is being dragged out. */
  band = $state.raw<TimeSpan>();
  #held = $state.raw<TimeSpan>();
  /** The newest sample when it was last held: what comes later is not shown until somebody asks for more. */
  #until_s = $state(Infinity);
  readonly #watched: () => Watched;

  constructor(watched: () => Watched, window_s = 30) {
    this.#watched = watched;
    this.window_s = window_s;
  }

  /** All that can be looked at. */
  readonly room: TimeSpan = $derived.by(() => {
    const { oldest_s, newest_s, planned_s, over } = this.#watched();
    return visibleSpan(oldest_s, newest_s, Infinity, planned_s, over);
  });

  /** What is looked at. */
  readonly span: TimeSpan = $derived.by(() => {
    if (this.#held !== undefined) return clampSpan(this.#held, this.room);
    const { oldest_s, newest_s, planned_s, over } = this.#watched();
    return visibleSpan(oldest_s, newest_s, this.window_s, planned_s, over);
  });

  /** It stands still. */
  get held(): boolean {
    return this.#held !== undefined;
  }

  /** How long ago the newest moment in view was, in seconds. */
  get behind_s(): number {
    return Math.max(0, this.#watched().newest_s - Math.min(this.span.to, this.until_s));
  }

  /** Samples after it are not shown, though the span may have room for them; Infinity while the view follows. */
  get until_s(): number {
    return this.held && !this.#watched().over ? this.#until_s : Infinity;
  }

  /** What flow and texts show: the moment pointed at, or the newest in a view that stands while the session runs on. */
  readonly moment: Moment = $derived.by(() => {
    if (this.cursor.shown) return { shown: true, time_s: Math.min(this.until_s, this.cursor.time_s) };
    const { newest_s, over } = this.#watched();
    return this.held && !over
      ? { shown: true, time_s: Math.min(newest_s, this.until_s, this.span.to) }
      : { shown: false, time_s: NaN };
  });

  freeze(): void {
    if (this.held) return;
    this.#held = this.span;
    this.#until_s = this.#watched().newest_s;
  }

  /** Back to the newest samples, or to all of a session that is over. */
  follow(): void {
    this.#held = undefined;
    this.cursor.pin(NaN);
  }

  /** Keeps a moment pointed at, and the view where it is, so that it stays in sight; the same again lets go of it. */
  pin(time_s: number): void {
    const least_s = (this.span.to - this.span.from) / 100;
    const again = Math.abs(time_s - this.cursor.pinned_s) <= least_s;
    this.cursor.pin(again ? NaN : time_s);
    if (!again && !this.#watched().over) this.freeze();
  }

  /** `factor` below 1 looks closer. False where nothing changes: it is as close or as wide as can be. */
  zoom(factor: number, around_s = this.#focus()): boolean {
    return this.#hold(zoomSpan(this.span, factor, around_s, this.room));
  }

  move(by_s: number): boolean {
    return this.#hold(moveSpan(this.span, by_s, this.room));
  }

  show(one_s: number, other_s: number): boolean {
    return this.#hold(spanBetween(one_s, other_s, this.room));
  }

  /** Puts a moment in the middle, pointed at; a view of everything stays one. */
  goTo(time_s: number): void {
    const { from, to } = this.span;
    this.#hold(moveSpan(this.span, time_s - (from + to) / 2, this.room));
    if (!this.#watched().over) this.freeze();
    this.cursor.pin(time_s);
  }

  /** Moves as little as needed for a moment to be in view. */
  reveal(time_s: number): void {
    this.#hold(revealSpan(this.span, time_s, this.room));
  }

  /** Keys look closer at what is pointed at. */
  #focus(): number {
    const { from, to } = this.span;
    const { time_s } = this.cursor;
    return time_s >= from && time_s <= to ? time_s : (from + to) / 2;
  }

  #hold(span: TimeSpan): boolean {
    if (sameSpan(span, this.span)) return false;
    const { over, newest_s } = this.#watched();
    this.#held = over && sameSpan(span, this.room) ? undefined : span;
    this.#until_s = newest_s;
    return true;
  }
}

const KEY = Symbol('the view of a stage');

export function setTimeView(view: TimeView): TimeView {
  return setContext(KEY, view);
}

/** The view of the stage that a chart stands on; a chart that stands alone has none, and shows what it is given. */
export function getTimeView(): TimeView | undefined {
  return getContext<TimeView | undefined>(KEY);
}
