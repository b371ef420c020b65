/** The recorded runs of one data folder: listed, opened, deleted and taken back. */
import { randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppException, fail, toAppError } from '#contract/errors';
import type { Summary } from '#contract/frames';
import type { RunInfo } from '#contract/runs';
import { isOver, type SessionInfo, type SessionSnapshot, type SessionState } from '#contract/session';
import type { SessionSpec } from '#contract/spec';
import { ownFolder } from '../folders.ts';
import { isAlive } from '../is-alive.ts';
import { LineSplitter } from '../helper/line-splitter.ts';
import { parseFrame } from '../helper/parse-frame.ts';
import type { History } from '../session/history.ts';
import { readRecording } from './read-recording.ts';
import { FRAMES_FILE, missing, readRunFile, RUN_FILE, type RunFile } from './run-file.ts';
import { fromRunId, isRunId } from './run-id.ts';

/** Runs read at the same time for a list. */
const READ_AT_ONCE = 16;
/** A session ticks at least once a second, also while it is paused. */
const LIVE_LIMIT_MS = 60_000;
/** A summary is the last frame and far shorter than this. */
const TAIL_BYTES = 256 * 1024;
/** A deleted run takes up the disk so long, for whoever wants it back. */
const KEPT_IN_TRASH_MS = 10 * 60_000;
/** With less than this, a new recording goes before what was deleted. */
const LITTLE_ROOM_BYTES = 64 * 1024 * 1024;

export interface OpenedRun {
  snapshot: SessionSnapshot;
  /** Absent where run.json is damaged. */
  file: RunFile | undefined;
}

export class RunLibrary {
  readonly #runs: string;
  readonly #trash: string;
  /** This engine's part of the trash: another app that runs on the same folder keeps its own. */
  readonly #ownTrash: string;
  readonly #keptInTrash_ms: number;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(folder: string, keptInTrash_ms = KEPT_IN_TRASH_MS) {
    this.#keptInTrash_ms = keptInTrash_ms;
    this.#runs = join(folder, 'runs');
    this.#trash = join(folder, 'trash');
    this.#ownTrash = join(this.#trash, `${process.pid}-${randomBytes(4).toString('hex')}`);
  }

  folderOf(id: string): string {
    if (!isRunId(id)) throw new AppException(missing(String(id)));
    return join(this.#runs, id);
  }

  /** All runs, the newest first; reads what lists need and no more. */
  async list(): Promise<RunInfo[]> {
    const ids = await foldersIn(this.#runs);
    const queue = ids.filter(isRunId);
    const found: RunInfo[] = [];
    const work = async (): Promise<void> => {
      for (let id = queue.pop(); id !== undefined; id = queue.pop()) found.push(await this.#infoOf(id));
    };
    await Promise.all(Array.from({ length: READ_AT_ONCE }, work));
    return found.sort((a, b) => b.created_ms - a.created_ms || (a.id < b.id ? 1 : -1));
  }

  async open(id: string, rows: number): Promise<OpenedRun> {
    const folder = this.folderOf(id);
    const read = await readRunFile(folder, id);
    if (!read.ok) {
      // Without run.json the frames may still tell everything.
      const readable = read.error.code !== 'recording_newer' && (await exists(join(folder, FRAMES_FILE)));
      if (!readable) throw new AppException(read.error);
    }
    const live = read.ok && isLive(read.value, await factsOf(folder));
    const history = await readRecording(folder, { rows, live });
    if (!read.ok) {
      history.addError(read.error);
      return { snapshot: history.snapshot(guess(id, history)), file: undefined };
    }
    const { spec, state, created_ms, summary } = read.value;
    history.summary ??= summary;
    const shown = isOver(state) || live ? state : endOf(history.summary);
    return { snapshot: history.snapshot({ id, spec, state: shown, created_ms }), file: read.value };
  }

  /** Moves the run to the trash, from which `restore` takes it back for a while. */
  async delete(id: string): Promise<void> {
    const folder = this.folderOf(id);
    const read = await readRunFile(folder, id);
    if (read.ok && isLive(read.value, await factsOf(folder))) {
      fail('run_in_use', 'the run is still being recorded', 'Stop its session first.', {
        where: 'runs.delete',
        value: id,
      });
    }
    await ownFolder(this.#ownTrash);
    const trashed = join(this.#ownTrash, id);
    await move(folder, trashed, id);
    const timer = setTimeout(() => {
      this.#timers.delete(id);
      void this.#drop(trashed).catch(() => undefined);
    }, this.#keptInTrash_ms);
    this.#timers.set(id, timer.unref());
  }

  async restore(id: string): Promise<void> {
    const folder = this.folderOf(id);
    await move(join(this.#ownTrash, id), folder, id);
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Removes for good what was deleted here. */
  async emptyOwnTrash(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await this.#drop(this.#ownTrash);
  }

  /** Before a recording begins: on a disk that is nearly full, what was deleted goes at once. */
  async makeRoom(): Promise<void> {
    const room = await statfs(this.#runs).catch(() => undefined);
    if (room !== undefined && room.bavail * room.bsize < LITTLE_ROOM_BYTES) await this.emptyOwnTrash();
  }

  /** Removes for good what apps that have ended left in the trash. */
  async emptyTrash(): Promise<void> {
    for (const name of await foldersIn(this.#trash)) {
      const path = join(this.#trash, name);
      const pid = Number.parseInt(name, 10);
      const others = pid !== process.pid && isAlive(pid);
      if (path !== this.#ownTrash && !others) await rm(path, { recursive: true, force: true });
    }
  }

  /** Renamed first, so that nobody takes back a run that is half gone. */
  async #drop(path: string): Promise<void> {
    const gone = `${this.#ownTrash}-${randomBytes(4).toString('hex')}`;
    try {
      await rename(path, gone);
    } catch (thrown) {
      if (toAppError(thrown).errno === 'ENOENT') return;
      throw thrown;
    }
    await rm(gone, { recursive: true, force: true });
  }

  async #infoOf(id: string): Promise<RunInfo> {
    const folder = this.folderOf(id);
    const [read, facts] = await Promise.all([readRunFile(folder, id), factsOf(folder)]);
    const bytes_on_disk = facts.size;
    if (!read.ok) {
      const { created_ms, mechanism } = fromRunId(id);
      return {
        id,
        created_ms,
        spec: { mechanism, options: {} },
        state: read.error.code === 'recording_newer' ? 'newer' : 'damaged',
        summary: null,
        bytes_on_disk,
      };
    }
    const { created_ms, spec, state } = read.value;
    if (isOver(state) || isLive(read.value, facts)) {
      return { id, created_ms, spec, state, summary: read.value.summary, bytes_on_disk };
    }
    // Its app ended before it did: the end of the frames may still hold the summary.
    const summary = await summaryAtEnd(join(folder, FRAMES_FILE));
    return { id, created_ms, spec, state: endOf(summary), summary, bytes_on_disk };
  }
}

/**
 * Whether the process that records the run is still at it: it lives, and it wrote of late. Its number alone would not
 * do, for another process may have it by now.
 */
function isLive(file: RunFile, { mtimeMs }: FileFacts): boolean {
  return !isOver(file.state) && Date.now() - mtimeMs < LIVE_LIMIT_MS && isAlive(file.writer_pid);
}

/** How a session ended that was cut off from its engine. */
function endOf(summary: Summary | null): SessionState {
  return summary === null || summary.ended_by === 'error' ? 'failed' : 'finished';
}

/** What the frames tell of a run whose run.json does not. */
function guess(id: string, { hello, summary }: History): SessionInfo {
  const { created_ms, mechanism } = fromRunId(id);
  const spec: SessionSpec =
    hello === null
      ? { mechanism, options: {} }
      : {
          mechanism: hello.mechanism,
          variant: hello.variant,
          pattern: hello.pattern,
          options: hello.options,
        };
  return { id, spec, state: endOf(summary), created_ms };
}

async function summaryAtEnd(path: string): Promise<Summary | null> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return null;
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const splitter = new LineSplitter();
    const lines = splitter.push(buffer.subarray(0, bytesRead));
    const rest = splitter.end();
    if (rest !== undefined) lines.push(rest);
    for (const line of lines.reverse()) {
      const parsed = parseFrame(line);
      if (parsed.ok && parsed.value.t === 'summary') return parsed.value;
    }
    return null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

async function move(from: string, to: string, id: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if (toAppError(thrown).errno === 'ENOENT') throw new AppException(missing(id));
    throw thrown;
  }
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

interface FileFacts {
  size: number;
  mtimeMs: number;
}

/** Of run.json and frames.ndjson together: their size, and when they were last written to. */
async function factsOf(folder: string): Promise<FileFacts> {
  const facts = await Promise.all(
    [RUN_FILE, FRAMES_FILE].map((name) => stat(join(folder, name)).catch(() => ({ size: 0, mtimeMs: 0 }))),
  );
  return {
    size: facts.reduce((sum, { size }) => sum + size, 0),
    mtimeMs: Math.max(...facts.map(({ mtimeMs }) => mtimeMs)),
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
