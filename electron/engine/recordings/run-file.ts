/** run.json: what a run was, written when it begins and again when it ends. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { AppException, toAppError, type AppError, type Result } from '#contract/errors';
import { SummarySchema } from '#contract/frames';
import { MachineSchema } from '#contract/machine';
import { count, uint } from '#contract/numbers';
import { RECORDING_FORMAT } from '#contract/runs';
import { SESSION_STATES } from '#contract/session';
import { SessionSpecSchema } from '#contract/spec';

export const RUN_FILE = 'run.json';
export const FRAMES_FILE = 'frames.ndjson';

const RunFileSchema = v.object({
  format: v.literal(RECORDING_FORMAT),
  id: v.string(),
  created_ms: count,
  spec: SessionSpecSchema,
  /** Versions of what recorded it. */
  app: v.string(),
  helper: v.string(),
  /** The process that records; while it lives, a run without an end is not a broken one. */
  writer_pid: uint,
  /** Where it was measured; absent in older recordings. What does not fit is passed over: no run is damaged by it. */
  machine: v.optional(v.fallback(v.nullable(MachineSchema), null)),
  state: v.picklist(SESSION_STATES),
  summary: v.nullable(SummarySchema),
  /** Where the run came from another data folder. */
  imported: v.optional(
    v.object({
      at_ms: count,
      /** Frames that the file should have held and did not, or that could not be read. */
      missing_frames: count,
    }),
  ),
});
export type RunFile = v.InferOutput<typeof RunFileSchema>;

export async function writeRunFile(folder: string, file: RunFile): Promise<void> {
  await writeFileAtomic(join(folder, RUN_FILE), `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
}

/** The file, or why it cannot be read: `recording_missing`, `recording_newer` or `recording_damaged`. */
export async function readRunFile(folder: string, id: string): Promise<Result<RunFile>> {
  let text: string;
  try {
    text = await readFile(join(folder, RUN_FILE), 'utf8');
  } catch (thrown) {
    const error = toAppError(thrown);
    if (error.errno === 'ENOENT' || error.errno === 'ENOTDIR') return refused(missing(id));
    return refused(damaged(RUN_FILE, error.message));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused(damaged(RUN_FILE, 'it is not JSON'));
  }
  return parseRunFile(value);
}

/** What run.json holds, checked. */
export function parseRunFile(value: unknown): Result<RunFile> {
  const format = formatOf(value);
  if (format !== undefined && format > RECORDING_FORMAT)
    return refused(newer(String(format), RECORDING_FORMAT));
  const parsed = v.safeParse(RunFileSchema, value);
  if (parsed.success) return { ok: true, value: parsed.output };
  const issue = parsed.issues[0];
  return refused(damaged(RUN_FILE, `${v.getDotPath(issue) ?? 'content'}: ${issue.message}`));
}

export function missing(id: string): AppError {
  return {
    code: 'recording_missing',
    message: 'there is no such run',
    remedy: 'List the runs to see those there are.',
    value: id.slice(0, 80),
  };
}

export function damaged(where: string, why: string): AppError {
  return {
    code: 'recording_damaged',
    message: `${where}: ${why}`,
    remedy: 'What can be read is shown; delete the run if it is of no use.',
    where,
  };
}

/** Of an imported run: frames that were lost on the way. */
export function incomplete(frames: number): AppError {
  return {
    code: 'recording_incomplete',
    message: `${frames} frames of the recording are missing`,
    remedy: 'The rest is shown; import the run again from where it was recorded.',
    value: String(frames),
  };
}

export function newer(format: string, allowed: number): AppError {
  return {
    code: 'recording_newer',
    message: `the run was recorded in format ${format}`,
    remedy: 'Open it with a newer version of IPC Scope.',
    value: format,
    allowed: String(allowed),
  };
}

function formatOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('format' in value)) return undefined;
  return typeof value.format === 'number' ? value.format : undefined;
}

function refused(error: AppError): Result<never> {
  return { ok: false, error };
}

/** The error as an exception, for a run that has to be there. */
export function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw new AppException(result.error);
  return result.value;
}
