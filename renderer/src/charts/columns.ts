/**
 * A column of samples as what a screen can show of it: for each stretch of time, about a pixel wide, its least and its
 * greatest value. Kept from picture to picture, so that a new sample costs one comparison and not another walk through all
 * of them; stretches are counted from time nought and come in fixed widths, so that they stay what they are while the
 * window moves or grows.
 */
import type { SeriesRing } from '#contract/series';
import { rowAt } from './min-max.ts';
import type { TimeSpan } from './time-window.ts';

/** Widths of a stretch are powers of two and three steps between them: a growing window keeps one for a while. */
const STEPS_AN_OCTAVE = 4;

/** The least of the widths, s, that leaves at most `most` stretches in a span. */
export function columnWidth(span_s: number, most: number): number {
  return 2 ** (Math.ceil(STEPS_AN_OCTAVE * Math.log2(span_s / most) - 1e-9) / STEPS_AN_OCTAVE);
}

export class Columns {
  /** Width of a stretch, s. */
  width_s = NaN;
  /** Numbers of the first and the last stretch that were asked for; number n begins at `n * width_s`. */
  first = 0;
  last = -1;
  /** Of all values that were asked for; NaN where there are none. `leastAboveNought` is for logarithmic axes. */
  greatest = NaN;
  leastAboveNought = NaN;
  #low = new Float64Array(0);
  #high = new Float64Array(0);
  /** Which stretch a slot holds: there are as many slots as can be seen, used in turns. */
  #holds = new Float64Array(0);
  #ring: SeriesRing | undefined;
  #column = -1;
  /** Rows taken, how often the ring had merged rows before, and the time of the newest row taken. */
  #taken = 0;
  #merges = 0;
  #newest_s = NaN;
  /** The first stretch of which everything was taken, and the newest of which there is anything. */
  #whole = 0;
  #newest = -Infinity;

  /** The least value of a stretch, NaN where there is none. */
  low(n: number): number {
    const slot = n & (this.#holds.length - 1);
    return this.#holds[slot] === n ? (this.#low[slot] ?? NaN) : NaN;
  }

  /** The greatest value of a stretch, NaN where there is none. */
  high(n: number): number {
    const slot = n & (this.#holds.length - 1);
    return this.#holds[slot] === n ? (this.#high[slot] ?? NaN) : NaN;
  }

  /** Takes what the ring has of a column within the span; only what is new, where it can. */
  take(ring: SeriesRing, column: number, span: TimeSpan, width_s: number): void {
    const first = Math.floor(span.from / width_s) - 1;
    const last = Math.floor(span.to / width_s);
    const time = ring.indexOf('elapsed_s');
    if (
      ring !== this.#ring ||
      column !== this.#column ||
      width_s !== this.width_s ||
      first < this.#whole ||
      last < this.#newest ||
      last - first >= this.#holds.length ||
      !this.#continues(ring, time)
    ) {
      this.#begin(ring, column, width_s, first, last);
    }
    this.first = first;
    this.last = last;
    this.#add(ring, time, (last + 1) * width_s);
    this.#bounds();
  }

  #begin(ring: SeriesRing, column: number, width_s: number, first: number, last: number): void {
    const slots = 2 ** Math.ceil(Math.log2(last - first + 2));
    if (slots > this.#holds.length) {
      this.#low = new Float64Array(slots);
      this.#high = new Float64Array(slots);
      this.#holds = new Float64Array(slots);
    }
    this.#holds.fill(NaN);
    this.#ring = ring;
    this.#column = column;
    this.width_s = width_s;
    this.#whole = first;
    this.#newest = -Infinity;
    this.#taken = rowAt(ring, ring.indexOf('elapsed_s'), first * width_s);
    this.#merges = ring.merges;
    this.#newest_s = NaN;
  }

  /** What was taken is still in its place: rows were added since, and none was merged. */
  #continues(ring: SeriesRing, time: number): boolean {
    if (ring.merges !== this.#merges || this.#taken > ring.length) return false;
    return Number.isNaN(this.#newest_s) || ring.at(time, this.#taken - 1) === this.#newest_s;
  }

  #add(ring: SeriesRing, time: number, end_s: number): void {
    const mask = this.#holds.length - 1;
    let row = this.#taken;
    for (; row < ring.length; row++) {
      const at_s = ring.at(time, row);
      if (at_s >= end_s) break;
      this.#newest_s = at_s;
      // A row of a long session stands for several samples.
      const low = ring.lowAt(this.#column, row);
      if (Number.isNaN(low)) continue;
      const high = ring.highAt(this.#column, row);
      const n = Math.floor(at_s / this.width_s);
      const slot = n & mask;
      if (this.#holds[slot] !== n) {
        this.#holds[slot] = n;
        this.#low[slot] = low;
        this.#high[slot] = high;
        this.#newest = n;
        continue;
      }
      if (low < (this.#low[slot] ?? NaN)) this.#low[slot] = low;
      if (high > (this.#high[slot] ?? NaN)) this.#high[slot] = high;
    }
    this.#taken = row;
  }

  #bounds(): void {
    let greatest = NaN;
    let least = NaN;
    for (let n = this.first; n <= this.last; n++) {
      const high = this.high(n);
      if (Number.isNaN(high)) continue;
      if (!(high <= greatest)) greatest = high;
      const low = this.low(n);
      // Of a stretch that reaches down to nought the top is the least that a logarithmic axis can show.
      const positive = low > 0 ? low : high;
      if (positive > 0 && !(positive >= least)) least = positive;
    }
    this.greatest = greatest;
    this.leastAboveNought = least;
  }
}
