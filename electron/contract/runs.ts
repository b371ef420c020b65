/** Recorded runs, as a list shows them. */
import * as v from 'valibot';
import type { Summary } from './frames.ts';
import type { SessionState } from './session.ts';
import type { SessionSpec } from './spec.ts';

/** Format of the recording on disk; a greater one is refused as `recording_newer`. */
export const RECORDING_FORMAT = 1;

/** A run's name: nothing that could leave the library's folder. */
export const RunIdSchema = v.pipe(v.string(), v.regex(/^[0-9]{8}-[0-9]{6}-[a-z0-9_]{1,32}-[0-9a-f]{4,8}$/));

export interface RunInfo {
  id: string;
  created_ms: number;
  spec: SessionSpec;
  /** `newer`: in a format that this version does not read. */
  state: SessionState | 'damaged' | 'newer';
  /** Missing where the run failed before it measured anything, or was cut off. */
  summary: Summary | null;
  bytes_on_disk: number;
}

export const EXPORT_FORMATS = ['csv', 'json'] as const;
export const ExportFormatSchema = v.picklist(EXPORT_FORMATS);
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedFile {
  /** Suggested file name, without a folder. */
  name: string;
  mime: string;
  text: string;
}
