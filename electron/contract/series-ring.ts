/**
 * Sample rows in typed arrays, in bounded memory however long the session is: where there is no more room, neighbouring
 * old rows become one. A merged row keeps what was there: sums (rates and shares are means over its time), totals, and
 * the least and the greatest value of every column, so that no spike is lost.
 */
import type { Column } from './series.ts';

/** How two neighbouring values of a column become one. */
type Merge = 'last' | 'greatest' | 'by_time' | 'by_messages';

function mergeOf({ key, unit }: Column): Merge {
  // Totals, and the time at which a row ends.
  if (key === 'elapsed_s' || unit === 'count') return 'last';
  if (key === 'max_ns') return 'greatest';
  // A percentile of two stretches lies between theirs, nearer to the one with more messages.
  return unit === 'ns' ? 'by_messages' : 'by_time';
}

/** The extremes of a row that stands for several samples, and how many they are. */
export interface Envelope {
  low: ArrayLike<number>;
  high: ArrayLike<number>;
  samples: number;
}

export class SeriesRing {
  readonly columns: readonly Column[];
  readonly capacity: number;
  /** The newest rows, which are never merged: what is under way is seen in full. */
  readonly recent: number;
  readonly #rules: readonly Merge[];
  readonly #time: number;
  readonly #messages: number;
  readonly #data: Float64Array[];
  /** Made when the first row is merged; until then a row is its own least and greatest value. */
  #low: Float64Array[] | undefined;
  #high: Float64Array[] | undefined;
  readonly #samples: Float64Array;
  #length = 0;
  #written = 0;
  #merges = 0;
  /** Samples that an old row may stand for. */
  #coarsest = 1;

  constructor(columns: readonly Column[], capacity: number, recent = Math.floor(capacity / 3)) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError(`capacity ${capacity} is below 1`);
    this.columns = columns;
    // At least a pair has to be there to be merged.
    this.capacity = Math.max(2, capacity);
    this.recent = Math.max(0, Math.min(recent, this.capacity - 2));
    this.#rules = columns.map(mergeOf);
    this.#time = this.indexOf('elapsed_s');
    this.#messages = this.indexOf('messages_per_s');
    this.#data = columns.map(() => new Float64Array(this.capacity));
    this.#samples = new Float64Array(this.capacity);
  }

  /** Rows held now, at most `capacity`. */
  get length(): number {
    return this.#length;
  }

  /** Rows ever written; grows for ever, so a reader can tell whether anything is new. */
  get written(): number {
    return this.#written;
  }

  /** How often old rows were merged: whoever copies new rows only has to copy all of them again after it has grown. */
  get merges(): number {
    return this.#merges;
  }

  /** Whether there are rows that stand for several samples, so that extremes differ from values. */
  get widened(): boolean {
    return this.#low !== undefined;
  }

  /** Takes a row; none where a tick gave none. */
  push(row: ArrayLike<number> | undefined, envelope?: Envelope): void {
    if (row === undefined) return;
    if (this.#length === this.capacity) this.#makeRoom();
    const at = this.#length++;
    this.#written++;
    this.#samples[at] = envelope?.samples ?? 1;
    for (let column = 0; column < this.#data.length; column++)
      put(this.#data, column, at, row[column] ?? NaN);
    if (envelope !== undefined && envelope.samples > 1) this.#widen();
    if (this.#low === undefined || this.#high === undefined) return;
    for (let column = 0; column < this.#data.length; column++) {
      const value = row[column] ?? NaN;
      put(this.#low, column, at, lesser(envelope?.low[column] ?? NaN, value));
      put(this.#high, column, at, greater(envelope?.high[column] ?? NaN, value));
    }
  }

  /** Index of the column with this key, or -1. */
  indexOf(key: string): number {
    return this.columns.findIndex((column) => column.key === key);
  }

  /** Value of a column at a row, 0 being the oldest held; NaN outside. */
  at(column: number, row: number): number {
    return row < this.#length ? (this.#data[column]?.[row] ?? NaN) : NaN;
  }

  /** The least value that the row stands for. */
  lowAt(column: number, row: number): number {
    return row < this.#length ? ((this.#low ?? this.#data)[column]?.[row] ?? NaN) : NaN;
  }

  /** The greatest value that the row stands for. */
  highAt(column: number, row: number): number {
    return row < this.#length ? ((this.#high ?? this.#data)[column]?.[row] ?? NaN) : NaN;
  }

  /** How many samples the row stands for. */
  samplesAt(row: number): number {
    return row < this.#length ? (this.#samples[row] ?? 0) : 0;
  }

  /** A ring that holds the first rows of this one, with room for more. */
  prefix(rows: number, capacity: number): SeriesRing {
    const length = Math.max(0, Math.min(rows, this.#length));
    const ring = new SeriesRing(this.columns, Math.max(1, capacity, length));
    copyStart(this.#data, ring.#data, length);
    ring.#samples.set(this.#samples.subarray(0, length));
    if (this.#low !== undefined && this.#high !== undefined) {
      ring.#widen();
      if (ring.#low !== undefined) copyStart(this.#low, ring.#low, length);
      if (ring.#high !== undefined) copyStart(this.#high, ring.#high, length);
    }
    ring.#length = ring.#written = length;
    ring.#coarsest = this.#coarsest;
    return ring;
  }

  /** A copy that travels as JSON; the oldest row first. */
  toTable(): SeriesTable {
    const list = (data: Float64Array): (number | null)[] =>
      Array.from(data.subarray(0, this.#length), (value) => (Number.isNaN(value) ? null : value));
    return {
      columns: [...this.columns],
      rows: this.#length,
      values: this.#data.map(list),
      ...(this.#low !== undefined && this.#high !== undefined
        ? {
            merged: {
              low: this.#low.map(list),
              high: this.#high.map(list),
              samples: [...this.#samples.subarray(0, this.#length)],
            },
          }
        : {}),
    };
  }

  /** The ring of a table, with room for `capacity` rows (at least those of the table). */
  static fromTable(table: SeriesTable, capacity = table.rows): SeriesRing {
    const { rows, values, merged } = table;
    const ring = new SeriesRing(table.columns, Math.max(1, capacity, rows));
    fill(ring.#data, values, rows);
    ring.#samples.fill(1, 0, rows);
    if (merged !== undefined) {
      ring.#widen();
      if (ring.#low !== undefined) fill(ring.#low, merged.low, rows);
      if (ring.#high !== undefined) fill(ring.#high, merged.high, rows);
      for (let row = 0; row < rows; row++) {
        const samples = merged.samples[row] ?? 1;
        ring.#samples[row] = samples;
        ring.#coarsest = Math.max(ring.#coarsest, samples);
      }
    }
    ring.#length = ring.#written = rows;
    return ring;
  }

  /** From now on extremes are kept apart from values. */
  #widen(): void {
    if (this.#low !== undefined) return;
    this.#low = this.#data.map((values) => values.slice());
    this.#high = this.#data.map((values) => values.slice());
  }

  /**
   * Merges old rows, pair by pair, until an eighth of the ring is free: so it costs a row eight times its own copy, and
   * all old rows stand for about equally many samples, however long the session goes on.
   */
  #makeRoom(): void {
    this.#widen();
    const wanted = Math.max(1, this.capacity >> 3);
    do {
      if (this.#mergePairs() === 0) this.#coarsest *= 2;
    } while (this.capacity - this.#length < wanted && this.#mergeable());
    this.#merges++;
  }

  #mergeable(): boolean {
    return this.#length - this.recent >= 2;
  }

  /** Merges each pair of old neighbours that is no coarser than others; answers how many. */
  #mergePairs(): number {
    const old = this.#length - this.recent;
    let to = 0;
    let from = 0;
    // Rows move down while they are merged: the end of the row before is remembered.
    let start_s = 0;
    while (from < this.#length) {
      const pair = from + 1 < old && this.samplesAt(from) + this.samplesAt(from + 1) <= this.#coarsest;
      const end_s = this.at(this.#time, pair ? from + 1 : from);
      if (pair) this.#merge(from, from + 1, to, start_s);
      else if (to !== from) this.#move(from, to);
      start_s = Number.isNaN(end_s) ? start_s : end_s;
      from += pair ? 2 : 1;
      to++;
    }
    const merged = this.#length - to;
    this.#length = to;
    return merged;
  }

  #move(from: number, to: number): void {
    for (const data of [this.#data, this.#low ?? [], this.#high ?? []]) {
      for (let column = 0; column < data.length; column++) put(data, column, to, data[column]?.[from] ?? NaN);
    }
    this.#samples[to] = this.#samples[from] ?? 1;
  }

  #merge(one: number, two: number, to: number, start_s: number): void {
    const middle_s = this.at(this.#time, one);
    const time: [number, number] = [middle_s - start_s, this.at(this.#time, two) - middle_s];
    const messages: [number, number] = [
      time[0] * this.at(this.#messages, one),
      time[1] * this.at(this.#messages, two),
    ];
    for (let column = 0; column < this.#data.length; column++) {
      const [a, b] = [this.at(column, one), this.at(column, two)];
      const low = lesser(this.lowAt(column, one), this.lowAt(column, two));
      const high = greater(this.highAt(column, one), this.highAt(column, two));
      put(this.#data, column, to, merged(this.#rules[column], a, b, time, messages));
      if (this.#low !== undefined) put(this.#low, column, to, low);
      if (this.#high !== undefined) put(this.#high, column, to, high);
    }
    this.#samples[to] = (this.#samples[one] ?? 1) + (this.#samples[two] ?? 1);
  }
}

/** One value of two; what has none counts for nothing. */
function merged(
  rule: Merge | undefined,
  a: number,
  b: number,
  time: [number, number],
  messages: [number, number],
): number {
  if (Number.isNaN(a)) return b;
  if (Number.isNaN(b) || rule === 'last') return Number.isNaN(b) ? a : b;
  if (rule === 'greatest') return Math.max(a, b);
  const [p, q] = rule === 'by_messages' ? messages : time;
  return p + q > 0 ? (a * p + b * q) / (p + q) : (a + b) / 2;
}

function lesser(a: number, b: number): number {
  return Number.isNaN(a) || b < a ? b : a;
}

function greater(a: number, b: number): number {
  return Number.isNaN(a) || b > a ? b : a;
}

function put(data: readonly Float64Array[], column: number, row: number, value: number): void {
  const values = data[column];
  if (values !== undefined) values[row] = value;
}

function copyStart(from: readonly Float64Array[], to: readonly Float64Array[], rows: number): void {
  from.forEach((values, column) => to[column]?.set(values.subarray(0, rows)));
}

function fill(
  data: readonly Float64Array[],
  lists: readonly (readonly (number | null)[])[],
  rows: number,
): void {
  data.forEach((values, column) => {
    for (let row = 0; row < rows; row++) values[row] = lists[column]?.[row] ?? NaN;
  });
}

/** Sample rows by column, for a border that cannot carry typed arrays; null stands for NaN. */
export interface SeriesTable {
  columns: Column[];
  rows: number;
  values: (number | null)[][];
  /** Where rows stand for several samples: the extremes of each column, and how many samples a row has. */
  merged?: { low: (number | null)[][]; high: (number | null)[][]; samples: number[] };
}
