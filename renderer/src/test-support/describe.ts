/** What a made-up system can do, for tests. */
import type { Describe, OptionInfo } from '#contract/describe';

const base = { live: false, advanced: false };

export const options: OptionInfo[] = [
  {
    ...base,
    kind: 'integer',
    name: 'size_bytes',
    flag: '--size',
    unit: 'bytes',
    min: 1,
    max: 16_777_216,
    default: 64,
    scale: 'log',
  },
  {
    ...base,
    kind: 'integer',
    name: 'duration_ms',
    flag: '--duration',
    unit: 'ms',
    min: 0,
    max: 86_400_000,
    default: 5000,
    scale: 'linear',
    zero: 'unlimited',
  },
  {
    ...base,
    live: true,
    kind: 'integer',
    name: 'rate_per_s',
    flag: '--rate',
    unit: 'per_second',
    min: 0,
    max: 1_000_000_000,
    default: 0,
    scale: 'log',
    zero: 'full_speed',
  },
  { ...base, kind: 'boolean', name: 'blocking', flag: '--blocking', default: true },
  {
    ...base,
    kind: 'choice',
    name: 'verify',
    flag: '--verify',
    values: ['none', 'sequence', 'full'],
    default: 'sequence',
  },
  {
    ...base,
    kind: 'placement',
    name: 'placement',
    flag: '--placement',
    words: ['free', 'same', 'apart'],
    default: 'free',
  },
  // A name that no language knows yet.
  {
    ...base,
    advanced: true,
    kind: 'integer',
    name: 'spare_slots',
    flag: '--spare-slots',
    unit: 'none',
    min: 0,
    max: 8,
    default: 2,
    scale: 'linear',
  },
];

export const describeAnswer: Describe = {
  t: 'describe',
  protocol: 1,
  helper: '0.1.0',
  system: { os: 'linux', release: '6.1', arch: 'x86_64', cpus: [0, 1], page_bytes: 4096 },
  clock: { name: 'CLOCK_MONOTONIC', resolution_ns: 1, cost_ns: 19 },
  limits: {},
  mechanisms: [
    {
      id: 'pipe',
      family: 'message_passing',
      variants: ['plain', 'tuned'],
      patterns: ['stream', 'pingpong'],
      options,
    },
    {
      id: 'carrier_pigeon',
      family: 'message_passing',
      variants: ['plain'],
      patterns: ['stream'],
      options: options.slice(0, 3),
    },
  ],
};
