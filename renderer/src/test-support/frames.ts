/** Frames of a made-up session, for tests. */
import type { Call, Hello, Note, SessionFrame, Summary, Tick } from '#contract/frames';
import type { SessionEvent, SessionInfo, SessionSnapshot, SessionState } from '#contract/session';
import { COUNTERS } from '#contract/test-frames';

export const ID = '20261121-041500-pipe-7f3a';

export function info(state: SessionState, id = ID): SessionInfo {
  return {
    id,
    spec: { mechanism: 'pipe', pattern: 'stream', options: {} },
    state,
    created_ms: 1_795_234_500_000,
  };
}

export const hello: Hello = {
  t: 'hello',
  elapsed_ns: 0,
  protocol: 1,
  helper: '0.1.0',
  pid: 4000,
  mechanism: 'pipe',
  variant: 'plain',
  pattern: 'stream',
  options: { size_bytes: 64, duration_ms: 5000, rate_per_s: 0 },
  processes: [
    { role: 'producer', index: 0, pid: 4001 },
    { role: 'consumer', index: 0, pid: 4002 },
  ],
  objects: [{ kind: 'pipe', name: 'pipe:[1] read fd 3, write fd 4', mode: '0600', capacity_bytes: 65_536 }],
};

type Process = Tick['processes'][number];

export function process(role: 'producer' | 'consumer', change: Partial<Process> = {}): Process {
  return {
    role,
    index: 0,
    pid: role === 'producer' ? 4001 : 4002,
    ...COUNTERS,
    ...change,
  };
}

/** The tick at `ms`, when `messages` have arrived. */
export function tick(ms: number, messages: number, change: Partial<Tick> = {}): Tick {
  const counters = {
    messages,
    bytes: messages * 64,
    cpu_user_ns: ms * 2e5,
    blocked_ns: ms * 7e5,
    runnable_ns: ms * 1e5,
  };
  return {
    t: 'tick',
    elapsed_ns: ms * 1e6,
    interval_ns: 50e6,
    phase: 'measure',
    processes: [process('producer', counters), process('consumer', counters)],
    queue: { used_bytes: 32_768, used_messages: null, capacity_bytes: 65_536, capacity_messages: null },
    latency: { kind: 'one_way', buckets: [1000, 98, 1500, 2] },
    integrity: { lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 },
    ...change,
  };
}

export function summary(change: Partial<Summary> = {}): Summary {
  return {
    t: 'summary',
    elapsed_ns: 5.2e9,
    mechanism: 'pipe',
    variant: 'plain',
    pattern: 'stream',
    options: hello.options,
    duration_ns: 5e9,
    messages: 123_456,
    bytes: 123_456 * 64,
    messages_per_s: 24_691.2,
    bytes_per_s: 1_580_236.8,
    latency: {
      kind: 'one_way',
      samples: 1000,
      sampling_ratio: 0.01,
      min_ns: 700,
      mean_ns: 1234.5,
      p50_ns: 1001,
      p90_ns: 2000,
      p99_ns: 3003,
      p99_9_ns: 40_000,
      max_ns: 500_000,
    },
    integrity: { verified: 'sequence', lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 },
    processes: (['producer', 'consumer'] as const).map((role) => ({
      ...process(role, { messages: 123_456, blocked_ns: 1e9 }),
      exit: 'exit 0',
      cpus: [0, 1],
    })),
    warnings: [],
    ended_by: 'duration',
    ...change,
  };
}

export function note(code: Note['code'], ms: number, params: Note['params'] = {}): Note {
  return { t: 'note', elapsed_ns: ms * 1e6, code, params };
}

export function call(ms: number, change: Partial<Call> = {}): Call {
  return {
    t: 'call',
    elapsed_ns: ms * 1e6,
    role: 'producer',
    index: 0,
    pid: 4001,
    name: 'write',
    args: 'fd=4, 64 bytes',
    result: 64,
    duration_ns: 900,
    ...change,
  };
}

export function frame(given: SessionFrame, session = ID): SessionEvent {
  return { event: 'frame', session, frame: given };
}

export function state(given: SessionState, session = ID): SessionEvent {
  return { event: 'state', session, state: given, info: info(given, session) };
}

export function snapshot(change: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return {
    info: info('finished'),
    hello,
    summary: summary(),
    series: null,
    latency_buckets: [],
    calls: [],
    rpc_call: null,
    notes: [],
    utterances: [],
    marks: [],
    errors: [],
    ...change,
  };
}
