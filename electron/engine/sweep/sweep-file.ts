/** sweep.json: what a sweep was asked for and how it stands, written when it begins and at every change of its state. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { toAppError, type AppError, type Result } from '#contract/errors';
import { count, uint } from '#contract/numbers';
import {
  SWEEP_FORMAT,
  SWEEP_STATES,
  SweepMachineSchema,
  SweepPlanSchema,
  SweepSpecSchema,
} from '#contract/sweep';
import { isAlive, startOf } from '../is-alive.ts';

const SWEEP_FILE = 'sweep.json';

const SweepFileSchema = v.object({
  format: v.literal(SWEEP_FORMAT),
  id: v.string(),
  created_ms: count,
  spec: SweepSpecSchema,
  plan: SweepPlanSchema,
  seed: uint,
  /** Version of the app that began it. */
  app: v.string(),
  machine: SweepMachineSchema,
  state: v.picklist(SWEEP_STATES),
  /** The process that measures: its number, and when it started, for the number alone may be another one's by now. */
  writer: v.object({ pid: uint, start: v.nullable(v.string()) }),
});
export type SweepFile = v.InferOutput<typeof SweepFileSchema>;

export async function writeSweepFile(folder: string, file: SweepFile): Promise<void> {
  await writeFileAtomic(join(folder, SWEEP_FILE), `${JSON.stringify(file, null, 1)}\n`, { mode: 0o600 });
}

/** The file, or why it cannot be read: `sweep_unknown`, `recording_newer` or `recording_damaged`. */
export async function readSweepFile(folder: string, id: string): Promise<Result<SweepFile>> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(join(folder, SWEEP_FILE), 'utf8'));
  } catch (thrown) {
    const { errno, message } = toAppError(thrown);
    return refused(errno === 'ENOENT' || errno === 'ENOTDIR' ? unknownSweep(id) : damaged(message));
  }
  const { format } = v.is(v.object({ format: v.number() }), value) ? value : { format: 0 };
  if (format > SWEEP_FORMAT) {
    return refused({
      code: 'recording_newer',
      message: `the sweep was kept in format ${format}`,
      remedy: 'Open it with a newer version of IPC Scope.',
      value: String(format),
      allowed: String(SWEEP_FORMAT),
    });
  }
  const parsed = v.safeParse(SweepFileSchema, value);
  return parsed.success ? { ok: true, value: parsed.output } : refused(damaged(parsed.issues[0].message));
}

export function ownWriter(): SweepFile['writer'] {
  return { pid: process.pid, start: startOf(process.pid) };
}

/** Whether the process that measures this sweep still lives, and is another one than this. */
export function livesElsewhere({ state, writer }: SweepFile): boolean {
  const over = state !== 'running' && state !== 'paused';
  if (over || writer.pid === process.pid || !isAlive(writer.pid)) return false;
  return writer.start === null || writer.start === startOf(writer.pid);
}

export function unknownSweep(id: string): AppError {
  return {
    code: 'sweep_unknown',
    message: 'there is no such sweep',
    remedy: 'List the sweeps to see those there are.',
    value: id.slice(0, 80),
  };
}

function damaged(why: string): AppError {
  return {
    code: 'recording_damaged',
    message: `${SWEEP_FILE}: ${why}`,
    remedy: 'Delete the sweep if it is of no use.',
    where: SWEEP_FILE,
  };
}

function refused(error: AppError): Result<never> {
  return { ok: false, error };
}
