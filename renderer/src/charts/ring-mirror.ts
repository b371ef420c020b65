/**
 * A ring's copy in a worker: the page sends each row once, only the columns that are drawn, in buffers that go back and
 * forth. No shared memory: that would ask for headers under which nothing else of the page may come from elsewhere.
 */
import { SeriesRing, type Column } from '#contract/series';
import type { Rows } from './plot-messages.ts';

const FIRST_VALUES = 1024;

export class RingSender {
  readonly #keys: readonly string[];
  #ring: SeriesRing | undefined;
  #merges = 0;
  /** Rows that were sent. */
  #sent = 0;
  #spare: Float64Array<ArrayBuffer>[] = [];

  /** @param keys of the columns that are drawn; the time always travels with them */
  constructor(keys: readonly string[]) {
    this.#keys = ['elapsed_s', ...new Set(keys.filter((key) => key !== 'elapsed_s'))];
  }

  /** What the copy lacks, undefined where there is no ring. The buffer in it is meant to be transferred. */
  take(ring: SeriesRing | undefined): Rows | undefined {
    if (ring === undefined) {
      this.#ring = undefined;
      return undefined;
    }
    const anew = !this.#continues(ring);
    const count = anew ? ring.length : ring.length - this.#sent;
    const first = ring.length - count;
    const columns = this.#keys.map((key) => ring.indexOf(key));
    const widened = ring.widened;
    const values = this.#buffer(count * (widened ? 3 * columns.length + 1 : columns.length));
    let at = 0;
    const block = (value: (column: number, row: number) => number): void => {
      for (const column of columns)
        for (let row = first; row < ring.length; row++) values[at++] = value(column, row);
    };
    block((column, row) => ring.at(column, row));
    if (widened) {
      block((column, row) => ring.lowAt(column, row));
      block((column, row) => ring.highAt(column, row));
      for (let row = first; row < ring.length; row++) values[at++] = ring.samplesAt(row);
    }
    this.#remember(ring);
    return { count, values, widened, ...(anew ? { anew: this.#room(ring) } : {}) };
  }

  /** A buffer has come back. */
  give(values: Float64Array<ArrayBuffer>): void {
    if (this.#spare.length < 2) this.#spare.push(values);
  }

  /** Rows were only added since the last time: it is the same ring, and none of its rows was merged. */
  #continues(ring: SeriesRing): boolean {
    return ring === this.#ring && ring.merges === this.#merges && this.#sent <= ring.length;
  }

  #remember(ring: SeriesRing): void {
    this.#ring = ring;
    this.#merges = ring.merges;
    this.#sent = ring.length;
  }

  #room(ring: SeriesRing): { columns: Column[]; capacity: number } {
    const columns = this.#keys.map((key): Column => ({
      key,
      unit: ring.columns[ring.indexOf(key)]?.unit ?? 'count',
    }));
    return { columns, capacity: ring.capacity };
  }

  #buffer(least: number): Float64Array<ArrayBuffer> {
    const spare = this.#spare.pop();
    if (spare !== undefined && spare.length >= least) return spare;
    return new Float64Array(Math.max(FIRST_VALUES, least));
  }
}

/** The copy. Rows are merged where they come from, so it never has to. */
export class RingReceiver {
  ring: SeriesRing | undefined;

  take(rows: Rows | undefined): void {
    if (rows === undefined) {
      this.ring = undefined;
      return;
    }
    const { anew, count, values, widened } = rows;
    if (anew !== undefined) this.ring = new SeriesRing(anew.columns, anew.capacity);
    const wide = this.ring?.columns.length ?? 0;
    const [row, low, high] = [new Float64Array(wide), new Float64Array(wide), new Float64Array(wide)];
    const read = (into: Float64Array, block: number, i: number): void => {
      for (let column = 0; column < wide; column++)
        into[column] = values[(block * wide + column) * count + i] ?? NaN;
    };
    for (let i = 0; i < count; i++) {
      read(row, 0, i);
      if (widened) {
        read(low, 1, i);
        read(high, 2, i);
      }
      this.ring?.push(row, widened ? { low, high, samples: values[3 * wide * count + i] ?? 1 } : undefined);
    }
  }
}
