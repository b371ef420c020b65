/**
 * A sweep under way: measures one cell after the other, writes each result down before it counts, and can be paused,
 * taken up again and cancelled. A measurement that is broken off counts for nothing and is made again.
 */
import { mechanismOf } from '#contract/spec';
import { toAppError, type AppError, type ErrorCode } from '#contract/errors';
import type { Describe } from '#contract/describe';
import type { SweepInfo, SweepResult, SweepSnapshot, SweepState, SweepStep } from '#contract/sweep';
import { nominalStep_ms, sessionOf } from '#contract/sweep-plan';
import { timeLeft } from '#contract/sweep-results';
import { measure, type Measurement, type Outcome } from './measure.ts';
import { stepsOf } from './order.ts';
import { ResultsLog, type ReadResults } from './results-log.ts';
import { writeSweepFile, type SweepFile } from './sweep-file.ts';

export interface SweepRunOptions {
  helper: string;
  describe: Describe;
  folder: string;
  file: SweepFile;
  /** What was measured before. */
  known: ReadResults;
  /** Called at every change. */
  changed: () => void;
  /** Removes what a measurement left behind that ended by force. */
  clean: () => Promise<unknown>;
}

/** No other cell would fare better: the sweep waits for somebody to mend it. */
const HOPELESS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'helper_missing',
  'helper_not_executable',
  'helper_protocol',
]);

export class SweepRun {
  readonly #options: SweepRunOptions;
  readonly #results: SweepResult[];
  readonly #left: SweepStep[];
  #file: SweepFile;
  #error: AppError | null = null;
  #current: { step: SweepStep; began_ms: number; measurement: Measurement } | undefined;
  #work: Promise<void> = Promise.resolve();
  /** Changes of sweep.json, one after the other. */
  #saved: Promise<void> = Promise.resolve();

  constructor(options: SweepRunOptions) {
    this.#options = options;
    this.#file = options.file;
    this.#results = [...options.known.results];
    const { plan, spec, seed } = options.file;
    const done = new Set(this.#results.map(({ cell, repetition }) => `${cell} ${repetition}`));
    this.#left = stepsOf(plan.cells.length, spec.repetitions, seed).filter(
      ({ cell, repetition }) => !done.has(`${cell} ${repetition}`),
    );
  }

  get id(): string {
    return this.#file.id;
  }

  get state(): SweepState {
    return this.#file.state;
  }

  /** Processes of it are there, or about to be. */
  get busy(): boolean {
    return this.state === 'running' || this.#current !== undefined;
  }

  get info(): SweepInfo & SweepSnapshot['info'] {
    const { id, created_ms, spec, plan, state } = this.#file;
    const current = this.#current;
    const cell = current && plan.cells[current.step.cell];
    const left = timeLeft(this.#left, this.#results, nominalStep_ms(spec));
    const elapsed = state !== 'running' || current === undefined ? 0 : Date.now() - current.began_ms;
    return {
      id,
      created_ms,
      spec,
      cells: plan.cells.length,
      state,
      done: this.#results.length,
      failed: this.#results.filter(({ error }) => error !== null).length,
      steps: this.#results.length + this.#left.length,
      repetitions: spec.repetitions,
      current: state === 'running' && current && cell ? { ...current.step, ...cell } : null,
      left_ms: Math.round(Math.max(0, left - elapsed)),
      error: this.#error,
    };
  }

  snapshot(from: number): SweepSnapshot {
    const { plan, seed, machine } = this.#file;
    const { unreadable } = this.#options.known;
    return { info: this.info, plan, seed, machine, results: this.#results.slice(from), unreadable };
  }

  /** Begins, or goes on. */
  async run(): Promise<void> {
    this.#error = null;
    await this.#become('running');
    this.#work = this.#work.then(() => this.#measureAll());
  }

  /** Breaks off what is measured now; settles when no process of it is left. `limit_ms`: 0 for as long as it takes. */
  async halt(state: 'paused' | 'cancelled' | 'interrupted', limit_ms = 0): Promise<void> {
    void this.#become(state).catch(() => undefined);
    this.#current?.measurement.stop(limit_ms);
    await this.settled();
  }

  /** Settles when nothing of it is under way any more, on disk neither. */
  async settled(): Promise<void> {
    await this.#work;
    await this.#saved;
  }

  async #measureAll(): Promise<void> {
    try {
      const log = await ResultsLog.open(this.#options.folder);
      try {
        for (let step = this.#left[0]; step !== undefined && this.state === 'running'; step = this.#left[0]) {
          await this.#measure(step, log);
        }
      } finally {
        await log.close();
      }
      if (this.state === 'running') await this.#become('finished');
    } catch (thrown) {
      // The disk does not take it: what is left can be measured when it does again.
      const error = toAppError(thrown);
      this.#error =
        error.code === 'disk_full'
          ? error
          : { ...error, code: 'recording_write_failed', where: this.#options.folder };
      if (this.state === 'running') await this.#become('paused').catch(() => undefined);
    }
  }

  async #measure(step: SweepStep, log: ResultsLog): Promise<void> {
    const began_ms = Date.now();
    const measurement = this.#begin(step);
    this.#current = { step, began_ms, measurement };
    this.#options.changed();
    try {
      const { figures, error, byForce } = await measurement.over;
      if (byForce) await this.#options.clean();
      this.#current = undefined;
      if (this.state !== 'running') return;
      if (error !== null && HOPELESS.has(error.code)) {
        this.#error = error;
        await this.#become('paused');
        return;
      }
      const result = { ...step, began_ms, took_ms: Date.now() - began_ms, figures, error };
      await log.append(result);
      this.#results.push(result);
      this.#left.shift();
    } finally {
      this.#current = undefined;
      this.#options.changed();
    }
  }

  #begin(step: SweepStep): Measurement {
    const { describe, helper } = this.#options;
    const { spec, plan } = this.#file;
    const cell = plan.cells[step.cell];
    if (cell === undefined) throw new Error(`the plan has no cell ${step.cell}`);
    const mechanism = mechanismOf(describe, cell.mechanism);
    if (mechanism.ok) return measure(helper, mechanism.value, sessionOf(describe, spec, cell));
    const outcome: Outcome = { figures: null, error: mechanism.error, byForce: false };
    return { over: Promise.resolve(outcome), stop: () => undefined };
  }

  async #become(state: SweepState): Promise<void> {
    const file = { ...this.#file, state };
    this.#file = file;
    this.#options.changed();
    const save = this.#saved.then(() => writeSweepFile(this.#options.folder, file));
    this.#saved = save.catch(() => undefined);
    await save;
  }
}
