/** Frames for tests: valid, small, and different where a test says so. */
import type { Describe } from './describe.ts';
import type { Call, Hello, Note, Summary, Tick } from './frames.ts';

const PROCESSES: Hello['processes'] = [
  { role: 'producer', index: 0, pid: 101 },
  { role: 'consumer', index: 0, pid: 102 },
];

export function hello(change: Partial<Hello> = {}): Hello {
  return {
    t: 'hello',
    elapsed_ns: 0,
    protocol: 1,
    helper: '0.1.0',
    pid: 100,
    mechanism: 'pipe',
    variant: 'plain',
    pattern: 'stream',
    options: { size_bytes: 64 },
    processes: PROCESSES,
    objects: [{ kind: 'pipe', name: 'fd 3,4', mode: '0600', capacity_bytes: 65536 }],
    ...change,
  };
}

/** What a process that did nothing counted. */
export const COUNTERS = {
  messages: 0,
  bytes: 0,
  calls: 0,
  would_block: 0,
  blocked_ns: 0,
  cpu_user_ns: 0,
  cpu_sys_ns: 0,
  runnable_ns: 0,
  voluntary_switches: 0,
  involuntary_switches: 0,
  minor_faults: 0,
  major_faults: 0,
  waits: 0,
};

const INTEGRITY = { lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 };

/** The nth tick of a session with 20 ticks and 1000 messages a second; each message took 100 + n ns. */
export function tick(n: number, change: Partial<Tick> = {}): Tick {
  return {
    t: 'tick',
    elapsed_ns: n * 50_000_000,
    interval_ns: 50_000_000,
    phase: 'measure',
    processes: PROCESSES.map((process) => ({ ...process, ...COUNTERS, messages: n * 50, bytes: n * 3200 })),
    queue: { used_bytes: 640, used_messages: null, capacity_bytes: 65536, capacity_messages: null },
    latency: { kind: 'one_way', buckets: [100 + n, 50] },
    integrity: INTEGRITY,
    ...change,
  };
}

export function call(n: number): Call {
  return {
    t: 'call',
    elapsed_ns: n,
    role: 'producer',
    index: 0,
    pid: 101,
    name: 'write',
    args: 'fd=4, 64 bytes',
    result: 64,
    duration_ns: 500,
  };
}

export function note(code: Note['code'], params: Note['params'] = {}): Note {
  return { t: 'note', elapsed_ns: 1, code, params };
}

export function summary(change: Partial<Summary> = {}): Summary {
  return {
    t: 'summary',
    elapsed_ns: 1_000_000_000,
    mechanism: 'pipe',
    variant: 'plain',
    pattern: 'stream',
    options: { size_bytes: 64 },
    duration_ns: 1_000_000_000,
    messages: 1000,
    bytes: 64_000,
    messages_per_s: 1000,
    bytes_per_s: 64_000,
    latency: {
      kind: 'one_way',
      samples: 1000,
      sampling_ratio: 1,
      min_ns: 100,
      mean_ns: 110.5,
      p50_ns: 110,
      p90_ns: 118,
      p99_ns: 120,
      p99_9_ns: 120,
      max_ns: 120,
    },
    integrity: { verified: 'sequence', ...INTEGRITY },
    processes: PROCESSES.map((process) => ({
      ...process,
      ...COUNTERS,
      messages: 1000,
      bytes: 64_000,
      exit: 'exit 0',
      cpus: [0],
    })),
    warnings: [],
    ended_by: 'duration',
    ...change,
  };
}

export function describeFrame(change: Partial<Describe> = {}): Describe {
  const base = { live: false, advanced: false };
  return {
    t: 'describe',
    protocol: 1,
    helper: '0.1.0',
    system: { os: 'linux', release: '6.1', arch: 'x64', cpus: [0, 1], page_bytes: 4096 },
    clock: { name: 'CLOCK_MONOTONIC', resolution_ns: 1, cost_ns: 20 },
    limits: { pipe_max_bytes: 1_048_576 },
    mechanisms: [
      {
        id: 'pipe',
        family: 'message_passing',
        variants: ['plain'],
        patterns: ['stream', 'pingpong'],
        options: [
          {
            ...base,
            name: 'size_bytes',
            flag: '--size',
            kind: 'integer',
            unit: 'bytes',
            min: 1,
            max: 16_777_216,
            default: 64,
            scale: 'log',
          },
          {
            ...base,
            name: 'duration_ms',
            flag: '--duration',
            kind: 'integer',
            unit: 'ms',
            min: 0,
            max: 86_400_000,
            default: 10_000,
            scale: 'log',
            zero: 'unlimited',
          },
          {
            ...base,
            live: true,
            name: 'rate',
            flag: '--rate',
            kind: 'integer',
            unit: 'per_second',
            min: 0,
            max: 1_000_000_000,
            default: 0,
            scale: 'log',
            zero: 'full_speed',
          },
          {
            ...base,
            name: 'verify',
            flag: '--verify',
            kind: 'choice',
            values: ['none', 'sequence', 'full'],
            default: 'sequence',
          },
          { ...base, name: 'blocking', flag: '--blocking', kind: 'boolean', default: true },
          {
            ...base,
            name: 'placement',
            flag: '--placement',
            kind: 'placement',
            words: ['free', 'same', 'apart'],
            default: 'free',
          },
        ],
      },
    ],
    ...change,
  };
}

/** A recording's text: one frame a line. */
export function ndjson(...frames: readonly object[]): string {
  return frames.map((frame) => `${JSON.stringify(frame)}\n`).join('');
}
