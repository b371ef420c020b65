/**
 * One animation frame for all charts, at most 30 a second, and only for those that can be seen. Drawing must not take
 * the CPU from the processes that are being measured: where it takes long, it is done less often, so that it never
 * has more than a small share of the time.
 */

export interface Drawable {
  /** On the screen now; a chart that is not is drawn when it comes back. */
  readonly visible: boolean;
  /** Its last picture is not finished yet: the next one waits for it. */
  readonly busy?: boolean;
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
  /** When the first of those that wait asked; undefined while nobody does. */
  #since: number | undefined;
  /** What the last drawings took, ms of any thread, written in turns. */
  readonly #costs_ms = new Float64Array(8);
  #drawings = 0;
  /** What of the last drawing was done elsewhere. */
  #charged_ms = 0;
  #dropped = 0;

  constructor(nextFrame: (run: (now: number) => void) => void, clock: () => number) {
    this.#nextFrame = nextFrame;
    this.#clock = clock;
  }

  /** Pictures that were due, thirty a second while something had changed, and were not drawn. */
  get dropped(): number {
    return this.#dropped;
  }

  request(drawable: Drawable): void {
    this.#waiting.add(drawable);
    if (drawable.visible) this.#since ??= this.#clock();
    this.#ask();
  }

  forget(drawable: Drawable): void {
    this.#waiting.delete(drawable);
    if (this.#waiting.size === 0) this.#since = undefined;
  }

  /** A drawing took so long on another thread: those cores too are wanted by the processes that are measured. */
  charge(ms: number): void {
    this.#charged_ms += ms;
  }

  /** The page was hidden: what was due meanwhile was not dropped, for nobody looked. */
  forgive(): void {
    if (this.#since !== undefined) this.#since = this.#clock();
  }

  #ask(): void {
    if (this.#asked) return;
    this.#asked = true;
    this.#nextFrame((now) => this.#frame(now));
  }

  #frame(now: number): void {
    this.#asked = false;
    const early = now - this.#drawnAt < Math.max(INTERVAL_MS, REST * this.#cost_ms()) - SLACK_MS;
    if (early || this.#busy()) {
      this.#ask();
      return;
    }
    if (this.#since !== undefined) {
      const late_ms = now - Math.max(this.#since, this.#drawnAt + INTERVAL_MS);
      this.#dropped += Math.max(0, Math.floor(late_ms / INTERVAL_MS));
      this.#since = undefined;
    }
    this.#drawnAt = now;
    const charged_ms = this.#charged_ms;
    this.#charged_ms = 0;
    const began = this.#clock();
    for (const drawable of this.#waiting) {
      if (!drawable.visible) continue;
      this.#waiting.delete(drawable);
      drawable.draw();
    }
    this.#costs_ms[this.#drawings++ % this.#costs_ms.length] = charged_ms + this.#clock() - began;
  }

  /**
   * What a drawing takes of a CPU: the second least of the last ones. The others were longer because somebody else had the
   * CPU in between, the measured processes above all, and that is not to be paid for. Capped, so that the picture always moves.
   */
  #cost_ms(): number {
    let least = Infinity;
    let second = Infinity;
    for (const cost of this.#costs_ms) {
      if (cost < least) {
        second = least;
        least = cost;
      } else if (cost < second) second = cost;
    }
    return Math.min(60, second);
  }

  /** One picture of all charts at a time: a worker that is behind is not given more. */
  #busy(): boolean {
    for (const drawable of this.#waiting) if (drawable.visible && drawable.busy === true) return true;
    return false;
  }
}

/** The page's own. A hidden page gets no animation frames, so nothing is drawn then. */
export const scheduler = new Scheduler(
  (run) => requestAnimationFrame(run),
  () => performance.now(),
);
if (typeof document !== 'undefined') document.addEventListener('visibilitychange', () => scheduler.forgive());
