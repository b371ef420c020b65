/** What is remembered of one session, live or read from its recording: bounded, and shown whole by a snapshot. */
import type { AppError } from '#contract/errors';
import {
  errorOf,
  type Call,
  type Hello,
  type Note,
  type RpcCall,
  type SessionFrame,
  type Summary,
  type Tick,
  type Utterance,
} from '#contract/frames';
import { columnsOf, SeriesRing } from '#contract/series';
import type { SessionInfo, SessionSnapshot } from '#contract/session';
import { BucketSum } from '#contract/bucket-sum';
import { verifiedSoFar } from '#contract/verified';
import { Sampler } from './sampler.ts';
import { summarySoFar } from './summary-so-far.ts';

/** Sample rows kept: a quarter of an hour at 20 ticks a second; of a longer session old rows are merged. */
export const HISTORY_ROWS = 20_000;
/** The helper logs the first 200 calls, then errors and samples: both ends of the log are of interest. */
const FIRST_CALLS = 200;
const LAST_CALLS = 800;
const MOST_NOTES = 1000;
const MOST_UTTERANCES = 1000;
const MOST_ERRORS = 200;

export class History {
  readonly #rows: number;
  readonly #latency = new BucketSum();
  readonly #firstCalls: Call[] = [];
  readonly #lastCalls: Call[] = [];
  readonly #notes: Note[] = [];
  readonly #utterances: Utterance[] = [];
  readonly #errors: AppError[] = [];
  readonly #each: number;
  #sampler: Sampler | undefined;
  #series: SeriesRing | undefined;
  /** The last tick of the warm-up and of the measured time, and how long the latter was. */
  #base: Tick | undefined;
  #last: Tick | undefined;
  #measured_ns = 0;
  #paused = false;
  #rpcCall: RpcCall | null = null;
  hello: Hello | null = null;
  summary: Summary | null = null;

  /** @param each Ticks that become one sample row, for a recording that is known to be longer than `rows`. */
  constructor(rows = HISTORY_ROWS, each = 1) {
    this.#rows = rows;
    this.#each = each;
  }

  add(frame: SessionFrame): void {
    switch (frame.t) {
      case 'hello':
        this.hello = frame;
        this.#series = new SeriesRing(columnsOf(frame), this.#rows);
        this.#sampler = new Sampler(frame, this.#series, this.#each);
        break;
      case 'tick':
        this.#addTick(frame);
        break;
      case 'call':
        if (this.#firstCalls.length < FIRST_CALLS) this.#firstCalls.push(frame);
        else keepLast(this.#lastCalls, frame, LAST_CALLS);
        break;
      case 'rpc_call':
        this.#rpcCall = frame;
        break;
      case 'note':
        keepLast(this.#notes, frame, MOST_NOTES);
        if (frame.code === 'paused') this.#paused = true;
        if (frame.code === 'resumed') this.#paused = false;
        break;
      case 'summary':
        this.summary = frame;
        break;
      case 'error':
        this.addError(errorOf(frame));
        break;
      case 'utterance':
        keepLast(this.#utterances, frame, MOST_UTTERANCES);
        break;
      case 'text':
        break;
    }
  }

  addError(error: AppError): void {
    keepLast(this.#errors, error, MOST_ERRORS);
  }

  snapshot(info: SessionInfo): SessionSnapshot {
    this.#sampler?.flush();
    return {
      info,
      hello: this.hello,
      summary: this.summary,
      series: this.#series?.toTable() ?? null,
      latency_buckets: this.#latency.toSparse(),
      calls: [...this.#firstCalls, ...this.#lastCalls],
      rpc_call: this.#rpcCall,
      notes: [...this.#notes],
      utterances: [...this.#utterances],
      marks: [],
      errors: [...this.#errors],
    };
  }

  /** What was measured until now, as the summary that nobody else will make; null where nothing was. */
  summarySoFar(): Summary | null {
    if (this.hello === null || this.#last === undefined) return null;
    return summarySoFar({
      hello: this.hello,
      base: this.#base,
      last: this.#last,
      duration_ns: this.#measured_ns,
      latency: this.#latency.toSparse(),
      verified: verifiedSoFar(this.hello, this.#notes),
    });
  }

  #addTick(tick: Tick): void {
    if (this.#sampler === undefined) return;
    this.#sampler.push(tick);
    if (tick.phase === 'warmup') this.#base = tick;
    if (tick.phase !== 'measure') return;
    this.#last = tick;
    if (!this.#paused) this.#measured_ns += tick.interval_ns;
    this.#latency.add(tick.latency.buckets);
  }
}

function keepLast<T>(list: T[], entry: T, most: number): void {
  list.push(entry);
  if (list.length > most) list.shift();
}
