/**
 * A sweep: channels × sizes × patterns, each measured several times, one after the other, as one run.
 * A cell is one combination; a repetition is one pass over all cells, so that whatever drifts meanwhile meets all alike.
 */
import * as v from 'valibot';
import type { AppError } from './errors.ts';
import { AppErrorSchema } from './errors.ts';
import { LatencyKindSchema, OptionValuesSchema } from './frames.ts';
import { count, uint } from './numbers.ts';

/** Format of what is kept on disk; a greater one is refused as `recording_newer`. */
export const SWEEP_FORMAT = 1;

/** What a sweep may ask for at most. Times in ms. */
export const SWEEP_LIMITS = {
  channels: 25,
  sizes: 32,
  patterns: 8,
  repetitions: 50,
  cells: 1000,
  duration_ms: [50, 600_000],
  warmup_ms: [0, 60_000],
} as const;

/** A sweep's name: as a run's, with a word of its own. */
export const SweepIdSchema = v.pipe(v.string(), v.regex(/^[0-9]{8}-[0-9]{6}-sweep-[0-9a-f]{4,8}$/));

const word = v.pipe(v.string(), v.regex(/^[a-z0-9_]{1,64}$/));
const among = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const few = <Item extends v.GenericSchema>(item: Item, most: number) =>
  v.pipe(v.array(item), v.minLength(1), v.maxLength(most));

const ChannelSchema = v.object({ mechanism: word, variant: word });
/** What carries the messages: a mechanism, used in one of its ways. */
export type SweepChannel = v.InferOutput<typeof ChannelSchema>;

export const SweepSpecSchema = v.object({
  channels: few(ChannelSchema, SWEEP_LIMITS.channels),
  sizes_bytes: few(count, SWEEP_LIMITS.sizes),
  patterns: few(word, SWEEP_LIMITS.patterns),
  repetitions: among(1, SWEEP_LIMITS.repetitions),
  /** Measured time of each measurement. */
  duration_ms: among(...SWEEP_LIMITS.duration_ms),
  warmup_ms: among(...SWEEP_LIMITS.warmup_ms),
  /** Options that all cells share, by name; a channel that lacks one of them is left out. */
  options: OptionValuesSchema,
});
export type SweepSpec = v.InferOutput<typeof SweepSpecSchema>;

const CellSchema = v.object({ ...ChannelSchema.entries, pattern: word, size_bytes: count });
export type SweepCell = v.InferOutput<typeof CellSchema>;

const LeftOutSchema = v.object({
  ...ChannelSchema.entries,
  pattern: word,
  sizes_bytes: v.array(count),
  error: AppErrorSchema,
});
/** Combinations that this system cannot do, known before anything is started, and why. */
export type LeftOut = v.InferOutput<typeof LeftOutSchema>;

export const SweepPlanSchema = v.object({ cells: v.array(CellSchema), left_out: v.array(LeftOutSchema) });
export type SweepPlan = v.InferOutput<typeof SweepPlanSchema>;

export const SweepFiguresSchema = v.object({
  messages: count,
  messages_per_s: v.pipe(v.number(), v.minValue(0)),
  bytes_per_s: v.pipe(v.number(), v.minValue(0)),
  latency_kind: LatencyKindSchema,
  /** Messages whose latency was taken; with none, the percentiles say nothing. */
  samples: count,
  p50_ns: count,
  p99_ns: count,
  /** Messages lost, corrupt, torn, duplicated or reordered. */
  faults: count,
  /** Codes of the summary's warnings. */
  warnings: v.array(v.string()),
});
export type SweepFigures = v.InferOutput<typeof SweepFiguresSchema>;

/** One measurement of one cell; one line of what is kept on disk. */
export const SweepResultSchema = v.object({
  /** Index in the plan's cells. */
  cell: uint,
  /** From 0. */
  repetition: uint,
  /** Unix time in ms. */
  began_ms: count,
  /** All of it: starting the processes, warm-up, measuring, ending them. */
  took_ms: count,
  /** null where it failed; `error` says why. */
  figures: v.nullable(SweepFiguresSchema),
  error: v.nullable(AppErrorSchema),
});
export type SweepResult = v.InferOutput<typeof SweepResultSchema>;

export const SWEEP_STATES = ['running', 'paused', 'finished', 'cancelled', 'interrupted'] as const;
/**
 * running ⇄ paused → finished | cancelled; `interrupted` where its app ended before it did. What is left of a cancelled
 * or interrupted one can still be measured.
 */
export type SweepState = (typeof SWEEP_STATES)[number];

/** One measurement to be made. */
export interface SweepStep {
  cell: number;
  repetition: number;
}

/** Where a sweep stands; sent at every change, and one replaces all before it. */
export interface SweepProgress {
  id: string;
  /** `elsewhere`: it runs in another IPC Scope on the same data folder. */
  state: SweepState | 'elsewhere' | 'damaged' | 'newer';
  /** Measurements made, those that failed among them. */
  done: number;
  failed: number;
  /** Measurements altogether: cells × repetitions. */
  steps: number;
  /** Passes over all cells. */
  repetitions: number;
  /** What is measured now. */
  current: (SweepStep & SweepCell) | null;
  /** Expected time until the end, ms, without pauses. */
  left_ms: number;
  /** Why it paused by itself: a disk that is full, a helper that is gone. */
  error: AppError | null;
}

export interface SweepInfo extends SweepProgress {
  /** Unix time in ms. */
  created_ms: number;
  /** null where it cannot be read. */
  spec: SweepSpec | null;
  cells: number;
}

/** What a sweep was measured on. */
export const SweepMachineSchema = v.object({
  os: v.string(),
  release: v.string(),
  arch: v.string(),
  cpus: uint,
  /** Version of the helper. */
  helper: v.string(),
});
export type SweepMachine = v.InferOutput<typeof SweepMachineSchema>;

export interface SweepSnapshot {
  info: SweepInfo & { spec: SweepSpec };
  plan: SweepPlan;
  /** What the order of the cells was drawn from. */
  seed: number;
  machine: SweepMachine;
  /** In the order in which they were measured, from the one that was asked for. */
  results: SweepResult[];
  /** Lines that could not be read; what they told is measured again when the sweep goes on. */
  unreadable: number;
}

/** `resume` also takes up again what was cancelled or interrupted. */
export const SweepCommandSchema = v.picklist(['pause', 'resume', 'cancel']);
export type SweepCommand = v.InferOutput<typeof SweepCommandSchema>;

export const SWEEP_EXPORT_FORMATS = ['markdown', 'csv'] as const;
