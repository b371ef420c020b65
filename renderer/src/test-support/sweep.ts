/** A made-up sweep: two channels, two sizes, two repetitions. */
import type { Describe } from '#contract/describe';
import type { SweepInfo, SweepProgress, SweepResult, SweepSnapshot, SweepSpec } from '#contract/sweep';
import { describeAnswer } from './describe.ts';

/** The made-up system, with a warm-up. */
export const sweepDescribe: Describe = {
  ...describeAnswer,
  mechanisms: describeAnswer.mechanisms.map((mechanism) => ({
    ...mechanism,
    options: mechanism.options.flatMap((option) =>
      option.name === 'duration_ms' && option.kind === 'integer'
        ? [option, { ...option, name: 'warmup_ms', flag: '--warmup', max: 60_000, default: 200 }]
        : [option],
    ),
  })),
};

export const SWEEP = '20261121-041500-sweep-7f3a';

export const sweepSpec: SweepSpec = {
  channels: [
    { mechanism: 'pipe', variant: 'plain' },
    { mechanism: 'pipe', variant: 'tuned' },
  ],
  sizes_bytes: [64, 1024],
  patterns: ['stream'],
  repetitions: 2,
  duration_ms: 500,
  warmup_ms: 100,
  options: {},
};

const cells = sweepSpec.channels.flatMap((channel) =>
  sweepSpec.sizes_bytes.map((size_bytes) => ({ ...channel, pattern: 'stream', size_bytes })),
);

export function sweepResult(cell: number, repetition: number, messages_per_s: number): SweepResult {
  const figures = {
    messages: 1000,
    messages_per_s,
    bytes_per_s: messages_per_s * 64,
    latency_kind: 'one_way' as const,
    samples: 100,
    p50_ns: 2000,
    p99_ns: 9000,
    faults: 0,
    warnings: [],
  };
  return { cell, repetition, began_ms: 1, took_ms: 800, figures, error: null };
}

/** Everything measured: one cell whose repetitions do not agree, and one that failed once. */
export const allResults: readonly SweepResult[] = [
  sweepResult(0, 0, 100_000),
  sweepResult(1, 0, 50_000),
  sweepResult(2, 0, 900_000),
  {
    ...sweepResult(3, 0, 0),
    figures: null,
    error: { code: 'limit_reached', message: 'm', remedy: 'r', where: 'pipe2', errno: 'EMFILE' },
  },
  sweepResult(0, 1, 110_000),
  sweepResult(1, 1, 90_000),
  sweepResult(2, 1, 1_000_000),
  sweepResult(3, 1, 500_000),
];

export function sweepInfo(
  change: Partial<SweepProgress> = {},
  results: readonly SweepResult[] = allResults,
): SweepInfo & { spec: SweepSpec } {
  return {
    id: SWEEP,
    created_ms: 1_795_234_500_000,
    spec: sweepSpec,
    cells: cells.length,
    state: 'finished',
    done: results.length,
    failed: results.filter(({ error }) => error !== null).length,
    steps: allResults.length,
    repetitions: 2,
    current: null,
    left_ms: 0,
    error: null,
    ...change,
  };
}

export function sweepSnapshot(
  change: Partial<SweepProgress> = {},
  results: readonly SweepResult[] = allResults,
): SweepSnapshot {
  return {
    info: sweepInfo(change, results),
    plan: {
      cells,
      left_out: [
        {
          mechanism: 'carrier_pigeon',
          variant: 'plain',
          pattern: 'pingpong',
          sizes_bytes: [64],
          error: {
            code: 'not_a_choice',
            message: 'm',
            remedy: 'r',
            where: 'pattern',
            value: 'pingpong',
            allowed: 'stream',
          },
        },
      ],
    },
    seed: 7,
    machine: { os: 'linux', release: '6', arch: 'x86_64', cpus: 2, helper: '0.1.0' },
    results: [...results],
    unreadable: 0,
  };
}
