/** A file from elsewhere becomes a run of this library, under a name that nobody else has. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AppException } from '#contract/errors';
import type { Imported } from '#contract/run-files';
import { RECORDING_FORMAT } from '#contract/runs';
import { isOver } from '#contract/session';
import { ownFolder } from '../folders.ts';
import type { RunLibrary } from './library.ts';
import { parseRunFile, writeRunFile, type RunFile } from './run-file.ts';
import { isRunId, makeRunId } from './run-id.ts';
import { endOf } from './run-info.ts';
import type { Task } from './tasks.ts';
import { unpackRun, type Unpacked } from './unpack.ts';

/** Imports the file at `path`; what is half done lies in `scratch` and is gone afterwards, however it ends. */
export async function importRun(
  library: RunLibrary,
  path: string,
  scratch: string,
  task: Task,
): Promise<Imported> {
  const folder = join(scratch, randomBytes(16).toString('hex'));
  await ownFolder(folder);
  try {
    const unpacked = await unpackRun(path, folder, task);
    const file = runFileOf(unpacked);
    const id = await library.adopt(folder, file.id, async (id) => {
      await writeRunFile(folder, { ...file, id });
    });
    return { id, missing_frames: unpacked.missing_frames };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** run.json of the imported run: what the file says of it where that is sound, what its frames say otherwise. */
function runFileOf({ run, hello, summary, missing_frames }: Unpacked): RunFile {
  const read = parseRunFile(run);
  if (!read.ok && read.error.code === 'recording_newer') throw new AppException(read.error);
  const imported = { at_ms: Date.now(), missing_frames };
  const { mechanism, variant, pattern, options } = hello;
  if (read.ok && isWord(read.value.spec.mechanism)) {
    const { state, id, created_ms } = read.value;
    return {
      ...read.value,
      id: isRunId(id) ? id : makeRunId(within(created_ms), mechanism),
      created_ms: within(created_ms),
      state: isOver(state) ? state : endOf(summary),
      summary: read.value.summary ?? summary,
      writer_pid: 0,
      imported,
    };
  }
  const created_ms = imported.at_ms;
  return {
    format: RECORDING_FORMAT,
    id: makeRunId(created_ms, mechanism),
    created_ms,
    spec: { mechanism, variant, pattern, options },
    app: '',
    helper: hello.helper,
    writer_pid: 0,
    state: endOf(summary),
    summary,
    imported,
  };
}

/** As mechanisms are called: nothing else stands in lists and addresses. */
function isWord(text: string): boolean {
  return /^[a-z0-9_]{1,64}$/.test(text);
}

/** A moment that a date can hold; another one becomes now. */
function within(ms: number): number {
  return ms < 4_102_444_800_000 ? ms : Date.now();
}
