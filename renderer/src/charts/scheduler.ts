/**
 * One animation frame for all charts, at most 30 a second, and only for those that can be seen. Drawing must not take
 * the CPU from the processes that are being measured: where it takes long, it is done less often, so that it never
 * has more than a small share of the time.
 */

export interface Drawable {
  /** On the screen now; a chart that is not is drawn when it comes back. */
  readonly visible: boolean;
  draw(): void;
}

const INTERVAL_MS = 1000 / 30;
/** Time between two drawings in times of what one takes: an eighth of one CPU. */
const REST = 8;
/** Frames come every 16.7 ms; without this every other one would just miss its time. */
const SLACK_MS = 4;

export class Scheduler {
  readonly #waiting = new Set<Drawable>();
  readonly #nextFrame: (run: (now: number) => void) => void;
  readonly #clock: () => number;
  #asked = false;
  #drawnAt = -Infinity;
  /** What a drawing took lately, ms. */
  #cost_ms = 0;

  constructor(nextFrame: (run: (now: number) => void) => void, clock: () => number) {
    this.#nextFrame = nextFrame;
    this.#clock = clock;
  }

  request(drawable: Drawable): void {
    this.#waiting.add(drawable);
    this.#ask();
  }

  forget(drawable: Drawable): void {
    this.#waiting.delete(drawable);
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#nextFrame((now) => this.#frame(now));
  }

  #frame(now: number): void {
    this.#asked = false;
    if (now - this.#drawnAt < Math.max(INTERVAL_MS, REST * this.#cost_ms) - SLACK_MS) {
      this.#ask();
      return;
    }
    this.#drawnAt = now;
    const began = this.#clock();
    for (const drawable of this.#waiting) {
      if (!drawable.visible) continue;
      this.#waiting.delete(drawable);
      drawable.draw();
    }
    // Smoothed, so that one interrupted drawing does not make the picture stutter; capped, so that it always moves.
    this.#cost_ms = Math.min(60, 0.8 * this.#cost_ms + 0.2 * (this.#clock() - began));
  }
}

/** The page's own. A hidden page gets no animation frames, so nothing is drawn then. */
export const scheduler = new Scheduler(
  (run) => requestAnimationFrame(run),
  () => performance.now(),
);
