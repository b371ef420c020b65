/** Recorded runs, as a list shows them. */
import * as v from 'valibot';
import type { Summary } from './frames.ts';
import type { SessionState } from './session.ts';
import type { SessionSpec } from './spec.ts';

/** Format of the recording on disk; a greater one is refused as `recording_newer`. */
export const RECORDING_FORMAT = 1;

/** A run's name: nothing that could leave the library's folder. */
export const RunIdSchema = v.pipe(v.string(), v.regex(/^[0-9]{8}-[0-9]{6}-[a-z0-9_]{1,32}-[0-9a-f]{4,8}$/));

/** One line as a person types it: no control characters, and no direction marks that would disorder a list. */
export const line = (greatest: number) =>
  v.pipe(v.string(), v.trim(), v.maxLength(greatest), v.regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u));

export const LABEL_LIMITS = { name: 80, note: 2000, tag: 32, tags: 12 } as const;

/** What a person says about a run; a recording itself is never changed. */
export const RunLabelSchema = v.object({
  /** Instead of the name that the settings make; empty for that one. */
  name: line(LABEL_LIMITS.name),
  note: v.pipe(v.string(), v.maxLength(LABEL_LIMITS.note), v.regex(/^[^\p{Cc}]*(?:[\n\t][^\p{Cc}]*)*$/u)),
  tags: v.pipe(
    v.array(v.pipe(line(LABEL_LIMITS.tag), v.nonEmpty(), v.regex(/^[^,]*$/))),
    v.maxLength(LABEL_LIMITS.tags),
    v.check((tags) => new Set(tags).size === tags.length, 'a tag stands once only'),
  ),
  /** Stands above the others. */
  pinned: v.boolean(),
});
export type RunLabel = v.InferOutput<typeof RunLabelSchema>;

export const NO_LABEL: RunLabel = { name: '', note: '', tags: [], pinned: false };

/** The part of a summary that lists show; a list of ten thousand whole ones would be tens of megabytes. */
export type RunFigures = Pick<
  Summary,
  'mechanism' | 'variant' | 'pattern' | 'options' | 'ended_by' | 'duration_ns' | 'messages' | 'messages_per_s'
> & { latency: Pick<Summary['latency'], 'kind' | 'samples' | 'p50_ns' | 'p99_ns'> };

export function figuresOf(summary: Summary): RunFigures {
  const { mechanism, variant, pattern, options, ended_by, duration_ns, messages, messages_per_s } = summary;
  const { kind, samples, p50_ns, p99_ns } = summary.latency;
  const latency = { kind, samples, p50_ns, p99_ns };
  return { mechanism, variant, pattern, options, ended_by, duration_ns, messages, messages_per_s, latency };
}

export interface RunInfo {
  id: string;
  created_ms: number;
  spec: SessionSpec;
  label: RunLabel;
  /** `newer`: in a format that this version does not read. */
  state: SessionState | 'damaged' | 'newer';
  /** Missing where the run failed before it measured anything, or was cut off. */
  summary: RunFigures | null;
  bytes_on_disk: number;
  /** Came from another data folder; absent where it was recorded here. */
  imported?: true;
}

export const EXPORT_FORMATS = ['csv', 'json', 'html'] as const;
export const ExportFormatSchema = v.picklist(EXPORT_FORMATS);
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportedFile {
  /** Suggested file name, without a folder. */
  name: string;
  mime: string;
  text: string;
}
