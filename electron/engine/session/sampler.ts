/** Ticks to sample rows: each tick one, or every so many of them one that keeps their sums and their extremes. */
import type { Hello, Tick } from '#contract/frames';
import { SampleDeriver, type SeriesRing } from '#contract/series';
import { canMerge, mergeTicks } from '../merge-ticks.ts';

export class Sampler {
  readonly #ring: SeriesRing;
  readonly #each: number;
  /** Of every tick, for the extremes. */
  readonly #fine: SampleDeriver;
  /** Of the merged ticks: rates and percentiles are exact. */
  readonly #coarse: SampleDeriver;
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  #samples = 0;
  #pending: Tick | undefined;

  constructor(hello: Pick<Hello, 'processes'>, ring: SeriesRing, each: number) {
    this.#ring = ring;
    this.#each = each;
    this.#fine = new SampleDeriver(hello);
    this.#coarse = new SampleDeriver(hello);
    this.#low = new Float64Array(ring.columns.length).fill(NaN);
    this.#high = new Float64Array(ring.columns.length).fill(NaN);
  }

  push(tick: Tick): void {
    const row = this.#fine.push(tick);
    if (this.#each === 1) {
      this.#ring.push(row);
      return;
    }
    if (this.#pending !== undefined && !canMerge(this.#pending, tick)) this.flush();
    this.#pending = this.#pending === undefined ? tick : mergeTicks(this.#pending, tick);
    if (row !== undefined) {
      this.#samples++;
      this.#widen(row);
    }
    if (this.#samples >= this.#each) this.flush();
  }

  /** Makes a row of the ticks that have not become one yet. */
  flush(): void {
    if (this.#pending === undefined) return;
    const row = this.#coarse.push(this.#pending);
    this.#pending = undefined;
    // Too short for a row of its own: its extremes belong to the next one, as its messages do.
    if (row === undefined) return;
    this.#ring.push(row, { low: this.#low, high: this.#high, samples: Math.max(1, this.#samples) });
    this.#low.fill(NaN);
    this.#high.fill(NaN);
    this.#samples = 0;
  }

  #widen(row: Float64Array): void {
    for (let column = 0; column < row.length; column++) {
      const value = row[column] ?? NaN;
      if (Number.isNaN(value)) continue;
      if (!(value >= (this.#low[column] ?? NaN))) this.#low[column] = value;
      if (!(value <= (this.#high[column] ?? NaN))) this.#high[column] = value;
    }
  }
}
