import { describe, expect, it } from 'vitest';
import { totalCount } from '#contract/histogram';
import { SampleDeriver } from '#contract/series';
import { canMerge, mergeTicks } from './merge-ticks.ts';
import { hello, tick } from '#contract/test-frames';

describe('merging ticks', () => {
  it('keeps later totals, adds intervals and latencies', () => {
    const merged = mergeTicks(tick(1), tick(2));
    expect(merged.elapsed_ns).toBe(tick(2).elapsed_ns);
    expect(merged.interval_ns).toBe(100_000_000);
    expect(merged.processes).toEqual(tick(2).processes);
    expect(merged.latency.buckets).toEqual([101, 50, 102, 50]);
  });

  it('loses no message: the derived rate over merged ticks is that over single ones', () => {
    const one = new SampleDeriver(hello());
    const two = new SampleDeriver(hello());
    const rates = [1, 2, 3, 4].map((n) => one.push(tick(n))?.[1]);
    const merged = [mergeTicks(tick(1), tick(2)), mergeTicks(tick(3), tick(4))].map((t) => two.push(t)?.[1]);
    expect(rates).toEqual([1000, 1000, 1000, 1000]);
    expect(merged).toEqual([1000, 1000]);
    expect(totalCount(mergeTicks(tick(1), tick(2)).latency.buckets)).toBe(100);
  });

  it('never mixes warm-up with measuring, and leaves its arguments as they were', () => {
    expect(canMerge(tick(1, { phase: 'warmup' }), tick(2))).toBe(false);
    expect(canMerge(tick(1), tick(2))).toBe(true);
    const first = tick(1);
    mergeTicks(first, tick(2));
    expect(first).toEqual(tick(1));
  });
});
