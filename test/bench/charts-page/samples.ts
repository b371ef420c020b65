/** The samples that all contestants draw: the same in every run, without end. */

export interface Load {
  charts: number;
  series: number;
  /** Samples of each series on the screen. */
  rows: number;
  /** Samples that come with each redraw. */
  rows_a_redraw: number;
}

/** Seconds between two samples, as a session has them. */
export const STEP_S = 0.05;
/** The last series lies low, so that what stands high in its colour is a beacon. */
const LOW = 2;
const BEACON = 60;
/** Rows for which a beacon stands: a few redraws. */
const BEACON_ROWS = 60;

export class Samples {
  readonly #series: number;
  #row = 0;
  #state = 0x2545f491;
  #lit = 0;

  constructor(series: number) {
    this.#series = series;
  }

  /** From the next row on the last series stands high for a moment. */
  light(): void {
    this.#lit = BEACON_ROWS;
  }

  get lit(): boolean {
    return this.#lit > 0;
  }

  /** Writes the time and the values of the next moment. */
  next(into: Float64Array): void {
    const i = this.#row++;
    into[0] = i * STEP_S;
    const last = this.#series;
    for (let s = 1; s < last; s++) {
      const wave = Math.sin(i / (40 + 90 * s)) * 8;
      // A spike now and then, as latencies have them.
      const spike = this.#random() < 0.004 ? 20 : 0;
      into[s] = 11 * s + wave + this.#random() * 5 + spike;
    }
    into[last] = this.#lit > 0 ? BEACON : LOW + this.#random();
    if (this.#lit > 0) this.#lit--;
  }

  #random(): number {
    // xorshift32 (Marsaglia 2003).
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 2 ** 32;
  }
}

/** One colour for each series; the last is the beacon's, which no mixture of the others looks like. */
export const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#4f5962', '#ff00ff'] as const;
export const colourOf = (series: number, all: number): number => (series === all - 1 ? 4 : series % 4);
