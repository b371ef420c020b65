/** Sides of comparisons for tests: steady runs of a known rate. */
import type { Summary } from '../frames.ts';
import type { Machine } from '../machine.ts';
import { summary } from '../test-frames.ts';
import type { Side } from './side.ts';
import type { Stretch } from './stretches.ts';

export const MACHINE: Machine = {
  host: 'aaaa',
  os: 'linux',
  release: '6.1',
  arch: 'x86_64',
  cpu_model: 'Quick 9000',
  cpus: 4,
  clock: 'CLOCK_MONOTONIC',
};

interface Made {
  rate?: number;
  p99_ns?: number;
  /** How far stretches lie from the rate, as a share of it. */
  noise?: number;
  stretches?: number;
  change?: Partial<Summary>;
  machine?: Machine | null;
}

/** A run whose stretches change by a pattern that repeats every seven of them. */
export function side(
  id: string,
  { rate = 1000, p99_ns = 1000, noise = 0.02, stretches = 100, ...made }: Made = {},
): Side {
  const frame = summary(made.change);
  const at = (n: number): number => 1 + noise * (((n * 3) % 7) / 3 - 1);
  return {
    id,
    summaries: [
      {
        ...frame,
        messages_per_s: rate,
        bytes_per_s: rate * 64,
        latency: { ...frame.latency, p50_ns: p99_ns / 2, p99_ns },
      },
    ],
    stretches: Array.from({ length: stretches }, (_, n): Stretch => ({
      end_s: (n + 1) * 0.05,
      seconds: 0.05,
      values: {
        messages_per_s: rate * at(n),
        bytes_per_s: rate * 64 * at(n),
        p50_ns: (p99_ns / 2) * at(n),
        p90_ns: p99_ns * at(n),
        p99_ns: p99_ns * at(n),
        p99_9_ns: p99_ns * at(n),
      },
    })),
    machine: made.machine === undefined ? MACHINE : made.machine,
    disturbed: false,
  };
}
