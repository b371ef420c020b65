/** Recorded runs that differ, for tests of comparisons. */
import { bucketIndex } from '#contract/histogram';
import type { RunInfo } from '#contract/runs';
import { figuresOf, NO_LABEL } from '#contract/runs';
import type { SessionSnapshot } from '#contract/session';
import { hello, info, note, snapshot, summary, tick } from './frames.ts';
import { ringOf } from './ring.ts';

export interface MadeRun {
  id: string;
  rate: number;
  p99_ns: number;
  size_bytes: number;
  host?: string;
}

/** Five seconds at a steady rate, with small changes that make a spread. */
export function madeRun({ id, rate, p99_ns, size_bytes, host = 'one' }: MadeRun): SessionSnapshot {
  let messages = 0;
  const ticks = Array.from({ length: 100 }, (_, i) => {
    messages += Math.round((rate / 20) * (1 + 0.02 * (((i * 3) % 7) / 3 - 1)));
    return tick((i + 1) * 50, messages, {
      latency: { kind: 'one_way', buckets: [bucketIndex(p99_ns / 2), 90, bucketIndex(p99_ns), 10] },
    });
  });
  const options = { ...hello.options, size_bytes };
  const frame = summary({ options, duration_ns: 5e9, messages, messages_per_s: messages / 5 });
  return snapshot({
    info: { ...info('finished', id), spec: { mechanism: 'pipe', pattern: 'stream', options } },
    hello: { ...hello, options },
    summary: {
      ...frame,
      bytes_per_s: frame.messages_per_s * size_bytes,
      latency: { ...frame.latency, p50_ns: p99_ns / 2, p90_ns: p99_ns / 2, p99_ns },
    },
    series: ringOf(...ticks).toTable(),
    latency_buckets: [bucketIndex(p99_ns / 2), 9000, bucketIndex(p99_ns), 1000],
    notes: [note('measuring', 0)],
    machine: {
      host,
      os: 'linux',
      release: '6.1',
      arch: 'x86_64',
      cpu_model: 'Quick 9000',
      cpus: 2,
      clock: 'CLOCK_MONOTONIC',
    },
  });
}

/** The run as the library lists it. */
export function listed(run: SessionSnapshot, created_ms: number): RunInfo {
  return {
    id: run.info.id,
    created_ms,
    spec: run.info.spec,
    label: NO_LABEL,
    state: run.info.state,
    summary: run.summary === null ? null : figuresOf(run.summary),
    bytes_on_disk: 4096,
  };
}
