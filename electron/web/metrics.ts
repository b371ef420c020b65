/**
 * What Prometheus reads at /metrics. Counters add up all sessions since the shell started; gauges show the session that
 * spoke last, and latency percentiles cover its last ten seconds.
 */
import { Counter, Gauge, Registry } from 'prom-client';
import type { SessionFrame, Tick } from '#contract/frames';
import { mergeBuckets, quantiles } from '#contract/histogram';
import { errorsOf } from '#contract/series';
import { isOver, SESSION_STATES, type SessionEvent, type SessionState } from '#contract/session';

const WINDOW_NS = 10_000_000_000;
const QUANTILES = [0.5, 0.9, 0.99, 0.999];

interface Seen {
  mechanism: string;
  messages: number;
  bytes: number;
  errors: number;
  recent: { elapsed_ns: number; buckets: readonly number[] }[];
}

export class Metrics {
  readonly #registry = new Registry();
  readonly #sessions = new Map<string, Seen>();
  readonly #states = new Map<string, SessionState>();
  #newest: { seen: Seen; kind: string } | undefined;
  readonly #messages;
  readonly #bytes;
  readonly #errors;
  readonly #failures;
  readonly #latency;
  readonly #occupancy;
  readonly #state;

  constructor() {
    const registers = [this.#registry];
    const labelNames = ['mechanism'] as const;
    this.#messages = new Counter({
      name: 'ipc_scope_messages_total',
      help: 'Messages that arrived at consumers, warm-up included.',
      labelNames,
      registers,
    });
    this.#bytes = new Counter({
      name: 'ipc_scope_bytes_total',
      help: 'Bytes that arrived at consumers, warm-up included.',
      labelNames,
      registers,
    });
    this.#errors = new Counter({
      name: 'ipc_scope_integrity_errors_total',
      help: 'Messages lost, corrupt, torn, duplicated or reordered.',
      labelNames,
      registers,
    });
    this.#failures = new Counter({
      name: 'ipc_scope_errors_total',
      help: 'Typed errors of sessions, by code.',
      labelNames: ['code'] as const,
      registers,
    });
    this.#latency = new Gauge({
      name: 'ipc_scope_latency_seconds',
      help: 'Latency below which this share of messages of the last ten seconds stayed.',
      labelNames: ['mechanism', 'kind', 'quantile'] as const,
      registers,
    });
    this.#occupancy = new Gauge({
      name: 'ipc_scope_queue_occupancy_ratio',
      help: 'Used share of the channel, 0 to 1.',
      labelNames,
      registers,
    });
    this.#state = new Gauge({
      name: 'ipc_scope_sessions',
      help: 'Sessions in each state; finished and failed ones since the shell started.',
      labelNames: ['state'] as const,
      registers,
    });
    for (const state of SESSION_STATES) this.#state.set({ state }, 0);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    // Merging histograms is worth its time when somebody reads them, not at every tick.
    if (this.#newest !== undefined) this.#setLatency(this.#newest.seen, this.#newest.kind);
    return this.#registry.metrics();
  }

  #setLatency({ mechanism, recent }: Seen, kind: string): void {
    this.#latency.reset();
    const merged = recent.reduce<number[]>((sum, { buckets }) => mergeBuckets(sum, buckets), []);
    quantiles(merged, QUANTILES).forEach((ns, index) => {
      if (Number.isNaN(ns)) return;
      this.#latency.set({ mechanism, kind, quantile: String(QUANTILES[index]) }, ns / 1e9);
    });
  }

  observe(event: SessionEvent): void {
    switch (event.event) {
      case 'state': {
        const before = this.#states.get(event.session);
        if (before !== undefined) this.#state.dec({ state: before });
        this.#state.inc({ state: event.state });
        if (isOver(event.state)) {
          this.#states.delete(event.session);
          this.#sessions.delete(event.session);
        } else {
          this.#states.set(event.session, event.state);
        }
        break;
      }
      case 'error':
        this.#failures.inc({ code: event.error.code });
        break;
      case 'frame':
        this.#frame(event.session, event.frame);
        break;
    }
  }

  #frame(session: string, frame: SessionFrame): void {
    if (frame.t === 'hello') {
      const { mechanism } = frame;
      this.#sessions.set(session, { mechanism, messages: 0, bytes: 0, errors: 0, recent: [] });
    } else if (frame.t === 'error') {
      this.#failures.inc({ code: frame.code });
    } else if (frame.t === 'tick') {
      const seen = this.#sessions.get(session);
      if (seen !== undefined) this.#tick(seen, frame);
    }
  }

  #tick(seen: Seen, tick: Tick): void {
    const { mechanism } = seen;
    const arrived = (counter: 'messages' | 'bytes') =>
      tick.processes.reduce((sum, p) => (p.role === 'consumer' ? sum + p[counter] : sum), 0);
    const grow = (counter: Counter<'mechanism'>, key: 'messages' | 'bytes' | 'errors', now: number) => {
      counter.inc({ mechanism }, Math.max(0, now - seen[key]));
      seen[key] = now;
    };
    grow(this.#messages, 'messages', arrived('messages'));
    grow(this.#bytes, 'bytes', arrived('bytes'));
    grow(this.#errors, 'errors', errorsOf(tick.integrity));

    seen.recent.push({ elapsed_ns: tick.elapsed_ns, buckets: tick.latency.buckets });
    while ((seen.recent[0]?.elapsed_ns ?? Infinity) < tick.elapsed_ns - WINDOW_NS) seen.recent.shift();
    this.#newest = { seen, kind: tick.latency.kind };

    const { used_bytes, used_messages, capacity_bytes, capacity_messages } = tick.queue;
    const share = ratio(used_bytes, capacity_bytes) ?? ratio(used_messages, capacity_messages);
    if (share !== undefined) this.#occupancy.set({ mechanism }, share);
  }
}

function ratio(used: number | null, capacity: number | null): number | undefined {
  return used === null || capacity === null || capacity === 0 ? undefined : used / capacity;
}
