import { COUNTERS } from '#contract/test-frames';
import { expect, test } from 'vitest';
import type { Tick } from '#contract/frames';
import { bucketIndex } from '#contract/histogram';
import type { SessionEvent, SessionInfo, SessionState } from '#contract/session';
import { Metrics } from './metrics.ts';

const session = '20261121-041500-pipe-7f3a';
const info = (state: SessionState): SessionInfo => ({
  id: session,
  spec: { mechanism: 'pipe', options: {} },
  state,
  created_ms: 0,
});
const state = (to: SessionState): SessionEvent => ({ event: 'state', session, state: to, info: info(to) });

const hello: SessionEvent = {
  event: 'frame',
  session,
  frame: {
    t: 'hello',
    elapsed_ns: 0,
    protocol: 1,
    helper: '0.1.0',
    pid: 1,
    mechanism: 'pipe',
    variant: 'plain',
    pattern: 'stream',
    options: {},
    processes: [],
    objects: [],
  },
};

function tick(elapsed_s: number, messages: number, latency_ns: number): SessionEvent {
  const frame: Tick = {
    t: 'tick',
    elapsed_ns: elapsed_s * 1e9,
    interval_ns: 1e9,
    phase: 'measure',
    processes: [
      { ...COUNTERS, role: 'producer', index: 0, pid: 2, messages: messages + 5, bytes: 64 * messages },
      { ...COUNTERS, role: 'consumer', index: 0, pid: 3, messages, bytes: 64 * messages },
    ],
    queue: { used_bytes: 1024, used_messages: null, capacity_bytes: 4096, capacity_messages: null },
    latency: { kind: 'one_way', buckets: [bucketIndex(latency_ns), 10] },
    integrity: { lost: 1, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 },
  };
  return { event: 'frame', session, frame };
}

test('counters add up what arrived, over several sessions', async () => {
  const metrics = new Metrics();
  for (const event of [state('starting'), hello, state('running'), tick(1, 100, 1000), tick(2, 250, 1000)]) {
    metrics.observe(event);
  }
  metrics.observe(state('finished'));
  metrics.observe(state('starting'));
  metrics.observe(hello);
  metrics.observe(tick(1, 50, 1000));
  const text = await metrics.text();
  expect(text).toContain('ipc_scope_messages_total{mechanism="pipe"} 300');
  expect(text).toContain('ipc_scope_bytes_total{mechanism="pipe"} 19200');
  expect(text).toContain('ipc_scope_integrity_errors_total{mechanism="pipe"} 2');
  expect(text).toContain('ipc_scope_queue_occupancy_ratio{mechanism="pipe"} 0.25');
  expect(text).toContain('ipc_scope_sessions{state="finished"} 1');
  expect(text).toContain('ipc_scope_sessions{state="running"} 0');
  expect(text).toContain('ipc_scope_sessions{state="starting"} 1');
});

test('percentiles cover the last ten seconds only', async () => {
  const metrics = new Metrics();
  metrics.observe(hello);
  metrics.observe(tick(1, 10, 5_000_000));
  metrics.observe(tick(2, 20, 1000));
  expect(await metrics.text()).toMatch(
    /ipc_scope_latency_seconds\{mechanism="pipe",kind="one_way",quantile="0.99"\} 0.005/,
  );
  metrics.observe(tick(12, 30, 1000));
  expect(await metrics.text()).toMatch(
    /ipc_scope_latency_seconds\{mechanism="pipe",kind="one_way",quantile="0.99"\} 0.000001/,
  );
});

test('errors are counted by code', async () => {
  const metrics = new Metrics();
  const error = { code: 'helper_crashed', message: '', remedy: '' } as const;
  metrics.observe({ event: 'error', session, error, fatal: true });
  expect(await metrics.text()).toContain('ipc_scope_errors_total{code="helper_crashed"} 1');
});
