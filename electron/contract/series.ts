/**
 * From ticks to the columns that charts draw: one derivation for engine, exports and page.
 * A column that has no value at a moment holds NaN (null in JSON).
 */
import type { Hello, Role, Tick } from './frames.ts';
import { mergeBuckets, quantiles } from './histogram.ts';

export { SeriesRing, type SeriesTable } from './series-ring.ts';

export type ColumnUnit =
  's' | 'per_second' | 'bytes_per_second' | 'ns' | 'bytes' | 'messages' | 'share' | 'count';

export interface Column {
  /** `messages_per_s`, or `blocked_share/producer/0` for a column of one process. */
  key: string;
  unit: ColumnUnit;
}

const COMMON: readonly Column[] = [
  { key: 'elapsed_s', unit: 's' },
  { key: 'messages_per_s', unit: 'per_second' },
  { key: 'bytes_per_s', unit: 'bytes_per_second' },
  { key: 'p50_ns', unit: 'ns' },
  { key: 'p90_ns', unit: 'ns' },
  { key: 'p99_ns', unit: 'ns' },
  { key: 'p99_9_ns', unit: 'ns' },
  { key: 'max_ns', unit: 'ns' },
  { key: 'queue_bytes', unit: 'bytes' },
  { key: 'queue_messages', unit: 'messages' },
  { key: 'queue_share', unit: 'share' },
  /** lost + corrupt + torn + duplicated + reordered since the start. */
  { key: 'errors', unit: 'count' },
  { key: 'would_block_per_s', unit: 'per_second' },
  // Of all processes together: a column a process would be hundreds.
  { key: 'voluntary_switches_per_s', unit: 'per_second' },
  { key: 'involuntary_switches_per_s', unit: 'per_second' },
  { key: 'minor_faults_per_s', unit: 'per_second' },
  { key: 'major_faults_per_s', unit: 'per_second' },
  // The mean over the processes of a role.
  ...['producer', 'consumer'].flatMap((role) =>
    ['running_share', 'blocked_share', 'runnable_share'].map((name): Column => ({
      key: `${name}/${role}`,
      unit: 'share',
    })),
  ),
];

/** The columns of one process, as `name/role/index`. */
export const PROCESS_COLUMNS = [
  'running_share',
  'blocked_share',
  'runnable_share',
  'switches_per_s',
] as const;

/** The key of a process's column. */
export function processColumn(
  name: (typeof PROCESS_COLUMNS)[number],
  process: { role: string; index: number },
): string {
  return `${name}/${process.role}/${process.index}`;
}

/** The columns of a session, in the order of a sample row. */
export function columnsOf(hello: Pick<Hello, 'processes'>): Column[] {
  const own = hello.processes.flatMap((process) =>
    PROCESS_COLUMNS.map((name): Column => ({
      key: processColumn(name, process),
      unit: name === 'switches_per_s' ? 'per_second' : 'share',
    })),
  );
  return [...COMMON, ...own];
}

/**
 * Shortest time, ns, that has a rate of its own. The helper cuts a tick short where the phase changes; half a millisecond
 * in which nothing or much happened would be drawn as a fall to nought or a spike that nobody saw.
 */
const SHORTEST_NS = 5_000_000;

type Counter = Exclude<
  keyof Tick['processes'][number],
  'role' | 'index' | 'pid' | 'waiting_in' | 'waiting_call'
>;

const LATENCY_SHARES = [0.5, 0.9, 0.99, 0.999, 1] as const;

/** Turns the ticks of one session, in order, into sample rows. */
export class SampleDeriver {
  readonly columns: readonly Column[];
  readonly #processes: Hello['processes'];
  #before: Tick | undefined;
  /** Latencies of ticks that were too short for a row. */
  #carried: number[] = [];

  constructor(hello: Pick<Hello, 'processes'>) {
    this.columns = columnsOf(hello);
    this.#processes = hello.processes;
  }

  /**
   * The row of this tick, in the units of `columns`; the first tick counts from the session's start. None for a tick
   * shorter than 5 ms, which is added to the next one.
   */
  push(tick: Tick): Float64Array | undefined {
    const before = this.#before;
    const interval_ns = before === undefined ? tick.elapsed_ns : tick.elapsed_ns - before.elapsed_ns;
    const buckets =
      this.#carried.length === 0 ? tick.latency.buckets : mergeBuckets(this.#carried, tick.latency.buckets);
    if (interval_ns < SHORTEST_NS) {
      this.#carried = buckets;
      return undefined;
    }
    this.#carried = [];
    this.#before = tick;
    const row = new Float64Array(this.columns.length);
    const perSecond = (delta: number): number => (delta * 1e9) / interval_ns;
    const grown = (role: 'any' | Role, counter: Counter): number => {
      const sum = (t: Tick | undefined): number =>
        t?.processes.reduce((n, p) => (role === 'any' || p.role === role ? n + p[counter] : n), 0) ?? 0;
      return sum(tick) - sum(before);
    };
    let at = 0;
    const put = (value: number): void => {
      row[at++] = value;
    };
    put(tick.elapsed_ns / 1e9);
    put(perSecond(grown('consumer', 'messages')));
    put(perSecond(grown('consumer', 'bytes')));
    for (const value of quantiles(buckets, LATENCY_SHARES)) put(value);
    const { used_bytes, used_messages, capacity_bytes, capacity_messages } = tick.queue;
    put(used_bytes ?? NaN);
    put(used_messages ?? NaN);
    put(share(used_bytes, capacity_bytes) ?? share(used_messages, capacity_messages) ?? NaN);
    put(errorsOf(tick.integrity));
    put(perSecond(grown('any', 'would_block')));
    put(perSecond(grown('any', 'voluntary_switches')));
    put(perSecond(grown('any', 'involuntary_switches')));
    put(perSecond(grown('any', 'minor_faults')));
    put(perSecond(grown('any', 'major_faults')));
    for (const role of ['producer', 'consumer'] as const) {
      const part = (ns: number): number => meanShare(ns, interval_ns, tick, role);
      put(part(grown(role, 'cpu_user_ns') + grown(role, 'cpu_sys_ns')));
      put(part(grown(role, 'blocked_ns')));
      put(part(grown(role, 'runnable_ns')));
    }
    for (const { role, index } of this.#processes) {
      const find = (t: Tick | undefined) => t?.processes.find((p) => p.role === role && p.index === index);
      const now = find(tick);
      const then = find(before);
      if (now === undefined) {
        for (let i = 0; i < PROCESS_COLUMNS.length; i++) put(NaN);
        continue;
      }
      const part = (ns: number): number =>
        interval_ns > 0 ? Math.min(1, Math.max(0, ns / interval_ns)) : NaN;
      const running = now.cpu_user_ns + now.cpu_sys_ns - (then ? then.cpu_user_ns + then.cpu_sys_ns : 0);
      const switches =
        now.voluntary_switches +
        now.involuntary_switches -
        (then ? then.voluntary_switches + then.involuntary_switches : 0);
      put(part(running));
      put(part(now.blocked_ns - (then?.blocked_ns ?? 0)));
      put(part(now.runnable_ns - (then?.runnable_ns ?? 0)));
      put(perSecond(switches));
    }
    return row;
  }
}

/** All integrity failures of a tick or summary as one number. */
export function errorsOf(integrity: Tick['integrity']): number {
  const { lost, corrupt, torn, duplicated, reordered } = integrity;
  return lost + corrupt + torn + duplicated + reordered;
}

/** Share of the time that the processes of a role spent so, on average; NaN where there is none of them. */
function meanShare(ns: number, interval_ns: number, tick: Tick, role: Role): number {
  const processes = tick.processes.filter((process) => process.role === role).length;
  return interval_ns > 0 && processes > 0 ? Math.min(1, Math.max(0, ns / interval_ns / processes)) : NaN;
}

function share(used: number | null, capacity: number | null): number | undefined {
  return used === null || capacity === null || capacity === 0 ? undefined : Math.min(1, used / capacity);
}
