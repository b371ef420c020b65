/** Sweeps worth a button: what is asked most often, as far as this system can do it. */
import type { Describe } from '#contract/describe';
import type { SweepChannel, SweepSpec } from '#contract/sweep';

export const PRESETS = ['quick', 'sizes', 'tuned', 'trips'] as const;
export type Preset = (typeof PRESETS)[number];

/** One of each kind that courses compare first. */
const FIRST = ['pipe', 'unix', 'tcp', 'shm'];
const KIB = 1024;
const SIZES = [64, KIB, 16 * KIB, 64 * KIB];
const WIDE = [16, 64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB];

const common = { repetitions: 3, duration_ms: 500, warmup_ms: 100, options: {} };

export function presetSpec(preset: Preset, { mechanisms }: Describe): SweepSpec {
  const plain = (ids?: readonly string[]): SweepChannel[] =>
    mechanisms
      .filter(({ id }) => ids === undefined || ids.includes(id))
      .map(({ id, variants }) => ({ mechanism: id, variant: variants[0] ?? 'plain' }));
  switch (preset) {
    case 'quick': {
      const first = plain(FIRST);
      const channels = first.length > 0 ? first : plain().slice(0, FIRST.length);
      return { ...common, channels, sizes_bytes: SIZES, patterns: ['stream'] };
    }
    case 'sizes':
      return { ...common, channels: plain(), sizes_bytes: WIDE, patterns: ['stream'] };
    case 'tuned': {
      const channels = mechanisms
        .filter(({ variants }) => variants.includes('tuned'))
        .flatMap(({ id, variants }) => variants.map((variant) => ({ mechanism: id, variant })));
      return { ...common, channels, sizes_bytes: SIZES, patterns: ['stream'] };
    }
    case 'trips':
      return { ...common, channels: plain(), sizes_bytes: [64, KIB, 64 * KIB], patterns: ['pingpong'] };
  }
}
