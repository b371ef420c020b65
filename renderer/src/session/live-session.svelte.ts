/**
 * What the page knows of one session or recorded run. Samples and calls lie outside `$state`, in typed arrays and plain
 * lists; `version` and `callsVersion` tell those who draw them that there is more.
 */
import type { OptionInfo } from '#contract/describe';
import { BucketSum } from '#contract/bucket-sum';
import type { AppError } from '#contract/errors';
import {
  errorOf,
  type Hello,
  type Note,
  type OptionValues,
  type RpcCall,
  type SessionFrame,
  type Summary,
  type Tick,
  type Utterance,
} from '#contract/frames';
import type { Mark } from '#contract/marks';
import { SampleDeriver, SeriesRing } from '#contract/series';
import { isOver, type SessionEvent, type SessionInfo, type SessionSnapshot } from '#contract/session';
import { CallLog } from './call-log.ts';
import { TickWindow, type Figures } from './tick-window.ts';

/** At 20 samples a second, half an hour; of a longer session old rows are merged. */
export const RING_ROWS = 36_000;
/** Text that changes more often cannot be read. */
const FIGURES_INTERVAL_MS = 200;
const MOST_NOTES = 500;
const MOST_UTTERANCES = 1000;

export class LiveSession {
  readonly id: string;
  /** Shown again from its recording: it moves, and nobody can command it. */
  readonly replayed: boolean;
  info = $state.raw<SessionInfo>() as SessionInfo;
  hello = $state.raw<Hello | null>(null);
  summary = $state.raw<Summary | null>(null);
  notes = $state.raw<readonly Note[]>([]);
  /** What was said in a dialogue, oldest first. */
  utterances = $state.raw<readonly Utterance[]>([]);
  /** What a person marked, in the order of time. */
  marks = $state.raw<readonly Mark[]>([]);
  errors = $state.raw<readonly AppError[]>([]);
  rpcCall = $state.raw<RpcCall | null>(null);
  /** Of the last second; the text of the page. */
  figures = $state.raw<Figures>();
  /** Grows when `ring` has new rows. */
  version = $state.raw(0);
  callsVersion = $state.raw(0);
  /** Undefined until the processes are known. */
  ring: SeriesRing | undefined;
  readonly calls = new CallLog();
  /** Of the whole session's measured time; grows with `version`. */
  readonly latency = new BucketSum();
  /** Of options that were changed on the way: what the system made of it, which may be more than was asked for. */
  #changed = $state.raw<Readonly<Record<string, { value: number | string }>>>({});
  readonly #window = new TickWindow();
  #deriver: SampleDeriver | undefined;
  /** After a restored snapshot the first tick only serves as the base of the next one. */
  #primed = true;
  #figuresAt = -Infinity;

  constructor(info: SessionInfo, replayed = false) {
    this.id = info.id;
    this.info = info;
    this.replayed = replayed;
  }

  /** @param samples In the place of the snapshot's own: what a replay has reached so far. */
  static fromSnapshot(snapshot: SessionSnapshot, samples?: SeriesRing): LiveSession {
    const session = new LiveSession(snapshot.info, samples !== undefined);
    const { hello, series } = snapshot;
    session.hello = hello;
    session.summary = snapshot.summary;
    session.notes = snapshot.notes;
    for (const note of snapshot.notes) session.#heed(note);
    session.utterances = snapshot.utterances;
    session.marks = snapshot.marks;
    session.errors = snapshot.errors;
    session.rpcCall = snapshot.rpc_call;
    for (const call of snapshot.calls) session.calls.push(call);
    session.latency.add(snapshot.latency_buckets);
    if (samples !== undefined) {
      session.ring = samples;
      session.#primed = samples.length === 0;
    } else if (series !== null) {
      session.ring = SeriesRing.fromTable(series, isOver(snapshot.info.state) ? series.rows : RING_ROWS);
      session.#primed = false;
    }
    if (hello !== null) {
      session.ring ??= new SeriesRing(new SampleDeriver(hello).columns, RING_ROWS);
      session.#deriver = new SampleDeriver(hello);
    }
    session.version++;
    session.callsVersion++;
    return session;
  }

  get state(): SessionInfo['state'] {
    return this.info.state;
  }

  get over(): boolean {
    return isOver(this.info.state);
  }

  get elapsed_ns(): number {
    return this.summary?.elapsed_ns ?? this.figures?.elapsed_ns ?? this.#newest('elapsed_s') * 1e9;
  }

  /** The value with which the session runs now. */
  valueOf(option: OptionInfo): OptionValues[string] {
    return (
      this.#changed[option.name]?.value ??
      this.hello?.options[option.name] ??
      this.info.spec.options[option.name] ??
      option.default
    );
  }

  /** The last change of an option: another object for each, even to the same value. */
  changeOf(name: string): object | undefined {
    return this.#changed[name];
  }

  /** Takes the events of one batch; what they change shows at once, the text of the figures five times a second. */
  take(events: readonly SessionEvent[], now_ms = performance.now()): void {
    const rows = this.ring?.written ?? 0;
    const calls = this.calls.length;
    const last = this.calls.last;
    for (const event of events) this.#takeEvent(event);
    if ((this.ring?.written ?? 0) !== rows) this.version++;
    if (this.calls.length !== calls || this.calls.last !== last) this.callsVersion++;
    // A change of state may be the last that comes for a while.
    const turning = events.some(({ event }) => event === 'state');
    if (turning || now_ms - this.#figuresAt >= FIGURES_INTERVAL_MS) {
      this.#figuresAt = now_ms;
      this.figures = this.#window.figures();
    }
  }

  #takeEvent(event: SessionEvent): void {
    switch (event.event) {
      case 'state':
        this.info = event.info;
        break;
      case 'error':
        this.errors = [...this.errors, event.error].slice(-MOST_NOTES);
        break;
      case 'frame':
        this.#takeFrame(event.frame);
        break;
    }
  }

  #takeFrame(frame: SessionFrame): void {
    switch (frame.t) {
      case 'hello':
        this.hello = frame;
        this.#deriver = new SampleDeriver(frame);
        this.ring ??= new SeriesRing(this.#deriver.columns, RING_ROWS);
        break;
      case 'tick':
        this.#takeTick(frame);
        break;
      case 'call':
        if (frame.elapsed_ns > (this.calls.last?.elapsed_ns ?? -1) || this.#primed) this.calls.push(frame);
        break;
      case 'rpc_call':
        this.rpcCall = frame;
        break;
      case 'note':
        if (!this.notes.some((n) => n.elapsed_ns === frame.elapsed_ns && n.code === frame.code)) {
          this.notes = [...this.notes, frame].slice(-MOST_NOTES);
          this.#heed(frame);
        }
        break;
      case 'summary':
        this.summary = frame;
        break;
      case 'error':
        this.errors = [...this.errors, errorOf(frame)].slice(-MOST_NOTES);
        break;
      case 'utterance':
        this.#takeUtterance(frame);
        break;
      case 'text':
        break;
    }
  }

  #takeUtterance(said: Utterance): void {
    const known = this.utterances.some(
      ({ from, sequence }) => from.role === said.from.role && sequence === said.sequence,
    );
    if (!known) this.utterances = [...this.utterances, said].slice(-MOST_UTTERANCES);
  }

  #heed(note: Note): void {
    if (note.code.endsWith('_changed')) {
      const changed = { ...this.#changed };
      for (const [name, value] of Object.entries(note.params)) {
        changed[name] = { value };
      }
      this.#changed = changed;
    }
    const { warmup_messages } = note.params;
    if (note.code === 'measuring' && typeof warmup_messages === 'number') {
      this.#window.measuringSince(warmup_messages);
    }
  }

  #takeTick(tick: Tick): void {
    if (this.#deriver === undefined || this.ring === undefined) return;
    if (tick.elapsed_ns / 1e9 <= this.#newest('elapsed_s')) return;
    if (tick.phase === 'measure') this.latency.add(tick.latency.buckets);
    const row = this.#deriver.push(tick);
    this.#window.push(tick);
    if (row === undefined) return;
    if (this.#primed) this.ring.push(row);
    this.#primed = true;
  }

  #newest(column: string): number {
    const { ring } = this;
    return ring === undefined || ring.length === 0 ? NaN : ring.at(ring.indexOf(column), ring.length - 1);
  }
}
