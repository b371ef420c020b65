/** What may be asked about recorded runs. */
import { randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Handlers } from '#contract/channels';
import { RECORDING_SUFFIX } from '#contract/run-files';
import { NO_LABEL } from '#contract/runs';
import type { SessionSnapshot } from '#contract/session';
import { isAlive } from '../is-alive.ts';
import { HISTORY_ROWS } from '../session/history.ts';
import { exportRun, rowsFor } from './export.ts';
import { importRun } from './import.ts';
import { packRun } from './pack.ts';
import { readFrames } from './read-frames.ts';
import { FRAMES_FILE } from './run-file.ts';
import type { OpenedRun, RunLibrary } from './library.ts';
import { Tasks } from './tasks.ts';
import { Transfers } from './transfers.ts';

type RunChannel = Exclude<Extract<keyof Handlers, `runs.${string}`>, 'runs.tidied'>;

/** What the engine has in memory of a run. */
interface Sessions {
  /** Of one that still runs. */
  running(id: string): Promise<SessionSnapshot> | undefined;
  /** Once the recording of one that still runs has begun. */
  recorded(id: string): Promise<void>;
  /** Of the newest one, over or not. */
  newest(id: string): Promise<SessionSnapshot> | undefined;
}

export class RunHandlers {
  readonly handlers: Pick<Handlers, RunChannel>;
  readonly #library: RunLibrary;
  readonly #tasks = new Tasks();
  readonly #transfers: Transfers;
  readonly #sessions: Sessions;
  readonly #folder: string;
  /** This engine's own, beside those of others on the same data folder. */
  readonly #scratch: string;

  constructor(library: RunLibrary, folder: string, sessions: Sessions) {
    this.#library = library;
    this.#sessions = sessions;
    this.#folder = join(folder, 'transfer');
    this.#scratch = join(this.#folder, `${process.pid}-${randomBytes(4).toString('hex')}`);
    this.#transfers = new Transfers(this.#scratch);
    this.handlers = {
      'runs.list': () => library.list(),
      'runs.open': ({ id }) => sessions.running(id) ?? this.recorded(id),
      'runs.frames': async ({ id, ...range }) => {
        await library.mustHave(id);
        return readFrames(join(library.folderOf(id), FRAMES_FILE), range);
      },
      'runs.export': async ({ id, format, locale = 'en' }) => {
        const opened = await this.#exported(id, rowsFor(format));
        // What was never recorded has no label either.
        const label = await library.label(id, {}).catch(() => NO_LABEL);
        return exportRun(opened, format, label, locale);
      },
      'runs.label': ({ id, change }) => library.label(id, change),
      'runs.mark': async ({ id, mark }) => {
        await sessions.recorded(id);
        return library.marks.set(id, mark);
      },
      'runs.unmark': ({ id, mark }) => library.marks.remove(id, mark),
      'runs.delete': ({ id }) => library.delete(id),
      'runs.restore': ({ id }) => library.restore(id),
      'runs.progress': ({ task }) => this.#tasks.progress(task),
      'runs.cancel': async ({ task }) => {
        this.#tasks.cancel(task);
        await this.#transfers.end(task);
      },
      'runs.pack': ({ id }) => this.#pack(id),
      'runs.take': ({ transfer, from }) => this.#transfers.take(transfer, from),
      'runs.receive': async ({ size_bytes }) => (await this.#transfers.begin(size_bytes)).transfer,
      'runs.put': ({ transfer, from, data }) => this.#transfers.put(transfer, from, data),
      'runs.import': ({ transfer }) => this.#import(transfer),
    };
  }

  /** A recorded run as it is shown: bounded, however long it is. */
  async recorded(id: string): Promise<SessionSnapshot> {
    const total = await sizeOf(join(this.#library.folderOf(id), FRAMES_FILE));
    const opened = await this.#tasks.run(id, total, ({ signal, done }) =>
      this.#library.open(id, HISTORY_ROWS, { signal, read: done }),
    );
    return opened.snapshot;
  }

  /** What can be exported of a run: its recording, or of a session that runs without one what is in memory. */
  async #exported(id: string, rows: number): Promise<OpenedRun> {
    try {
      return await this.#library.open(id, rows);
    } catch (thrown) {
      const snapshot = await this.#sessions.newest(id);
      if (snapshot === undefined) throw thrown;
      return { snapshot, file: undefined };
    }
  }

  /** What engines that have ended left of their transfers. */
  async clean(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const pid = Number.parseInt(name, 10);
      if (pid === process.pid || isAlive(pid)) continue;
      await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    this.#tasks.cancelAll();
    await this.#transfers.endAll();
  }

  async #pack(id: string) {
    const folder = this.#library.folderOf(id);
    await this.#library.mustHave(id);
    const { transfer, path } = await this.#transfers.begin(0);
    try {
      const total = await sizeOf(join(folder, FRAMES_FILE));
      await this.#tasks.run(id, total, (task) => packRun(folder, path, task));
      return {
        transfer,
        name: `${id}${RECORDING_SUFFIX}`,
        size_bytes: await this.#transfers.ready(transfer),
      };
    } catch (thrown) {
      await this.#transfers.end(transfer);
      throw thrown;
    }
  }

  async #import(transfer: string) {
    const { path, size } = await this.#transfers.whole(transfer);
    try {
      return await this.#tasks.run(transfer, size, (task) =>
        importRun(this.#library, path, this.#scratch, task),
      );
    } finally {
      await this.#transfers.end(transfer);
    }
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (file) => file.size,
    () => 0,
  );
}
