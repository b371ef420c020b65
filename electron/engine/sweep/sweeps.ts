/** The sweeps of one data folder, `<data>/sweeps/<id>`: one may be under way, the others are kept. */
import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Handlers } from '#contract/channels';
import type { Describe } from '#contract/describe';
import { AppException, fail, toAppError } from '#contract/errors';
import {
  SWEEP_FORMAT,
  SweepIdSchema,
  type SweepCommand,
  type SweepInfo,
  type SweepProgress,
  type SweepSnapshot,
  type SweepSpec,
  type SweepState,
} from '#contract/sweep';
import type { sweepChannels } from '#contract/sweep-channels';
import { checkedPlan, nominalStep_ms } from '#contract/sweep-plan';
import { timeLeft } from '#contract/sweep-results';
import { ownFolder } from '../folders.ts';
import { orThrow } from '../recordings/run-file.ts';
import { fromRunId, makeRunId } from '../recordings/run-id.ts';
import { Trash } from '../trash.ts';
import { exportSweep } from './export.ts';
import { stepsOf } from './order.ts';
import { readResults } from './results-log.ts';
import { livesElsewhere, ownWriter, readSweepFile, unknownSweep, type SweepFile } from './sweep-file.ts';
import { SweepRun } from './sweep-run.ts';

export interface SweepsOptions {
  helper: string;
  folder: string;
  app: string;
  described: () => Promise<Describe>;
  clean: () => Promise<unknown>;
  /** Whether an ordinary session runs: the two would spoil each other's figures. */
  sessionRuns: () => boolean;
  emit: (progress: SweepProgress) => void;
}

export class Sweeps {
  readonly handlers: Pick<Handlers, keyof typeof sweepChannels>;
  readonly #options: SweepsOptions;
  readonly #folder: string;
  readonly #trash: Trash;
  #run: SweepRun | undefined;
  #starting = false;
  #closed = false;

  constructor(options: SweepsOptions) {
    this.#options = options;
    this.#folder = join(options.folder, 'sweeps');
    this.#trash = new Trash(options.folder);
    this.handlers = {
      'sweep.start': (spec) => this.#alone(() => this.#start(spec)),
      'sweep.command': ({ id, command }) => this.#command(id, command),
      'sweep.list': () => this.#list(),
      'sweep.open': ({ id, from }) => this.#open(id, from),
      'sweep.export': async ({ id, format, locale }) => exportSweep(await this.#open(id), format, locale),
      'sweep.delete': ({ id }) => this.#delete(id),
      'sweep.restore': ({ id }) => this.#restore(id),
    };
  }

  /** Whether processes of a sweep are there, or about to be. */
  get busy(): boolean {
    return this.#starting || this.#run?.busy === true;
  }

  /** Settles when a sweep that does not run any more has let go of the machine; at once where one runs. */
  async settled(): Promise<void> {
    if (this.#run?.state !== 'running') await this.#run?.settled();
  }

  async close(limit_ms: number): Promise<void> {
    this.#closed = true;
    const run = this.#run;
    if (run?.state === 'running' || run?.state === 'paused') await run.halt('interrupted', limit_ms);
    await run?.settled();
    await this.#trash.empty().catch(() => undefined);
  }

  /** One beginning at a time, and none beside an ordinary session. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    await this.settled();
    if (this.#options.sessionRuns()) fail('session_busy', 'a session is running already', 'Stop it first.');
    if (this.busy) fail('sweep_busy', 'a sweep is running already', 'Pause or cancel it first.');
    this.#starting = true;
    try {
      return await work();
    } finally {
      this.#starting = false;
    }
  }

  async #start(spec: SweepSpec): Promise<SweepInfo> {
    const describe = await this.#options.described();
    const plan = checkedPlan(describe, spec);
    const created_ms = Date.now();
    const { system, helper } = describe;
    const file: SweepFile = {
      format: SWEEP_FORMAT,
      id: makeRunId(created_ms, 'sweep'),
      created_ms,
      spec,
      plan,
      seed: randomInt(2 ** 32),
      app: this.#options.app,
      machine: machineOf(system, helper),
      state: 'running',
      writer: ownWriter(),
    };
    await ownFolder(this.#folderOf(file.id));
    return this.#begin(file, describe, { results: [], unreadable: 0 });
  }

  async #begin(
    file: SweepFile,
    describe: Describe,
    known: Awaited<ReturnType<typeof readResults>>,
  ): Promise<SweepInfo> {
    // A sweep that was only paused is left as it is; it can be taken up again later.
    if (this.#run?.state === 'paused') await this.#run.halt('interrupted');
    if (this.#closed) throw new AppException(closing);
    const run = new SweepRun({
      helper: this.#options.helper,
      describe,
      folder: this.#folderOf(file.id),
      file,
      known,
      changed: () => this.#options.emit(run.info),
      clean: this.#options.clean,
    });
    this.#run = run;
    await run.run();
    return run.info;
  }

  async #command(id: string, command: SweepCommand): Promise<void> {
    const run = this.#run?.id === id ? this.#run : undefined;
    const state = run?.state ?? (await this.#read(id)).state;
    if (!ALLOWED[command].includes(state)) {
      fail('sweep_state', `a sweep that is ${state} takes no ${command}`, 'Look at its state first.', {
        where: command,
        value: state,
        allowed: ALLOWED[command].join(', '),
      });
    }
    if (command === 'resume') await this.#alone(() => this.#resume(id));
    else if (run !== undefined) await run.halt(command === 'pause' ? 'paused' : 'cancelled');
  }

  async #resume(id: string): Promise<void> {
    if (this.#run?.id === id) {
      await this.#run.run();
      return;
    }
    const { file, known } = await this.#read(id);
    const describe = await this.#options.described();
    if (JSON.stringify(machineOf(describe.system, describe.helper)) !== JSON.stringify(file.machine)) {
      fail('sweep_moved', 'it was begun on another system or by another helper', 'Start it anew.');
    }
    await this.#begin({ ...file, writer: ownWriter() }, describe, known);
  }

  async #list(): Promise<SweepInfo[]> {
    const entries = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    const ids = entries.filter((entry) => entry.isDirectory() && v.is(SweepIdSchema, entry.name));
    const infos = await Promise.all(ids.map(({ name }) => this.#infoOf(name)));
    return infos.sort((a, b) => b.created_ms - a.created_ms || (a.id < b.id ? 1 : -1));
  }

  async #infoOf(id: string): Promise<SweepInfo> {
    if (this.#run?.id === id) return this.#run.info;
    try {
      return (await this.#open(id, Infinity)).info;
    } catch (thrown) {
      const error = toAppError(thrown);
      const state = error.code === 'recording_newer' ? 'newer' : 'damaged';
      const nothing = {
        done: 0,
        failed: 0,
        steps: 0,
        repetitions: 0,
        cells: 0,
        left_ms: 0,
        current: null,
        spec: null,
      };
      return { id, created_ms: fromRunId(id).created_ms, state, error, ...nothing };
    }
  }

  async #open(id: string, from = 0): Promise<SweepSnapshot> {
    if (this.#run?.id === id) return this.#run.snapshot(from);
    const { file, known, state } = await this.#read(id);
    const { created_ms, spec, plan, seed, machine } = file;
    const { results, unreadable } = known;
    const done = new Set(results.map(({ cell, repetition }) => `${cell} ${repetition}`));
    const steps = stepsOf(plan.cells.length, spec.repetitions, seed);
    const left = steps.filter(({ cell, repetition }) => !done.has(`${cell} ${repetition}`));
    const info = {
      id,
      created_ms,
      spec,
      cells: plan.cells.length,
      state,
      done: results.length,
      failed: results.filter(({ error }) => error !== null).length,
      steps: steps.length,
      repetitions: spec.repetitions,
      current: null,
      left_ms: Math.round(timeLeft(left, results, nominalStep_ms(spec))),
      error: null,
    };
    return { info, plan, seed, machine, results: results.slice(from), unreadable };
  }

  /** What is on disk of a sweep that this engine does not run. */
  async #read(id: string) {
    const folder = this.#folderOf(id);
    const file = orThrow(await readSweepFile(folder, id));
    const { plan, spec } = file;
    const known = await readResults(folder, plan.cells.length, spec.repetitions);
    const whole = known.results.length === plan.cells.length * spec.repetitions;
    const unended = file.state === 'running' || file.state === 'paused';
    // Whoever measured it may have ended without a word, even after the last result.
    const state: SweepState | 'elsewhere' = livesElsewhere(file)
      ? 'elsewhere'
      : whole
        ? 'finished'
        : unended
          ? 'interrupted'
          : file.state;
    return { file, known, state };
  }

  async #delete(id: string): Promise<void> {
    // One that was just cancelled may still be ending its last measurement.
    await this.settled();
    const run = this.#run?.id === id ? this.#run : undefined;
    const state = run?.busy === true ? 'running' : (run?.state ?? (await this.#stateOnDisk(id)));
    if (state === 'running' || state === 'elsewhere') {
      fail('sweep_state', 'a sweep that runs cannot be deleted', 'Cancel it first.', {
        where: 'delete',
        value: state,
      });
    }
    if (run?.state === 'paused') await run.halt('interrupted');
    await moved(this.#trash.take(this.#folderOf(id), id), id);
    if (run !== undefined) this.#run = undefined;
  }

  /** Also of one that cannot be read, which may be deleted. */
  async #stateOnDisk(id: string): Promise<SweepProgress['state']> {
    return this.#read(id).then(
      ({ state }) => state,
      () => 'damaged',
    );
  }

  async #restore(id: string): Promise<void> {
    await moved(this.#trash.giveBack(id, this.#folderOf(id)), id);
  }

  #folderOf(id: string): string {
    return join(this.#folder, v.parse(SweepIdSchema, id));
  }
}

/** The states in which a command means something. */
const ALLOWED: Readonly<Record<SweepCommand, readonly SweepProgress['state'][]>> = {
  pause: ['running'],
  resume: ['paused', 'cancelled', 'interrupted'],
  cancel: ['running', 'paused'],
};

const closing = {
  code: 'wrong_state',
  message: 'IPC Scope is being closed',
  remedy: 'Start it again.',
  where: 'sweep.start',
  value: 'closing',
} as const;

function machineOf({ os, release, arch, cpus }: Describe['system'], helper: string): SweepFile['machine'] {
  return { os, release, arch, cpus: cpus.length, helper };
}

async function moved(work: Promise<void>, id: string): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (toAppError(thrown).errno === 'ENOENT') throw new AppException(unknownSweep(id));
    throw thrown;
  }
}
