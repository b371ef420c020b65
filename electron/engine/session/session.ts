/**
 * One session: the state machine around one process of the helper. Every change of state, every frame and every
 * failure is an event; whatever the helper does, the session ends in `finished` or `failed`.
 */
import { AppException, type AppError } from '#contract/errors';
import { errorOf, type Frame, type SessionFrame } from '#contract/frames';
import type { MechanismInfo } from '#contract/describe';
import {
  isOver,
  type SessionCommand,
  type SessionEvent,
  type SessionInfo,
  type SessionSnapshot,
  type SessionState,
} from '#contract/session';
import { toFlags } from '#contract/spec';
import { crashed, HelperProcess, silent, type HelperEnd } from '../helper/process.ts';
import type { Recorder } from '../recordings/recorder.ts';
import { commandLine } from './commands.ts';
import { History } from './history.ts';

/** Time for the summary after `stop`. */
export const STOP_LIMIT_MS = 3000;
/** Time to end after the last frame. */
const EXIT_LIMIT_MS = 2000;

export interface SessionOptions {
  helper: string;
  mechanism: MechanismInfo;
  info: SessionInfo;
  emit: (event: SessionEvent) => void;
  /** Opens the recording once the helper has said hello; a session that never began leaves none. */
  record: ((session: RecordedSession) => Recorder) | null;
  silenceLimit_ms?: number;
}

/** What a recording needs of its session. */
export interface RecordedSession {
  info: SessionInfo;
  helper: string;
  failed: (error: AppError) => void;
  pressure: (high: boolean) => void;
}

export interface SessionEnd {
  /** The helper was killed or crashed. */
  byForce: boolean;
}

const AFTER_LAST_FRAME: Limit = { ms: EXIT_LIMIT_MS, error: undefined, always: false };

interface Limit {
  ms: number;
  error: AppError | undefined;
  /** Whether it counts also while frames are held back. */
  always: boolean;
}

export class Session {
  /** Settles when the helper has said hello, or when there is nothing left to wait for. */
  readonly started: Promise<SessionInfo>;
  /** Settles when the session is finished or failed and its recording closed; never rejects. */
  readonly over: Promise<SessionEnd>;

  readonly #options: SessionOptions;
  readonly #history = new History();
  readonly #helper: HelperProcess;
  #info: SessionInfo;
  #recorder: Recorder | undefined;
  #began!: (info: SessionInfo) => void;
  #refused!: (thrown: AppException) => void;
  #closed!: (end: SessionEnd) => void;
  /** The first thing that went wrong: what a session without a summary is explained by. */
  #cause: AppError | undefined;
  #firstBadLine: AppError | undefined;
  #limit: Limit | undefined;
  #limitTimer: NodeJS.Timeout | undefined;
  /** The recording cannot keep up: what the helper says does not arrive, and no limit counts. */
  #heldBack = false;
  /** The helper has ended. */
  #ended = false;
  #lastElapsed_ns = 0;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#info = options.info;
    this.started = new Promise((resolve, reject) => {
      this.#began = resolve;
      this.#refused = reject;
    });
    // Who starts a session hears of a refusal through the call; nobody else has to listen.
    this.started.catch(() => undefined);
    this.over = new Promise((resolve) => {
      this.#closed = resolve;
    });
    options.emit({ event: 'state', session: this.#info.id, state: this.#info.state, info: this.#info });
    this.#helper = new HelperProcess(
      options.helper,
      toFlags(options.mechanism, options.info.spec),
      {
        frame: (frame, line) => this.#frame(frame, line),
        badLine: (error) => this.#badLine(error),
        end: (end) => void this.#end(end),
      },
      options.silenceLimit_ms,
    );
  }

  get info(): SessionInfo {
    return this.#info;
  }

  snapshot(): SessionSnapshot {
    return this.#history.snapshot(this.#info);
  }

  /** Settles when the session's run has its folder, or where it has none. */
  async recorded(): Promise<void> {
    await this.#recorder?.begun;
  }

  /** Carries a command out, or throws an AppException that says why not. */
  command(command: SessionCommand): void {
    const { state } = this.#info;
    const line = commandLine(command, {
      state,
      mechanism: this.#options.mechanism,
      hello: this.#history.hello,
    });
    if (command.command !== 'stop') this.#helper.write(line);
    else if (state !== 'stopping') this.stop();
  }

  /** Asks the helper to end; one that gives no summary in time is ended by force. */
  stop(): void {
    this.#stop({ ms: STOP_LIMIT_MS, error: silent(STOP_LIMIT_MS), always: false });
  }

  /** As `stop`, for an app that ends: not even a disk that hangs is waited for longer. */
  end(limit_ms: number): void {
    this.#stop({ ms: limit_ms, error: silent(limit_ms), always: true });
  }

  #stop(limit: Limit): void {
    if (isOver(this.#info.state)) return;
    if (this.#info.state !== 'stopping') {
      this.#setState('stopping');
      this.#helper.write('stop');
    }
    if (this.#history.summary === null) this.#endWithin(limit);
  }

  #frame(frame: Frame, line: string): void {
    if (frame.t === 'describe' || frame.t === 'cleaned') return;
    if (frame.t === 'hello' && this.#history.hello !== null) return;
    this.#lastElapsed_ns = frame.elapsed_ns;
    if (frame.t === 'hello') this.#openRecording(frame.helper);
    this.#recorder?.write(line);
    this.#history.add(frame);
    this.#options.emit({ event: 'frame', session: this.#info.id, frame });
    this.#react(frame);
  }

  #react(frame: SessionFrame): void {
    if (frame.t === 'hello') {
      if (this.#info.state === 'starting') this.#setState('running');
      this.#began(this.#info);
    } else if (frame.t === 'note') {
      if (frame.code === 'paused' && this.#info.state === 'running') this.#setState('paused');
      if (frame.code === 'resumed' && this.#info.state === 'paused') this.#setState('running');
    } else if (frame.t === 'error' && frame.fatal) {
      this.#cause ??= errorOf(frame);
      this.#endWithin(AFTER_LAST_FRAME);
    } else if (frame.t === 'summary') {
      this.#endWithin(AFTER_LAST_FRAME);
    }
  }

  #badLine(error: AppError): void {
    this.#firstBadLine ??= error;
    this.#report(error, false);
  }

  /** An error from outside the helper's frames: told, remembered, and kept in the recording. */
  #report(error: AppError, fatal: boolean): void {
    this.#history.addError(error);
    this.#recorder?.write(JSON.stringify({ t: 'error', elapsed_ns: this.#lastElapsed_ns, fatal, ...error }));
    this.#options.emit({ event: 'error', session: this.#info.id, error, fatal });
  }

  #openRecording(helper: string): void {
    this.#recorder = this.#options.record?.({
      info: this.#info,
      helper,
      failed: (error) => {
        this.#history.addError(error);
        this.#options.emit({ event: 'error', session: this.#info.id, error, fatal: false });
      },
      pressure: (high) => this.#holdBack(high),
    });
  }

  #holdBack(held: boolean): void {
    this.#heldBack = held;
    if (held) this.#helper.pause();
    else this.#helper.resume();
    if (this.#limit?.always === false) this.#endWithin(this.#limit);
  }

  #endWithin(limit: Limit): void {
    clearTimeout(this.#limitTimer);
    this.#limit = limit;
    if (this.#ended || (this.#heldBack && !limit.always)) return;
    this.#limitTimer = setTimeout(() => this.#helper.kill(limit.error), limit.ms);
  }

  /** Says who ended and what was measured until then, where the helper cannot any more. */
  #sumUp(end: HelperEnd): void {
    const { hello } = this.#history;
    if (hello === null) return;
    const how = end.signal === null ? { exit: end.code ?? -1 } : { signal: end.signal };
    const params = { pid: hello.pid, ...how };
    this.#tell({ t: 'note', elapsed_ns: this.#lastElapsed_ns, code: 'supervisor_ended', params });
    const summary = this.#history.summarySoFar();
    if (summary !== null) this.#tell(summary);
  }

  /** A frame that the helper did not live to send. */
  #tell(frame: SessionFrame): void {
    this.#recorder?.write(JSON.stringify(frame));
    this.#history.add(frame);
    this.#options.emit({ event: 'frame', session: this.#info.id, frame });
  }

  async #end(end: HelperEnd): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#limitTimer);
    const { hello, summary } = this.#history;
    let state: SessionState = 'finished';
    if (summary === null) {
      state = 'failed';
      const told = this.#cause;
      const error = end.error ?? told ?? (hello === null ? this.#neverBegan(end) : crashed(end));
      if (error !== told && error !== this.#firstBadLine) this.#report(error, true);
      this.#refused(new AppException(error));
      this.#sumUp(end);
    } else if (summary.ended_by === 'error' || this.#cause !== undefined) {
      state = 'failed';
    }
    await this.#recorder?.close(state, this.#history.summary);
    this.#setState(state);
    this.#refused(new AppException(crashed(end)));
    this.#closed({ byForce: end.signal !== null });
  }

  #neverBegan(end: HelperEnd): AppError {
    if (this.#info.state === 'stopping') {
      return {
        code: 'wrong_state',
        message: 'the session was stopped before it began',
        remedy: 'Start it again.',
        where: 'session.start',
        value: 'stopping',
      };
    }
    return this.#firstBadLine ?? crashed(end);
  }

  #setState(state: SessionState): void {
    if (this.#info.state === state) return;
    this.#info = { ...this.#info, state };
    this.#options.emit({ event: 'state', session: this.#info.id, state, info: this.#info });
  }
}
