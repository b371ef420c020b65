import { describe, expect, it } from 'vitest';
import type { Tick } from './frames.ts';
import { SampleDeriver, SeriesRing, columnsOf } from './series.ts';
import { COUNTERS } from './test-frames.ts';

const processes: Tick['processes'] = (['producer', 'consumer'] as const).map((role) => ({
  ...COUNTERS,
  role,
  index: 0,
  pid: 7,
}));

function tick(
  elapsed_ms: number,
  change: Partial<Tick['processes'][number]> = {},
  used: number | null = 0,
): Tick {
  return {
    t: 'tick',
    elapsed_ns: elapsed_ms * 1e6,
    interval_ns: 50e6,
    phase: 'measure',
    processes: processes.map((process) => ({ ...process, ...change })),
    queue: { used_bytes: used, used_messages: null, capacity_bytes: 100, capacity_messages: null },
    latency: { kind: 'one_way', buckets: [500, 1] },
    integrity: { lost: 1, corrupt: 0, torn: 2, duplicated: 0, reordered: 0 },
  };
}

describe('SampleDeriver', () => {
  it('turns totals into rates over the time between two ticks, even when ticks were merged', () => {
    const deriver = new SampleDeriver({ processes });
    const value = (row: Float64Array | undefined, key: string): number =>
      row?.[deriver.columns.findIndex((c) => c.key === key)] ?? NaN;
    deriver.push(tick(50, { messages: 100 }));
    const row = deriver.push(
      tick(
        150,
        { messages: 300, bytes: 1000, blocked_ns: 25e6, cpu_user_ns: 50e6, voluntary_switches: 10 },
        25,
      ),
    );
    expect(value(row, 'messages_per_s')).toBe(2000);
    expect(value(row, 'bytes_per_s')).toBe(10_000);
    expect(value(row, 'queue_share')).toBe(0.25);
    expect(value(row, 'errors')).toBe(3);
    expect(value(row, 'p50_ns')).toBe(500);
    expect(value(row, 'blocked_share/producer/0')).toBe(0.25);
    expect(value(row, 'running_share/consumer/0')).toBe(0.5);
    expect(value(row, 'switches_per_s/consumer/0')).toBe(100);
  });

  it('adds up switches and faults, and takes the mean of the shares of a role', () => {
    const four = (['producer', 'producer', 'consumer', 'consumer'] as const).map((role, n) => ({
      ...COUNTERS,
      role,
      index: n % 2,
      pid: n,
    }));
    const deriver = new SampleDeriver({ processes: four });
    const at = (row: Float64Array | undefined, key: string): number =>
      row?.[deriver.columns.findIndex((c) => c.key === key)] ?? NaN;
    deriver.push({ ...tick(100), processes: four });
    const later = four.map((process, n) => ({
      ...process,
      voluntary_switches: 10,
      involuntary_switches: n,
      minor_faults: 5,
      major_faults: n === 3 ? 1 : 0,
      cpu_user_ns: n === 0 ? 60e6 : 20e6,
      cpu_sys_ns: 20e6,
      blocked_ns: n < 2 ? 0 : 50e6,
      runnable_ns: 10e6,
    }));
    const row = deriver.push({ ...tick(200), processes: later });
    expect(at(row, 'voluntary_switches_per_s')).toBe(400);
    expect(at(row, 'involuntary_switches_per_s')).toBe(60);
    expect(at(row, 'minor_faults_per_s')).toBe(200);
    expect(at(row, 'major_faults_per_s')).toBe(10);
    expect(at(row, 'running_share/producer')).toBeCloseTo(0.6);
    expect(at(row, 'running_share/consumer')).toBeCloseTo(0.4);
    expect(at(row, 'blocked_share/producer')).toBe(0);
    expect(at(row, 'blocked_share/consumer')).toBeCloseTo(0.5);
    expect(at(row, 'runnable_share/producer')).toBeCloseTo(0.1);
    expect(at(row, 'running_share/producer/0')).toBeCloseTo(0.8);
  });

  it('leaves a gap, not a nought, where there is no value', () => {
    const deriver = new SampleDeriver({ processes });
    const bare = { ...tick(50, {}, null), processes: [], latency: { kind: 'one_way' as const, buckets: [] } };
    const row = deriver.push(bare);
    for (const key of ['p50_ns', 'queue_share', 'blocked_share/producer/0']) {
      expect(row?.[deriver.columns.findIndex((c) => c.key === key)]).toBeNaN();
    }
  });
});

describe('a tick cut short by a change of phase', () => {
  it('has no row of its own; what it counted is in the next one', () => {
    const deriver = new SampleDeriver({ processes });
    deriver.push(tick(50, { messages: 100 }));
    expect(
      deriver.push({ ...tick(50.5, { messages: 100 }), latency: { kind: 'one_way', buckets: [900, 3] } }),
    ).toBeUndefined();
    const row = deriver.push(tick(100, { messages: 200 }));
    expect(row?.[1]).toBe(2000);
    // Three of 900 ns and one of 500 ns: the median is that of both ticks together.
    expect(row?.[3]).toBe(900);
  });
});

describe('SeriesRing', () => {
  const columns = columnsOf({ processes: [] }).slice(0, 2);

  it('survives the way over a border that knows no NaN', () => {
    const ring = new SeriesRing(columns, 3);
    ring.push([1, NaN]);
    ring.push([2, 5]);
    const again = SeriesRing.fromTable(JSON.parse(JSON.stringify(ring.toTable())), 10);
    expect(again.length).toBe(2);
    expect(again.at(1, 0)).toBeNaN();
    expect(again.at(1, 1)).toBe(5);
  });
});
