/** The engine: everything that the channel map promises, done once for desktop, web and terminal. */
import type { AppInfo, Handlers } from '#contract/channels';
import type { Describe } from '#contract/describe';
import { AppException, fail, type AppError } from '#contract/errors';
import type { Machine } from '#contract/machine';
import { KEEP_ALL } from '#contract/retention';
import { RECORDING_FORMAT } from '#contract/runs';
import { isOver, type SessionEvent, type SessionInfo, type SessionSnapshot } from '#contract/session';
import { mechanismOf, resolveSpec, type SessionSpec } from '#contract/spec';
import type { SweepProgress } from '#contract/sweep';
import { clean, describe } from './helper/ask.ts';
import { machineOf } from './machine.ts';
import { RunLibrary } from './recordings/library.ts';
import { Tidier } from './recordings/retention.ts';
import { Recorder } from './recordings/recorder.ts';
import { orThrow } from './recordings/run-file.ts';
import { RunHandlers } from './recordings/run-handlers.ts';
import { makeRunId } from './recordings/run-id.ts';
import { readMarks } from './recordings/run-marks.ts';
import { Session, type RecordedSession } from './session/session.ts';
import { SettingsStore } from './settings.ts';
import { Sweeps } from './sweep/sweeps.ts';

export interface EngineOptions {
  /** Path of the helper's executable. */
  helper: string;
  /** Where runs and settings are kept. */
  folder: string;
  app: AppInfo;
  /** Whether sessions are recorded; true unless said otherwise. */
  record?: boolean;
  /**
   * Whether old runs are removed as the settings say; false unless said otherwise. For an app that stays open: what it
   * removes can be taken back as long as it runs.
   */
  tidy?: boolean;
}

export interface Engine {
  handlers: Handlers;
  /** Hears every event of every session from now on, in order; the answer ends it. */
  onEvent(listener: (event: SessionEvent) => void): () => void;
  /** Hears where a sweep stands, at every change; the answer ends it. */
  onSweep(listener: (progress: SweepProgress) => void): () => void;
  /** Stops what runs, within 2 s, and closes its recording. */
  close(): Promise<void>;
}

/** Leaves time to close recordings within the 2 s that `close` may take. */
const CLOSE_LIMIT_MS = 1500;

/** Opens the data folder and takes up work; a helper that is missing or broken shows when it is first needed. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const library = new RunLibrary(options.folder);
  const { store, problem } = await SettingsStore.open(options.folder);
  return new RunningEngine(options, library, store, problem === undefined ? [] : [problem]);
}

class RunningEngine implements Engine {
  readonly handlers: Handlers;
  readonly #options: EngineOptions;
  readonly #library: RunLibrary;
  readonly #runs: RunHandlers;
  readonly #tidier: Tidier;
  readonly #listeners = new Set<(event: SessionEvent) => void>();
  readonly #closing = new AbortController();
  /** Nothing waits for it but the end. */
  #upkeep: Promise<unknown>;
  #describe: Promise<Describe> | undefined;
  /** The session that runs, or the last one, so that its end can still be asked for. */
  #session: Session | undefined;
  #starting = false;
  /** On which the newest session runs. */
  #machine: Machine | undefined;
  readonly #sweeps: Sweeps;
  readonly #sweepListeners = new Set<(progress: SweepProgress) => void>();

  constructor(options: EngineOptions, library: RunLibrary, settings: SettingsStore, problems: AppError[]) {
    this.#options = options;
    this.#library = library;
    this.#runs = new RunHandlers(library, options.folder, {
      running: (id) => this.#snapshotOf(this.#runningOne(id)),
      recorded: async (id) => this.#runningOne(id)?.recorded(),
      newest: (id) => this.#snapshotOf(this.#session?.info.id === id ? this.#session : undefined),
    });
    this.#tidier = new Tidier(library, () =>
      // What is removed at the very end could not be taken back.
      this.#closing.signal.aborted ? KEEP_ALL : settings.get().retention,
    );
    this.#upkeep = Promise.all([
      this.#clean(this.#closing.signal),
      this.#runs.clean().catch(() => undefined),
      library.emptyTrash().catch(() => undefined),
      this.#tidy(),
    ]);
    this.#sweeps = new Sweeps({
      helper: options.helper,
      folder: options.folder,
      app: options.app.version,
      described: () => this.#described(),
      clean: () => this.#clean(),
      sessionRuns: () => this.#starting || this.#running().length > 0,
      emit: (progress) => this.#sweepListeners.forEach((listener) => listener(progress)),
    });
    this.handlers = {
      'app.info': () => options.app,
      'app.problems': () => problems,
      'settings.get': () => settings.get(),
      'settings.set': (change) => settings.set(change),
      'helper.describe': () => this.#described(),
      'session.start': (spec) => this.#start(spec),
      'session.command': ({ id, command }) => this.#runningSession(id).command(command),
      'session.list': () => this.#running().map(({ info }) => info),
      'session.snapshot': ({ id }) =>
        this.#session?.info.id === id ? this.#snapshot(this.#session) : this.#runs.recorded(id),
      ...this.#runs.handlers,
      'runs.tidied': () => (this.#running().length > 0 ? [] : this.#tidier.told()),
      ...this.#sweeps.handlers,
    };
  }

  onEvent(listener: (event: SessionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onSweep(listener: (progress: SweepProgress) => void): () => void {
    this.#sweepListeners.add(listener);
    return () => this.#sweepListeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#sweeps.close(CLOSE_LIMIT_MS);
    const session = this.#session;
    if (session !== undefined) {
      session.end(CLOSE_LIMIT_MS);
      await session.over;
    }
    await this.#upkeep;
    await this.#runs.close().catch(() => undefined);
    await this.#library.emptyOwnTrash().catch(() => undefined);
  }

  #emit(event: SessionEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Work that nobody waits for, save `close`. */
  #keepUp(work: Promise<unknown>): void {
    this.#upkeep = Promise.all([this.#upkeep, work.catch(() => undefined)]);
  }

  async #tidy(first?: Promise<unknown>): Promise<void> {
    if (this.#options.tidy === true) await this.#tidier.tidy(first);
  }

  #clean(cancel?: AbortSignal): Promise<unknown> {
    return clean(this.#options.helper, cancel).catch(() => undefined);
  }

  /** Asked once; a failure is asked again, for the helper may have been built meanwhile. */
  #described(): Promise<Describe> {
    if (this.#describe === undefined) {
      const asked = describe(this.#options.helper);
      this.#describe = asked;
      asked.catch(() => {
        if (this.#describe === asked) this.#describe = undefined;
      });
    }
    return this.#describe;
  }

  #running(): Session[] {
    return this.#session === undefined || isOver(this.#session.info.state) ? [] : [this.#session];
  }

  #runningSession(id: string): Session {
    const found = this.#running().find(({ info }) => info.id === id);
    if (found === undefined) {
      fail('session_unknown', 'there is no such running session', 'Find its recording among the runs.', {
        value: id,
      });
    }
    return found;
  }

  #runningOne(id: string): Session | undefined {
    return this.#running().find(({ info }) => info.id === id);
  }

  #snapshotOf(session: Session | undefined): Promise<SessionSnapshot> | undefined {
    return session && this.#snapshot(session);
  }

  /** The marks are read first: nothing of the session may happen between its snapshot and the answer. */
  async #snapshot(session: Session): Promise<SessionSnapshot> {
    const { marks } = await readMarks(this.#library.folderOf(session.info.id));
    const machine = this.#machine;
    return { ...session.snapshot(), marks, ...(machine && { machine }) };
  }

  async #start(spec: SessionSpec): Promise<SessionInfo> {
    await this.#sweeps.settled();
    if (this.#starting || this.#running().length > 0) {
      fail('session_busy', 'a session is running already', 'Stop it first.');
    }
    if (this.#sweeps.busy) fail('sweep_busy', 'a sweep is running', 'Pause or cancel it first.');
    this.#starting = true;
    try {
      const description = await this.#described();
      this.#machine = await machineOf(description);
      const mechanism = orThrow(mechanismOf(description, spec.mechanism));
      orThrow(resolveSpec(description, spec));
      if (this.#options.record !== false) await this.#library.makeRoom().catch(() => undefined);
      if (this.#closing.signal.aborted) throw new AppException(ended);
      const created_ms = Date.now();
      const info: SessionInfo = {
        id: makeRunId(created_ms, spec.mechanism),
        spec,
        state: 'starting',
        created_ms,
      };
      this.#session = new Session({
        helper: this.#options.helper,
        mechanism,
        info,
        emit: (event) => this.#emit(event),
        record: this.#options.record === false ? null : (session) => this.#record(session),
      });
      this.#keepUp(this.#tidy(this.#session.over));
      void this.#session.over.then((end) => {
        // A helper that ended by force could not remove its objects itself.
        if (end.byForce) this.#keepUp(this.#clean());
      });
    } finally {
      this.#starting = false;
    }
    return this.#session.started;
  }

  #record({ info, helper, failed, pressure }: RecordedSession): Recorder {
    return new Recorder(
      this.#library.folderOf(info.id),
      {
        format: RECORDING_FORMAT,
        id: info.id,
        created_ms: info.created_ms,
        spec: info.spec,
        app: this.#options.app.version,
        helper,
        writer_pid: process.pid,
        ...(this.#machine && { machine: this.#machine }),
        state: 'running',
        summary: null,
      },
      {
        failed: (error) => {
          if (error.code === 'disk_full') this.#keepUp(this.#library.emptyOwnTrash());
          failed(error);
        },
        pressure,
      },
    );
  }
}

const ended: AppError = {
  code: 'wrong_state',
  message: 'IPC Scope is being closed',
  remedy: 'Start it again.',
  where: 'session.start',
  value: 'closing',
};
