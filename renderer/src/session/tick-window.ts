/** The ticks of the last second, and the figures that a person reads from them. */
import type { LatencyKind, Tick } from '#contract/frames';
import { mergeBuckets, quantiles } from '#contract/histogram';

/** Long enough to be read, short enough to follow a change. */
const WINDOW_NS = 1e9;

export interface Percentiles {
  p50_ns: number;
  p90_ns: number;
  p99_ns: number;
  p99_9_ns: number;
  max_ns: number;
}

type ProcessCounters = Tick['processes'][number];

export interface ProcessFigures extends ProcessCounters {
  /** Shares of the last second, 0..1. */
  running: number;
  blocked: number;
  waiting: number;
  switches_per_s: number;
  /** The kernel function, and the system call, in which most of the ticks of the last second found it asleep. */
  sleeps_in: string | undefined;
  sleeps_in_call: string | undefined;
}

export interface Figures extends Percentiles {
  elapsed_ns: number;
  messages: number;
  messages_per_s: number;
  bytes_per_s: number;
  latency_kind: LatencyKind;
  queue: Tick['queue'];
  integrity: Tick['integrity'];
  processes: ProcessFigures[];
}

export function percentilesOf(buckets: readonly number[]): Percentiles {
  const [p50 = NaN, p90 = NaN, p99 = NaN, p99_9 = NaN, max = NaN] = quantiles(
    buckets,
    [0.5, 0.9, 0.99, 0.999, 1],
  );
  return { p50_ns: p50, p90_ns: p90, p99_ns: p99, p99_9_ns: p99_9, max_ns: max };
}

export class TickWindow {
  #ticks: Tick[] = [];
  /** Messages delivered before measuring began: the helper's own number once it is told, the last sample's until then. */
  #warmedUp = 0;
  #told = false;

  push(tick: Tick): void {
    if (tick.phase === 'warmup' && !this.#told) this.#warmedUp = delivered(tick);
    this.#ticks.push(tick);
    const oldest = tick.elapsed_ns - WINDOW_NS;
    // One tick at or before the edge stays: differences are counted from it.
    while ((this.#ticks[1]?.elapsed_ns ?? Infinity) <= oldest) this.#ticks.shift();
  }

  /** What the helper says was delivered in the warm-up. */
  measuringSince(messages: number): void {
    this.#warmedUp = messages;
    this.#told = true;
  }

  figures(): Figures | undefined {
    const last = this.#ticks.at(-1);
    const first = this.#ticks[0];
    if (last === undefined || first === undefined) return undefined;
    // A session's first tick has nothing before it: it counts from the start, where every counter was nought.
    const base = first === last ? undefined : first;
    const seconds = (base === undefined ? last.elapsed_ns : last.elapsed_ns - base.elapsed_ns) / 1e9;
    const later = base === undefined ? this.#ticks : this.#ticks.slice(1);
    const buckets = later.reduce<readonly number[]>(
      (all, tick) => mergeBuckets(all, tick.latency.buckets),
      [],
    );
    const perSecond = (now: number, then: number): number => (seconds > 0 ? (now - then) / seconds : NaN);
    return {
      elapsed_ns: last.elapsed_ns,
      messages: Math.max(0, delivered(last) - (last.phase === 'warmup' ? 0 : this.#warmedUp)),
      messages_per_s: perSecond(delivered(last), base === undefined ? 0 : delivered(base)),
      bytes_per_s: perSecond(received(last, 'bytes'), base === undefined ? 0 : received(base, 'bytes')),
      ...percentilesOf(buckets),
      latency_kind: last.latency.kind,
      queue: last.queue,
      integrity: last.integrity,
      processes: last.processes.map((now) => ({
        ...ofProcess(now, base, seconds * 1e9),
        sleeps_in: sleepsIn(this.#ticks, now, 'waiting_in'),
        sleeps_in_call: sleepsIn(this.#ticks, now, 'waiting_call'),
      })),
    };
  }
}

function ofProcess(
  now: ProcessCounters,
  base: Tick | undefined,
  interval_ns: number,
): Omit<ProcessFigures, 'sleeps_in' | 'sleeps_in_call'> {
  const then = base?.processes.find(({ role, index }) => role === now.role && index === now.index);
  const share = (counter: (p: ProcessCounters) => number): number => {
    const grown = counter(now) - (then === undefined ? 0 : counter(then));
    return interval_ns > 0 ? Math.min(1, Math.max(0, grown / interval_ns)) : NaN;
  };
  const switches = (p: ProcessCounters): number => p.voluntary_switches + p.involuntary_switches;
  return {
    ...now,
    running: share((p) => p.cpu_user_ns + p.cpu_sys_ns),
    blocked: share((p) => p.blocked_ns),
    waiting: share((p) => p.runnable_ns),
    switches_per_s: ((switches(now) - (then === undefined ? 0 : switches(then))) * 1e9) / interval_ns,
  };
}

/** Where most ticks found the process asleep; between two that do not differ, the later one. */
function sleepsIn(
  ticks: readonly Tick[],
  { role, index }: ProcessCounters,
  told: 'waiting_in' | 'waiting_call',
): string | undefined {
  const found = new Map<string, number>();
  for (const tick of ticks) {
    const where = tick.processes.find((p) => p.role === role && p.index === index)?.[told];
    if (where !== undefined) found.set(where, (found.get(where) ?? 0) + 1);
  }
  return [...found].reduce<[string | undefined, number]>(
    (most, one) => (one[1] >= most[1] ? one : most),
    [undefined, 0],
  )[0];
}

const delivered = (tick: Tick): number => received(tick, 'messages');

function received(tick: Tick, counter: 'messages' | 'bytes'): number {
  return tick.processes.reduce((sum, p) => (p.role === 'consumer' ? sum + p[counter] : sum), 0);
}
