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
  #written = 0;
  /** Times of the newest row that was sent, and of one in the middle: whether the ring still has them in their places. */
  #newest_s = NaN;
  #middle = 0;
  #middle_s = NaN;
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
    const count = anew ? ring.length : ring.written - this.#written;
    const values = this.#buffer(count * this.#keys.length);
    const first = ring.length - count;
    this.#keys.forEach((key, n) => {
      const column = ring.indexOf(key);
      for (let row = 0; row < count; row++) values[n * count + row] = ring.at(column, first + row);
    });
    this.#remember(ring);
    return { count, values, ...(anew ? { anew: this.#room(ring) } : {}) };
  }

  /** A buffer has come back. */
  give(values: Float64Array<ArrayBuffer>): void {
    if (this.#spare.length < 2) this.#spare.push(values);
  }

  /** Rows were only added since the last time: none was merged, replaced or lost before it was sent. */
  #continues(ring: SeriesRing): boolean {
    if (ring !== this.#ring) return false;
    const fresh = ring.written - this.#written;
    if (fresh < 0 || fresh > ring.length) return false;
    if (this.#written === 0) return true;
    const time = ring.indexOf('elapsed_s');
    const gone = ring.written - ring.length;
    return (
      (fresh === ring.length || ring.at(time, ring.length - 1 - fresh) === this.#newest_s) &&
      (this.#middle < gone || ring.at(time, this.#middle - gone) === this.#middle_s)
    );
  }

  #remember(ring: SeriesRing): void {
    const time = ring.indexOf('elapsed_s');
    const middle = ring.length >> 1;
    this.#ring = ring;
    this.#written = ring.written;
    this.#newest_s = ring.at(time, ring.length - 1);
    this.#middle = ring.written - ring.length + middle;
    this.#middle_s = ring.at(time, middle);
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

/** The copy. */
export class RingReceiver {
  ring: SeriesRing | undefined;
  #row = new Float64Array(0);

  take(rows: Rows | undefined): void {
    if (rows === undefined) {
      this.ring = undefined;
      return;
    }
    const { anew, count, values } = rows;
    if (anew !== undefined) {
      this.ring = new SeriesRing(anew.columns, anew.capacity);
      this.#row = new Float64Array(anew.columns.length);
    }
    const row = this.#row;
    for (let i = 0; i < count; i++) {
      for (let column = 0; column < row.length; column++) row[column] = values[column * count + i] ?? NaN;
      this.ring?.push(row);
    }
  }
}
