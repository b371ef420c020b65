/**
 * One process of the helper: frames out, commands in, and one answer to how it ended. Whatever the program behind the
 * path does (nothing, garbage, another protocol, a crash), its owner hears of it as a typed error.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { toAppError, type AppError } from '#contract/errors';
import type { Frame } from '#contract/frames';
import { helperEnvironment } from './environment.ts';
import { LineSplitter, type Line } from './line-splitter.ts';
import { parseFrame } from './parse-frame.ts';

/** Time for the first valid frame, and between two: a session ticks at least once a second. */
export const SILENCE_LIMIT_MS = 5000;
/** Time to read what is there before silence is believed. */
const GRACE_MS = 200;
/** Lines that are no frames: so many in a row, or altogether, and the helper is given up. */
const MOST_BAD_IN_A_ROW = 100;
const MOST_BAD = 1000;
const STDERR_KEPT = 4096;
/** After its exit, a process that inherited its stdout may keep that open; nobody waits longer for it. */
const DRAIN_LIMIT_MS = 500;

export interface HelperListener {
  /** `line` is the frame as the helper wrote it. */
  frame(frame: Frame, line: string): void;
  /** A line was no frame; the helper goes on. */
  badLine(error: AppError): void;
  /** Called once, last. */
  end(end: HelperEnd): void;
}

export interface HelperEnd {
  /** Why it could not be started or was given up; absent where it ended by itself or by `kill`. */
  error?: AppError;
  code: number | null;
  signal: string | null;
  /** `exit 0`, `signal SIGSEGV`, with the end of stderr where there is one. */
  how: string;
}

export class HelperProcess {
  readonly #listener: HelperListener;
  readonly #path: string;
  readonly #lines = new LineSplitter();
  readonly #silenceLimit_ms: number;
  #child: ChildProcessWithoutNullStreams | undefined;
  #silence: NodeJS.Timeout | undefined;
  #drain: NodeJS.Timeout | undefined;
  #stderr = '';
  #badInARow = 0;
  #bad = 0;
  #error: AppError | undefined;
  /** Frames are held back: silence means nothing. */
  #paused = false;
  #exited = false;
  #ended = false;

  constructor(
    path: string,
    args: readonly string[],
    listener: HelperListener,
    silenceLimit_ms = SILENCE_LIMIT_MS,
  ) {
    this.#path = path;
    this.#listener = listener;
    this.#silenceLimit_ms = silenceLimit_ms;
    try {
      this.#child = spawn(path, args, {
        stdio: 'pipe',
        shell: false,
        windowsHide: true,
        env: helperEnvironment(process.env),
      });
    } catch (thrown) {
      // Node throws where the file is no program for this machine (ENOEXEC), and tells the rest by an event.
      const error = this.#startError(thrown);
      queueMicrotask(() => this.#finish({ error, code: null, signal: null, how: error.message }));
      return;
    }
    this.#listen(this.#child);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Writes one command line; a helper that is gone does not mind. */
  write(line: string): void {
    if (this.#child?.stdin.writable === true) this.#child.stdin.write(`${line}\n`);
  }

  /** Tells it that nothing more will be said; a session takes that as `stop`. */
  closeInput(): void {
    this.#child?.stdin.end();
  }

  /** Ends it by force; `end` follows. */
  kill(error?: AppError): void {
    this.#error ??= error;
    this.#child?.kill('SIGKILL');
  }

  /** Holds the helper's frames back until `resume`, when the recording cannot keep up. */
  pause(): void {
    this.#paused = true;
    clearTimeout(this.#silence);
    this.#child?.stdout.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#expectFrame();
    this.#child?.stdout.resume();
  }

  /** Gives the helper up unless a frame comes in time. */
  #expectFrame(): void {
    clearTimeout(this.#silence);
    // Lines of a chunk that came before the pause are still taken one by one.
    if (this.#paused || this.#exited) return;
    this.#silence = setTimeout(() => {
      // After the machine slept, the timer is due before what the helper printed meanwhile has been read.
      this.#silence = setTimeout(() => this.kill(silent(this.#silenceLimit_ms)), GRACE_MS);
    }, this.#silenceLimit_ms);
  }

  #listen(child: ChildProcessWithoutNullStreams): void {
    this.#expectFrame();
    child.stdin.on('error', () => undefined);
    child.stdout.on('error', () => undefined);
    child.stderr.on('error', () => undefined);
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-STDERR_KEPT);
    });
    child.stdout.on('data', (chunk: Buffer) => {
      for (const line of this.#lines.push(chunk)) this.#take(line);
    });
    child.on('error', (thrown) => {
      // Also emitted where a signal could not be sent; then the exit tells the rest.
      if (child.pid === undefined) {
        const error = this.#startError(thrown);
        this.#finish({ error, code: null, signal: null, how: error.message });
      }
    });
    child.on('exit', () => {
      this.#exited = true;
      clearTimeout(this.#silence);
      child.stdin.destroy();
      child.stdout.resume();
      this.#drain = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, DRAIN_LIMIT_MS);
    });
    child.on('close', (code, signal) => {
      const rest = this.#lines.end();
      if (rest !== undefined) this.#take(rest);
      const error = this.#error;
      this.#finish({
        ...(error === undefined ? {} : { error }),
        code,
        signal,
        how: this.#how(code, signal),
      });
    });
  }

  #take(line: Line): void {
    if (this.#ended || this.#error !== undefined || line.text.trim() === '') return;
    const parsed = parseFrame(line);
    if (parsed.ok) {
      this.#expectFrame();
      this.#badInARow = 0;
      this.#listener.frame(parsed.value, line.text);
      return;
    }
    if (parsed.error.code === 'helper_protocol') return this.kill(parsed.error);
    this.#listener.badLine(parsed.error);
    this.#bad++;
    if (++this.#badInARow >= MOST_BAD_IN_A_ROW || this.#bad >= MOST_BAD) this.kill(parsed.error);
  }

  #finish(end: HelperEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#exited = true;
    clearTimeout(this.#silence);
    clearTimeout(this.#drain);
    this.#listener.end(end);
  }

  #how(code: number | null, signal: string | null): string {
    const how = signal === null ? `exit ${code ?? '?'}` : `signal ${signal}`;
    const said = this.#stderr.trim().slice(-500);
    return said === '' ? how : `${how}: ${said}`;
  }

  #startError(thrown: unknown): AppError {
    const error = toAppError(thrown);
    const detail = { where: this.#path, ...(error.errno === undefined ? {} : { errno: error.errno }) };
    switch (error.errno) {
      case 'ENOENT':
      case 'ENOTDIR':
        return {
          code: 'helper_missing',
          message: 'the helper was not found',
          remedy: 'Build it, or install IPC Scope again.',
          ...detail,
        };
      case 'EACCES':
      case 'EPERM':
      case 'ENOEXEC':
        return {
          code: 'helper_not_executable',
          message: 'the helper may not be executed',
          remedy: 'Give it the execute permission, or build it for this machine.',
          ...detail,
        };
      default:
        return {
          code: 'system_refused',
          message: error.message,
          remedy: 'Free processes, files or memory, then try again.',
          ...detail,
        };
    }
  }
}

/** The error of a helper that did not answer in time. */
export function silent(limit_ms: number): AppError {
  return {
    code: 'helper_silent',
    message: `no answer within ${limit_ms / 1000} s`,
    remedy: 'Start the session again.',
  };
}

/** The error of a helper that ended before its work was done. */
export function crashed(end: HelperEnd): AppError {
  return { code: 'helper_crashed', message: end.how, remedy: 'Start the session again.' };
}
