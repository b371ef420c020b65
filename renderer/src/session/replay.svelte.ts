/**
 * A recorded run shown again as it went: its frames are fetched a little ahead of the moment that is shown and given to a
 * session of their own, which the instrument draws as if it ran. So nothing is held but what is shown.
 */
import type { AppError } from '#contract/errors';
import type { SessionFrame } from '#contract/frames';
import { REPLAY_SPEEDS, type ReplaySpeed } from '#contract/replay';
import type { SessionEvent, SessionSnapshot, SessionState } from '#contract/session';
import { rowAt } from '../charts/min-max.ts';
import type { Host } from '../host/host.ts';
import { LiveSession, RING_ROWS } from './live-session.svelte.ts';

/** Recorded time that is fetched ahead, at normal speed, s. */
const AHEAD_S = 3;
/** Before the moment that is sought: the figures are of the last second. */
const BEFORE_S = 1.2;
/** Ticks are shown at most so often, ms. */
const SHOWN_EVERY_MS = 33;
/** A page that was held up goes on where it was, rather than leaping ahead. */
const LONGEST_STEP_S = 0.25;

/** What a test puts in the place of the browser's frames. */
export interface ReplayClock {
  request(draw: (now_ms: number) => void): number;
  cancel(id: number): void;
}

const BROWSER: ReplayClock = {
  request: (draw) => requestAnimationFrame(draw),
  cancel: (id) => cancelAnimationFrame(id),
};

export class Replay {
  /** What the instrument shows: the whole run, or how far the replay is. */
  session = $state.raw<LiveSession>() as LiveSession;
  /** The moment that is shown, s since the session's start. */
  time_s = $state.raw(0);
  playing = $state(false);
  speed = $state.raw<ReplaySpeed>(1);
  /** Frames are on their way, and nothing can be shown before. */
  waiting = $state(false);
  error = $state.raw<AppError>();
  readonly length_s: number;
  readonly #host: Host;
  readonly #clock: ReplayClock;
  readonly #snapshot: SessionSnapshot;
  readonly #whole: LiveSession;
  /** Frames that are still to come, in order. */
  #queue: SessionFrame[] = [];
  /** How far the frames have been fetched, ns; and whether nothing follows. */
  #fetched_ns = 0;
  #complete = false;
  #fetching = false;
  #fetchingAhead = false;
  /** A moment that was sought while another one was being fetched. */
  #sought: number | undefined;
  #frame: number | undefined;
  #shown_ms: number | undefined;
  #closed = false;

  constructor(host: Host, snapshot: SessionSnapshot, clock: ReplayClock = BROWSER) {
    this.#host = host;
    this.#clock = clock;
    this.#snapshot = snapshot;
    this.#whole = LiveSession.fromSnapshot(snapshot);
    this.session = this.#whole;
    const { ring } = this.#whole;
    const newest_s =
      ring === undefined || ring.length === 0 ? 0 : ring.at(ring.indexOf('elapsed_s'), ring.length - 1);
    this.length_s = Math.max(newest_s, (snapshot.summary?.elapsed_ns ?? 0) / 1e9);
    this.time_s = this.length_s;
  }

  /** Nothing to replay in a run that never came to a sample. */
  get possible(): boolean {
    return this.length_s > 0 && this.#snapshot.hello !== null;
  }

  /** The whole run is shown, with its summary. */
  get atEnd(): boolean {
    return this.session === this.#whole;
  }

  /** Plays from here, or from the start where the end is shown. */
  async play(): Promise<void> {
    if (this.playing || !this.possible) return;
    this.playing = true;
    this.#shown_ms = undefined;
    if (this.atEnd && !this.#fetching) await this.#show(0);
    this.#schedule();
  }

  pause(): void {
    this.playing = false;
    if (this.#frame !== undefined) this.#clock.cancel(this.#frame);
    this.#frame = undefined;
  }

  async toggle(): Promise<void> {
    if (this.playing) this.pause();
    else await this.play();
  }

  /** Shows the moment; playing goes on from there, but not beyond the end. */
  async seek(time_s: number): Promise<void> {
    if (!this.possible) return;
    const wanted = Math.min(Math.max(0, time_s), this.length_s);
    this.time_s = wanted;
    if (wanted >= this.length_s) {
      this.#end();
      return;
    }
    // While one moment is fetched only the last of those sought meanwhile counts.
    this.#sought = wanted;
    if (!this.#fetching) await this.#show(wanted);
  }

  setSpeed(speed: number): void {
    const known = REPLAY_SPEEDS.find((one) => one === speed);
    if (known === undefined || known === this.speed) return;
    this.speed = known;
    // What was fetched is as dense as the old speed could show.
    this.#queue = [];
    this.#complete = false;
    this.#fetched_ns = Math.round(this.time_s * 1e9);
  }

  close(): void {
    this.#closed = true;
    this.pause();
  }

  async #show(wanted: number): Promise<void> {
    this.#fetching = true;
    let time_s: number | undefined = wanted;
    while (time_s !== undefined && !this.#closed) {
      this.#sought = undefined;
      const from_s = Math.max(0, time_s - BEFORE_S);
      const from_ns = Math.round(from_s * 1e9);
      const to_ns = Math.round(time_s * 1e9);
      const session = this.#cut(from_s);
      const frames = await this.#fetch(from_ns, to_ns);
      if (this.#closed || frames === undefined) break;
      if (this.#sought === undefined) {
        feed(session, frames);
        this.#queue = [];
        this.#complete = false;
        this.#fetched_ns = to_ns;
        this.session = session;
        this.time_s = time_s;
      }
      time_s = this.#sought;
    }
    this.#fetching = false;
  }

  #end(): void {
    this.pause();
    this.#sought = undefined;
    this.#queue = [];
    this.waiting = false;
    this.time_s = this.length_s;
    this.session = this.#whole;
  }

  /** The session as it was known at a moment: what came later is left out. */
  #cut(time_s: number): LiveSession {
    const { info, notes, calls, utterances, rpc_call } = this.#snapshot;
    const before = ({ elapsed_ns }: { elapsed_ns: number }): boolean => elapsed_ns <= time_s * 1e9;
    const { ring } = this.#whole;
    const rows = ring === undefined ? 0 : rowAt(ring, ring.indexOf('elapsed_s'), time_s + 1e-9);
    const past = notes.filter(before);
    return LiveSession.fromSnapshot(
      {
        ...this.#snapshot,
        info: { ...info, state: stateAfter('running', past) },
        summary: null,
        notes: past,
        calls: calls.filter(before),
        utterances: utterances.filter(before),
        rpc_call: rpc_call !== null && before(rpc_call) ? rpc_call : null,
        errors: [],
      },
      ring?.prefix(rows, RING_ROWS),
    );
  }

  #schedule(): void {
    if (!this.playing || this.#closed || this.#frame !== undefined) return;
    this.#frame = this.#clock.request((now_ms) => {
      this.#frame = undefined;
      this.#step(now_ms);
      this.#schedule();
    });
  }

  #step(now_ms: number): void {
    const before_ms = (this.#shown_ms ??= now_ms);
    if (now_ms - before_ms < SHOWN_EVERY_MS || this.#fetching) return;
    this.#shown_ms = now_ms;
    const step_s = Math.min(LONGEST_STEP_S, (now_ms - before_ms) / 1000) * this.speed;
    const reachable_s = this.#complete ? this.length_s : this.#fetched_ns / 1e9;
    const time_s = Math.min(this.time_s + step_s, reachable_s);
    this.waiting = !this.#complete && time_s >= reachable_s;
    this.time_s = time_s;
    const later = this.#queue.findIndex(({ elapsed_ns }) => elapsed_ns > time_s * 1e9);
    feed(this.session, this.#queue.splice(0, later < 0 ? this.#queue.length : later));
    if (time_s >= this.length_s) this.#end();
    else if (!this.#complete && this.#fetched_ns / 1e9 - time_s < (AHEAD_S * this.speed) / 2)
      void this.#fetchAhead();
  }

  async #fetchAhead(): Promise<void> {
    if (this.#fetchingAhead) return;
    this.#fetchingAhead = true;
    const session = this.session;
    const from_ns = this.#fetched_ns;
    const to_ns = Math.round(from_ns + AHEAD_S * this.speed * 1e9);
    const answer = await this.#ask(from_ns, to_ns);
    this.#fetchingAhead = false;
    // Somebody went elsewhere meanwhile.
    if (answer === undefined || this.session !== session || this.#fetched_ns !== from_ns) return;
    this.#queue.push(...answer.frames);
    this.#fetched_ns = answer.until_ns;
    this.#complete = answer.end || answer.until_ns <= from_ns;
  }

  /** All frames of a stretch, which may take several answers. */
  async #fetch(from_ns: number, to_ns: number): Promise<SessionFrame[] | undefined> {
    const frames: SessionFrame[] = [];
    for (let at = from_ns; at < to_ns;) {
      const answer = await this.#ask(at, to_ns);
      if (answer === undefined) return undefined;
      frames.push(...answer.frames);
      if (!answer.full || answer.until_ns <= at) break;
      at = answer.until_ns;
    }
    return frames;
  }

  async #ask(from_ns: number, to_ns: number) {
    const every_ns = this.speed > 1 ? Math.round(this.speed * SHOWN_EVERY_MS * 1e6) : 0;
    const answer = await this.#host.call('runs.frames', {
      id: this.#snapshot.info.id,
      from_ns,
      to_ns,
      every_ns,
    });
    if (answer.ok) {
      this.error = undefined;
      return answer.value;
    }
    this.error = answer.error;
    this.pause();
    return undefined;
  }
}

/** Gives a session frames of a recording; what they tell of its state becomes its state. */
function feed(session: LiveSession, frames: readonly SessionFrame[]): void {
  const events: SessionEvent[] = [];
  for (const frame of frames) {
    // The end is shown by the whole run.
    if (frame.t === 'summary' || frame.t === 'hello') continue;
    events.push({ event: 'frame', session: session.id, frame });
    if (frame.t !== 'note') continue;
    const state = stateAfter(session.state, [frame]);
    if (state !== session.state) {
      events.push({ event: 'state', session: session.id, state, info: { ...session.info, state } });
    }
  }
  if (events.length > 0) session.take(events);
}

function stateAfter(state: SessionState, notes: readonly { code: string }[]): SessionState {
  return notes.reduce<SessionState>(
    (now, { code }) => (code === 'paused' ? 'paused' : code === 'resumed' ? 'running' : now),
    state,
  );
}
