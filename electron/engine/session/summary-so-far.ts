/**
 * The summary of a session whose helper can no longer make one: it was killed, crashed or hung. Made from its last tick,
 * so it lacks at most one tick; how the processes ended and on which CPUs they ran is not known any more.
 */
import type { Hello, Summary, Tick } from '#contract/frames';
import { bucketHighest, bucketLowest, quantiles, totalCount, type SparseBuckets } from '#contract/histogram';
import type { Verified } from '#contract/verified';

/** What the ticks told; `base` is the last one before the measured time, if there was a warm-up. */
export interface Measured {
  hello: Hello;
  base: Tick | undefined;
  last: Tick;
  /** Time of the measured ticks, pauses left out. */
  duration_ns: number;
  latency: SparseBuckets;
  verified: Verified;
}

type Process = Omit<Tick['processes'][number], 'waiting_in' | 'waiting_call'>;

export function summarySoFar({ hello, base, last, duration_ns, latency, verified }: Measured): Summary {
  // Where it slept at that moment is no figure of the session.
  const processes = last.processes.map(({ waiting_in: _in, waiting_call: _call, ...process }) => ({
    ...since(
      process,
      base?.processes.find((p) => p.role === process.role && p.index === process.index),
    ),
    exit: 'unknown',
    cpus: [],
  }));
  const counting = hello.pattern === 'pingpong' ? 'producer' : 'consumer';
  const arrived = processes.filter(({ role }) => role === counting);
  const messages = arrived.reduce((sum, process) => sum + process.messages, 0);
  const bytes = arrived.reduce((sum, process) => sum + process.bytes, 0);
  const perSecond = (count: number): number => (duration_ns > 0 ? (count * 1e9) / duration_ns : 0);
  return {
    t: 'summary',
    elapsed_ns: last.elapsed_ns,
    mechanism: hello.mechanism,
    variant: hello.variant,
    pattern: hello.pattern,
    options: hello.options,
    duration_ns,
    messages,
    bytes,
    messages_per_s: perSecond(messages),
    bytes_per_s: perSecond(bytes),
    latency: { kind: last.latency.kind, ...latencyOf(latency, messages) },
    integrity: { ...verified, ...last.integrity },
    processes,
    warnings: [],
    ended_by: 'error',
  };
}

/** Every counter of a process since the measured time began. */
function since(process: Process, base: Process | undefined): Process {
  if (base === undefined) return process;
  const grown = Object.entries(process).map(([key, value]) => {
    const before = base[key as keyof Process];
    const counts =
      key !== 'index' && key !== 'pid' && typeof value === 'number' && typeof before === 'number';
    return [key, counts ? Math.max(0, value - before) : value];
  });
  return Object.fromEntries(grown) as Process;
}

function latencyOf(buckets: SparseBuckets, messages: number): Omit<Summary['latency'], 'kind'> {
  const samples = totalCount(buckets);
  if (samples === 0) {
    const none = { min_ns: 0, mean_ns: 0, p50_ns: 0, p90_ns: 0, p99_ns: 0, p99_9_ns: 0, max_ns: 0 };
    return { samples, sampling_ratio: 0, ...none };
  }
  let sum_ns = 0;
  for (let i = 0; i < buckets.length; i += 2) {
    const index = buckets[i] ?? 0;
    // The middle of a bucket is within 0.05 % of everything in it.
    sum_ns += ((bucketLowest(index) + bucketHighest(index)) / 2) * (buckets[i + 1] ?? 0);
  }
  const [p50_ns = 0, p90_ns = 0, p99_ns = 0, p99_9_ns = 0, max_ns = 0] = quantiles(
    buckets,
    [0.5, 0.9, 0.99, 0.999, 1],
  );
  return {
    samples,
    sampling_ratio: messages > 0 ? Math.min(1, samples / messages) : 0,
    min_ns: bucketLowest(buckets[0] ?? 0),
    mean_ns: sum_ns / samples,
    p50_ns,
    p90_ns,
    p99_ns,
    p99_9_ns,
    max_ns,
  };
}
