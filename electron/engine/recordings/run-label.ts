/** label.json beside a recording: name, note, tags and pin, written whole at every change. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { NO_LABEL, RunLabelSchema, type RunLabel } from '#contract/runs';

export const LABEL_FILE = 'label.json';

/** What is said about the run; a label that cannot be read counts as none, for the recording is what matters. */
export async function readLabel(folder: string): Promise<RunLabel> {
  try {
    return v.parse(RunLabelSchema, JSON.parse(await readFile(join(folder, LABEL_FILE), 'utf8')));
  } catch {
    return NO_LABEL;
  }
}

export async function writeLabel(folder: string, label: RunLabel): Promise<void> {
  await writeFileAtomic(join(folder, LABEL_FILE), `${JSON.stringify(label, null, 2)}\n`, { mode: 0o600 });
}
