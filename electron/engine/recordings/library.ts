/** The recorded runs of one data folder: listed, opened, deleted and taken back. */
import { randomBytes } from 'node:crypto';
import { readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { AppException, fail, toAppError } from '#contract/errors';
import type { RunInfo, RunLabel } from '#contract/runs';
import { isOver, type SessionSnapshot } from '#contract/session';
import { ownFolder } from '../folders.ts';
import { isAlive } from '../is-alive.ts';
import { readRecording, type ReadOptions } from './read-recording.ts';
import { FRAMES_FILE, missing, readRunFile, type RunFile } from './run-file.ts';
import { fromRunId, isRunId, makeRunId } from './run-id.ts';
import { endOf, factsOf, guess, isLive, readInfo } from './run-info.ts';
import { readLabel, writeLabel } from './run-label.ts';
import { readMarks, RunMarks } from './run-marks.ts';

/** Runs read at the same time for a list. */
const READ_AT_ONCE = 16;
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
  /** Runs that are over, as they were read last: a list of thousands must not read every file again. */
  readonly #known = new Map<string, { stamp: string; info: RunInfo }>();
  /** Changes of labels, one after the other, so that none of them is lost. */
  #labelled: Promise<unknown> = Promise.resolve();
  readonly marks = new RunMarks((id) => this.folderOf(id));

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

  /** @param rows Most sample rows; `reading` hears how far it is, and may end it. */
  async open(
    id: string,
    rows: number,
    reading: Pick<ReadOptions, 'signal' | 'read'> = {},
  ): Promise<OpenedRun> {
    const folder = this.folderOf(id);
    const read = await readRunFile(folder, id);
    if (!read.ok) {
      // Without run.json the frames may still tell everything.
      const readable = read.error.code !== 'recording_newer' && (await exists(join(folder, FRAMES_FILE)));
      if (!readable) throw new AppException(read.error);
    }
    const live = read.ok && isLive(read.value, await factsOf(folder));
    const history = await readRecording(folder, {
      rows,
      live,
      missing_frames: read.ok ? read.value.imported?.missing_frames : undefined,
      ...reading,
    });
    const { marks, error } = await readMarks(folder);
    if (error !== undefined) history.addError(error);
    if (!read.ok) {
      history.addError(read.error);
      return { snapshot: { ...history.snapshot(guess(id, history)), marks }, file: undefined };
    }
    const { spec, state, created_ms, summary, machine } = read.value;
    history.summary ??= summary;
    const shown = isOver(state) || live ? state : endOf(history.summary);
    const snapshot = { ...history.snapshot({ id, spec, state: shown, created_ms }), marks };
    return { snapshot: machine ? { ...snapshot, machine } : snapshot, file: read.value };
  }

  /** Refuses a run that is not there. */
  async mustHave(id: string): Promise<void> {
    if (!(await exists(this.folderOf(id)))) throw new AppException(missing(id));
  }

  /**
   * Takes in a whole folder as a run: under `wanted` where no run has that name, also none that was deleted and may come
   * back, under one like it otherwise. `prepare` hears the name before the folder is moved.
   */
  async adopt(folder: string, wanted: string, prepare: (id: string) => Promise<void>): Promise<string> {
    await ownFolder(this.#runs);
    const { created_ms, mechanism } = fromRunId(wanted);
    let id = wanted;
    while (this.#timers.has(id) || (await exists(this.folderOf(id)))) {
      id = makeRunId(created_ms, mechanism, randomBytes(4));
    }
    await prepare(id);
    await rename(folder, this.folderOf(id));
    return id;
  }

  /** Changes what is given of the run's label; answers all of it, also when nothing is given. */
  label(id: string, change: { [Name in keyof RunLabel]?: RunLabel[Name] | undefined }): Promise<RunLabel> {
    const folder = this.folderOf(id);
    const work = this.#labelled.then(async () => {
      await this.mustHave(id);
      const given = Object.entries(change).filter(([, value]) => value !== undefined);
      const label: RunLabel = { ...(await readLabel(folder)), ...Object.fromEntries(given) };
      if (given.length > 0) await writeLabel(folder, label);
      return label;
    });
    this.#labelled = work.catch(() => undefined);
    return work;
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
    const facts = await factsOf(folder);
    const known = this.#known.get(id);
    if (known?.stamp === facts.stamp) return known.info;
    const info = await readInfo(folder, id, facts);
    // What is still written to may end without a trace in its files.
    if (info.state === 'finished' || info.state === 'failed')
      this.#known.set(id, { stamp: facts.stamp, info });
    else this.#known.delete(id);
    return info;
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

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
