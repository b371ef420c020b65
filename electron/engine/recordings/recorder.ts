/**
 * Writes one run to disk, append-only, line by line as frames come, so that whatever ends the app leaves all but the
 * last moment readable. Lines that come faster than the disk takes them wait in memory and are written together; when
 * too much waits, the source is asked to hold back. A disk that fails costs the recording, never the session.
 */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { toAppError, type AppError } from '#contract/errors';
import type { Summary } from '#contract/frames';
import type { SessionState } from '#contract/session';
import { ownFolder } from '../folders.ts';
import { FRAMES_FILE, writeRunFile, type RunFile } from './run-file.ts';

/** Characters in memory at which the source is asked to hold back, and at which it may go on. */
const HIGH_WATER = 32 * 1024 * 1024;
const LOW_WATER = 8 * 1024 * 1024;

/** Given back where the disk is full, so that the end of the run can still be noted: run.json twice, for it is replaced. */
const ROOM_FOR_END_BYTES = 16 * 1024;

export interface RecorderListener {
  /** Called once: nothing further is recorded. */
  failed(error: AppError): void;
  /** Whether the source should hold back. */
  pressure(high: boolean): void;
}

/** Opens the file of frames; a test puts another one in its place. */
export type OpenFrames = (path: string) => Promise<Pick<FileHandle, 'write' | 'truncate' | 'close'>>;

const openFrames: OpenFrames = (path) => open(path, 'a', 0o600);

export class Recorder {
  /** Settles when the run has its folder, or never will; never rejects. */
  readonly begun: Promise<void>;
  readonly #folder: string;
  readonly #file: RunFile;
  readonly #listener: RecorderListener;
  readonly #open: OpenFrames;
  #handle: Awaited<ReturnType<OpenFrames>> | undefined;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #writtenBytes = 0;
  /** Ends of whole lines, ascending; the first leaves room for the end of the run. */
  #lineEnds: number[] = [0];
  #held = false;
  #broken = false;
  #work: Promise<void>;
  #noted: Promise<void> | undefined;
  #writing = false;

  /** `folder` is the run's own, not there yet; `file` is what is known at the start. */
  constructor(folder: string, file: RunFile, listener: RecorderListener, openFile: OpenFrames = openFrames) {
    this.#folder = folder;
    this.#file = file;
    this.#listener = listener;
    this.#open = openFile;
    this.#writing = true;
    this.begun = this.#openFiles();
    this.#work = this.#begin();
  }

  /** Takes one line, without its end. */
  write(line: string): void {
    if (this.#broken) return;
    this.#waiting.push(line);
    this.#waitingCharacters += line.length;
    if (!this.#held && this.#waitingCharacters > HIGH_WATER) this.#hold(true);
    if (!this.#writing) {
      this.#writing = true;
      this.#work = this.#writeAll();
    }
  }

  /** Writes what waits, then how the session ended; never rejects. */
  async close(state: SessionState, summary: Summary | null): Promise<void> {
    await this.#work;
    await this.#noted;
    try {
      await this.#handle?.close();
      if (this.#broken && this.#writtenBytes === 0) {
        // Nothing was recorded, so there is no run.
        await rm(this.#folder, { recursive: true, force: true });
        return;
      }
      await writeRunFile(this.#folder, { ...this.#file, state, summary });
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  async #openFiles(): Promise<void> {
    try {
      await ownFolder(this.#folder);
      this.#handle = await this.#open(join(this.#folder, FRAMES_FILE));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  async #begin(): Promise<void> {
    await this.begun;
    // Frames do not wait for run.json, whose write waits for the disk.
    this.#noted = writeRunFile(this.#folder, this.#file).catch((thrown: unknown) => this.#fail(thrown));
    await this.#writeAll();
  }

  async #writeAll(): Promise<void> {
    try {
      while (this.#waiting.length > 0 && this.#handle !== undefined) {
        const bytes = Buffer.from(`${this.#waiting.join('\n')}\n`);
        this.#waiting = [];
        this.#waitingCharacters = 0;
        await this.#writeWhole(this.#handle, bytes);
        this.#writtenBytes += bytes.length;
        this.#lineEnds.push(this.#writtenBytes);
        while ((this.#lineEnds[1] ?? Infinity) <= this.#writtenBytes - ROOM_FOR_END_BYTES)
          this.#lineEnds.shift();
        if (this.#held && this.#waitingCharacters < LOW_WATER) this.#hold(false);
      }
    } catch (thrown) {
      // What was begun of a line would look like damage.
      const full = toAppError(thrown).code === 'disk_full';
      if (full) this.#writtenBytes = this.#lineEnds[0] ?? 0;
      await this.#handle?.truncate(this.#writtenBytes).catch(() => undefined);
      this.#fail(thrown);
    } finally {
      this.#writing = false;
    }
  }

  async #writeWhole(handle: Pick<FileHandle, 'write'>, bytes: Buffer): Promise<void> {
    let from = 0;
    while (from < bytes.length) {
      const { bytesWritten } = await handle.write(bytes, from, bytes.length - from);
      from += bytesWritten;
    }
  }

  #hold(high: boolean): void {
    this.#held = high;
    this.#listener.pressure(high);
  }

  #fail(thrown: unknown): void {
    if (this.#held) this.#hold(false);
    this.#waiting = [];
    if (this.#broken) return;
    this.#broken = true;
    const error = toAppError(thrown);
    this.#listener.failed(
      error.code === 'disk_full'
        ? { ...error, where: this.#folder }
        : {
            ...error,
            code: 'recording_write_failed',
            remedy: 'Check the data folder and its permissions.',
            where: this.#folder,
          },
    );
  }
}
