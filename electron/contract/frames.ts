/**
 * The frames of the helper (protocol 1): NDJSON on its stdout, one object a line, `t` says which.
 * Counters of a tick are totals since the process started, warm-up included, so that a dropped tick loses nothing;
 * latency buckets of a tick are the difference to the tick before.
 */
import * as v from 'valibot';
import { DescribeSchema } from './describe.ts';
import { AppErrorSchema, type AppError } from './errors.ts';
import { count, uint } from './numbers.ts';

const stamped = {
  /** ns since the session's start on the helper's monotonic clock. */
  elapsed_ns: count,
};

export const RoleSchema = v.picklist(['producer', 'consumer']);
export type Role = v.InferOutput<typeof RoleSchema>;

const who = { role: RoleSchema, index: uint, pid: uint };

/** The resolved options of a session, by option name. */
export const OptionValuesSchema = v.record(v.string(), v.union([v.number(), v.string(), v.boolean()]));
export type OptionValues = v.InferOutput<typeof OptionValuesSchema>;

export const HelloSchema = v.object({
  t: v.literal('hello'),
  ...stamped,
  protocol: v.number(),
  helper: v.string(),
  /** The supervisor's own pid. */
  pid: uint,
  mechanism: v.string(),
  variant: v.string(),
  pattern: v.string(),
  options: OptionValuesSchema,
  processes: v.array(v.object(who)),
  objects: v.array(
    v.object({
      /** pipe, socket, shared_memory, semaphore … */
      kind: v.string(),
      /** Its name in the system, or its descriptor numbers where it has none. */
      name: v.string(),
      /** Permission bits in octal, `0600`. */
      mode: v.string(),
      capacity_bytes: v.nullable(count),
      /** Pieces it is divided into, where a partly filled one counts as full: a pipe's pages (pipe(7)). */
      slots: v.optional(count),
    }),
  ),
});
export type Hello = v.InferOutput<typeof HelloSchema>;

const counters = {
  messages: count,
  bytes: count,
  /** System calls that carry messages, or ring operations where there is no call. */
  calls: count,
  would_block: count,
  /** Time neither running nor waiting for a CPU: wall - run - runnable. */
  blocked_ns: count,
  cpu_user_ns: count,
  cpu_sys_ns: count,
  /** Time ready to run but waiting for a CPU (/proc/PID/schedstat). */
  runnable_ns: count,
  voluntary_switches: count,
  involuntary_switches: count,
  minor_faults: count,
  major_faults: count,
  /** How often the channel was found full (producer) or empty (consumer). */
  waits: count,
};

const integrityCounters = { lost: count, corrupt: count, torn: count, duplicated: count, reordered: count };

export const LatencyKindSchema = v.picklist(['one_way', 'round_trip']);
export type LatencyKind = v.InferOutput<typeof LatencyKindSchema>;

/**
 * Checked by one loop, not by a schema a number: at full speed a tick carries thousands of them, twenty times a second.
 */
const BucketsSchema = v.custom<number[]>((input) => {
  if (!Array.isArray(input) || input.length % 2 !== 0) return false;
  let before = -1;
  for (let i = 0; i < input.length; i += 2) {
    const index: unknown = input[i];
    const times: unknown = input[i + 1];
    if (!Number.isSafeInteger(index) || !Number.isSafeInteger(times)) return false;
    if ((index as number) <= before || (times as number) < 1) return false;
    before = index as number;
  }
  return true;
}, 'buckets are pairs of index and count, the indices ascending, the counts above 0');

export const TickSchema = v.object({
  t: v.literal('tick'),
  ...stamped,
  /** ns since the tick before. */
  interval_ns: count,
  /** Only `measure` counts for the summary; `drain` is what was still under way when the measured time ended. */
  phase: v.picklist(['warmup', 'measure', 'drain']),
  processes: v.array(
    v.object({
      ...who,
      ...counters,
      /** The kernel function in which it sleeps (/proc/PID/wchan), for instance `anon_pipe_write`; absent while it runs. */
      waiting_in: v.optional(v.string()),
      /** The system call in which it sleeps (/proc/PID/syscall), `read` for instance; absent where the kernel does not tell. */
      waiting_call: v.optional(v.string()),
    }),
  ),
  queue: v.object({
    used_bytes: v.nullable(count),
    used_messages: v.nullable(count),
    capacity_bytes: v.nullable(count),
    capacity_messages: v.nullable(count),
    /** What else the system tells of the object, by name with unit: `rtt_ns`, `drops` … */
    gauges: v.optional(v.record(v.string(), count)),
  }),
  latency: v.object({
    kind: LatencyKindSchema,
    /** index, count, index, count … since the last tick, ascending; layout in histogram.ts. */
    buckets: BucketsSchema,
  }),
  integrity: v.object(integrityCounters),
});
export type Tick = v.InferOutput<typeof TickSchema>;

export const CallSchema = v.object({
  t: v.literal('call'),
  ...stamped,
  ...who,
  /** The call's real name: write, recv, futex … */
  name: v.string(),
  /** Its arguments as a person would write them: `fd=4, 64 bytes`. */
  args: v.string(),
  result: v.number(),
  errno: v.optional(v.string()),
  duration_ns: count,
});
export type Call = v.InferOutput<typeof CallSchema>;

const rpcBytes = v.object({
  /** Of the whole message, record mark included; `hex` may hold only its beginning. */
  total_bytes: count,
  hex: v.pipe(v.string(), v.regex(/^([0-9a-f]{2})*$/)),
  /** In order and without gaps; one name for all elements of an array. */
  fields: v.array(v.object({ offset: count, length: count, name: v.string(), value: v.string() })),
  /** Why the fields end before the bytes: cut_short, too_long, left_over …; absent where all is well. */
  fault: v.optional(v.string()),
});
export type RpcBytes = v.InferOutput<typeof rpcBytes>;

/** One remote call of the session as it travelled (RFC 5531): the first whose latency was taken. */
export const RpcCallSchema = v.object({
  t: v.literal('rpc_call'),
  ...stamped,
  /** tcp, udp or unix. */
  kind: v.string(),
  procedure: v.string(),
  call: rpcBytes,
  reply: rpcBytes,
});
export type RpcCall = v.InferOutput<typeof RpcCallSchema>;

export const NOTE_CODES = [
  'measuring',
  'paused',
  'resumed',
  'rate_changed',
  'consumer_delay_changed',
  'capacity_changed',
  /** From here on messages are verified otherwise; the params name `verify`. */
  'verify_changed',
  'process_killed',
  'process_ended',
  /** Something holds a process still (SIGSTOP); and lets it go again. As the samples show it: within a tick. */
  'process_stopped',
  'process_continued',
  /** Written by the engine: the helper itself ended before it could sum up. */
  'supervisor_ended',
  'broken_pipe',
  /** A process got a lock from one that died while it held it; the params name who got it. */
  'owner_died',
  'drained',
  'leftover_removed',
  /** A variant wanted something of the system and goes on without it; the params name `feature` and `reason`. */
  'not_granted',
  /**
   * One of the first faults that a process found: kind (lost, corrupt …), the number of the message at fault and the one
   * that was due, both from 0; of lost ones how many are missing; of several producers which sent it.
   */
  'integrity_fault',
] as const;

export const NoteSchema = v.object({
  t: v.literal('note'),
  ...stamped,
  code: v.picklist(NOTE_CODES),
  /** What the note is about: role, index, pid, signal, exit, value … */
  params: v.record(v.string(), v.union([v.string(), v.number()])),
});
export type Note = v.InferOutput<typeof NoteSchema>;

/** A line of a dialogue that has arrived; `elapsed_ns` is when. */
export const UtteranceSchema = v.object({
  t: v.literal('utterance'),
  ...stamped,
  from: v.object(who),
  to: v.object(who),
  text: v.string(),
  /** Which of the speaker's lines it is, from 0. */
  sequence: count,
  /** Of the whole message, its header included. */
  bytes: count,
  /** When it was sent, ns since the session's start. */
  sent_ns: count,
});
export type Utterance = v.InferOutput<typeof UtteranceSchema>;

export const TextSchema = v.object({
  t: v.literal('text'),
  ...stamped,
  who: v.string(),
  direction: v.picklist(['in', 'out']),
  text: v.string(),
});

export const WarningSchema = v.object({
  /** too_few_samples, crowded_cpus, involuntary_switches, coarse_clock, header_truncated … */
  code: v.string(),
  cause: v.string(),
  effect: v.string(),
  remedy: v.string(),
});
export type Warning = v.InferOutput<typeof WarningSchema>;

export const LatencySummarySchema = v.object({
  kind: LatencyKindSchema,
  samples: count,
  /** Share of messages whose latency was taken, 0..1. */
  sampling_ratio: v.number(),
  min_ns: count,
  mean_ns: v.pipe(v.number(), v.minValue(0)),
  p50_ns: count,
  p90_ns: count,
  p99_ns: count,
  p99_9_ns: count,
  max_ns: count,
});

/** How messages are verified, from nothing to everything. */
const VerifySchema = v.picklist(['none', 'sequence', 'full']);
export type Verify = v.InferOutput<typeof VerifySchema>;

/** The last frame of every session that started; scripts and graders read it, so its names are fixed. Warm-up excluded. */
export const SummarySchema = v.object({
  t: v.literal('summary'),
  ...stamped,
  mechanism: v.string(),
  variant: v.string(),
  pattern: v.string(),
  options: OptionValuesSchema,
  /** The measured time, without warm-up and pauses. */
  duration_ns: count,
  /** Messages that arrived (stream) or round trips completed (pingpong). */
  messages: count,
  bytes: count,
  messages_per_s: v.pipe(v.number(), v.minValue(0)),
  bytes_per_s: v.pipe(v.number(), v.minValue(0)),
  latency: LatencySummarySchema,
  integrity: v.object({
    /** What was verified of every message. */
    verified: VerifySchema,
    /** What was verified of some, where it was changed while the session ran: the most there was. */
    verified_at_times: v.optional(VerifySchema),
    ...integrityCounters,
  }),
  processes: v.array(
    v.object({
      ...who,
      ...counters,
      /** `exit 0`, `signal SIGKILL` … */
      exit: v.string(),
      /** CPUs on which it was seen. */
      cpus: v.array(uint),
      /** How often it moved to another CPU; absent where the system does not tell. */
      migrations: v.optional(count),
    }),
  ),
  /** What this machine can do at best, measured before the session; absent where the helper could not sum up. */
  machine: v.optional(
    v.object({
      /** null where both processes run on one CPU. */
      cache_line_round_trip_ns: v.nullable(v.number()),
      memcpy_bytes_per_s: v.number(),
      syscall_ns: v.number(),
      clock_ns: v.number(),
      /** From waking a thread that sleeps until it runs; absent where both processes run on one CPU. */
      wake_other_cpu_ns: v.optional(v.number()),
      wake_same_cpu_ns: v.optional(v.number()),
    }),
  ),
  /** The limit that the session came nearest to, and how near (1: reached). */
  share_of_limit: v.optional(
    v.object({ limit: v.picklist(['cache_line', 'memcpy', 'syscall']), share: v.number() }),
  ),
  warnings: v.array(WarningSchema),
  ended_by: v.picklist(['count', 'duration', 'stop', 'peer_exit', 'error']),
});
export type Summary = v.InferOutput<typeof SummarySchema>;

export const ErrorFrameSchema = v.object({
  t: v.literal('error'),
  elapsed_ns: count,
  /** The session ends because of it. A bad command on stdin, for instance, does not end anything. */
  fatal: v.boolean(),
  ...AppErrorSchema.entries,
});

/** The error that an error frame carries, without what makes it a frame. */
export function errorOf({
  t: _t,
  elapsed_ns: _ns,
  fatal: _fatal,
  ...error
}: v.InferOutput<typeof ErrorFrameSchema>): AppError {
  return error;
}

/** The answer of `ipc-helper clean`. */
export const CleanedSchema = v.object({
  t: v.literal('cleaned'),
  removed: v.array(v.object({ kind: v.string(), name: v.string(), owner_pid: uint })),
});
export type Cleaned = v.InferOutput<typeof CleanedSchema>;

/** Any line that the helper may print. */
export const FrameSchema = v.variant('t', [
  HelloSchema,
  TickSchema,
  CallSchema,
  RpcCallSchema,
  NoteSchema,
  UtteranceSchema,
  TextSchema,
  SummarySchema,
  ErrorFrameSchema,
  DescribeSchema,
  CleanedSchema,
]);
export type Frame = v.InferOutput<typeof FrameSchema>;

/** The frames of a session, without the one-shot answers. */
export type SessionFrame = Exclude<Frame, { t: 'describe' | 'cleaned' }>;
