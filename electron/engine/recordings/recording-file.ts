/** The one file of a run that goes from one data folder to another: its lines, and what goes along beside the frames. */
import * as v from 'valibot';
import { MarkSchema } from '#contract/marks';
import { count } from '#contract/numbers';
import { RunLabelSchema } from '#contract/runs';
import { LABEL_FILE, readLabel, writeLabel } from './run-label.ts';

/** Of the file, not of the recording within it; a greater one is refused as `recording_newer`. */
export const FILE_FORMAT = 1;
export const FILE_KIND = 'ipc_scope_recording';

/** The first line. */
export const HeaderSchema = v.object({
  t: v.literal(FILE_KIND),
  format: v.literal(FILE_FORMAT),
  /** run.json as it is; null where it cannot be read. */
  run: v.unknown(),
  /** What lies beside the frames, by file name. */
  files: v.optional(v.record(v.string(), v.unknown()), {}),
});
export type Header = v.InferOutput<typeof HeaderSchema>;

/** Between the frames and the end, one line for each: what a person marked in the run. */
export const MarkLineSchema = v.object({ t: v.literal('mark'), ...MarkSchema.entries });

/** The last line: without it the file was cut off. */
export const EndSchema = v.object({ t: v.literal('end'), frames: count });

interface SideFile {
  read(folder: string): Promise<unknown>;
  /** Keeps what is sound; whatever else it holds is left out. */
  write(folder: string, content: unknown): Promise<void>;
}

/** Nothing but these names is ever written for an import, whatever names a file holds. */
export const SIDE_FILES: Readonly<Record<string, SideFile>> = {
  [LABEL_FILE]: {
    read: readLabel,
    write: async (folder, content) => {
      const label = v.safeParse(RunLabelSchema, content);
      if (label.success) await writeLabel(folder, label.output);
    },
  },
};
