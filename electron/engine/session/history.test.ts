import { describe, expect, it } from 'vitest';
import { call, hello, note, summary, tick } from '#contract/test-frames';
import { BucketSum } from '#contract/bucket-sum';
import { History } from './history.ts';

const info = {
  id: '20261121-041500-pipe-7f3a',
  spec: { mechanism: 'pipe', options: {} },
  state: 'running',
  created_ms: 0,
} as const;

describe('the history of a session', () => {
  it('holds everything a page needs to show the session from the start', () => {
    const history = new History();
    history.add(hello());
    history.add(tick(1, { phase: 'warmup' }));
    history.add(tick(2));
    history.add(tick(3));
    history.add(call(1));
    history.add(note('measuring'));
    history.add(summary());
    const snapshot = history.snapshot(info);
    expect(snapshot.hello).toEqual(hello());
    expect(snapshot.summary).toEqual(summary());
    expect(snapshot.series?.rows).toBe(3);
    expect(snapshot.series?.values[1]).toEqual([1000, 1000, 1000]);
    expect(snapshot.latency_buckets).toEqual([102, 50, 103, 50]);
    expect(snapshot.calls).toHaveLength(1);
    expect(snapshot.notes).toHaveLength(1);
  });

  it('keeps the newest samples and both ends of the call log when it is full', () => {
    const history = new History(10);
    history.add(hello());
    for (let n = 1; n <= 25; n++) history.add(tick(n));
    for (let n = 1; n <= 5000; n++) history.add(call(n));
    const { series, calls } = history.snapshot(info);
    expect(series?.rows).toBe(10);
    expect(series?.values[0]?.[9]).toBeCloseTo(1.25);
    expect(calls).toHaveLength(1000);
    expect(calls[0]?.elapsed_ns).toBe(1);
    expect(calls.at(-1)?.elapsed_ns).toBe(5000);
  });

  it('ignores ticks of which no hello has said the processes', () => {
    const history = new History();
    history.add(tick(1));
    expect(history.snapshot(info).series).toBeNull();
  });

  it('is unharmed by a later frame: a snapshot is a copy', () => {
    const history = new History();
    history.add(hello());
    const before = history.snapshot(info);
    history.add(note('drained'));
    history.add(tick(1));
    expect(before.notes).toEqual([]);
    expect(before.series?.rows).toBe(0);
  });
});

describe('a sum of histograms', () => {
  it('adds counts by bucket and answers them in order', () => {
    const sum = new BucketSum();
    sum.add([5, 1, 9, 2]);
    sum.add([1, 7, 9, 3]);
    expect(sum.toSparse()).toEqual([1, 7, 5, 1, 9, 5]);
  });

  it('counts an index beyond its end in the last bucket', () => {
    const sum = new BucketSum();
    sum.add([10_000_000, 4]);
    expect(sum.toSparse()[1]).toBe(4);
  });
});
