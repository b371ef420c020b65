import { describe, expect, it } from 'vitest';
import { statisticsOf } from '#contract/sweep-results';
import type { SweepResult } from '#contract/sweep';
import { channelsOf, endsOf, levelOf, LEVELS, lookOf, rowsOf, sorted } from './cells.ts';

const cell = (mechanism: string, size_bytes: number) => ({
  mechanism,
  variant: 'plain',
  pattern: 'stream',
  size_bytes,
});

const plan = { cells: [cell('shm', 64), cell('pipe', 64), cell('pipe', 1024)], left_out: [] };

function result(index: number, messages_per_s: number): SweepResult {
  const figures = {
    messages: 1,
    messages_per_s,
    bytes_per_s: messages_per_s,
    latency_kind: 'one_way' as const,
    samples: 1,
    p50_ns: 10,
    p99_ns: 20,
    faults: 0,
    warnings: [],
  };
  return { cell: index, repetition: 0, began_ms: 0, took_ms: 1, figures, error: null };
}

// Nothing is known of the last one yet.
const rows = rowsOf(plan, statisticsOf(3, [result(0, 900), result(1, 9)]));
const order = (key: Parameters<typeof sorted>[1], ascending: boolean) =>
  sorted(rows, key, ascending, ({ mechanism }) => mechanism).map(({ index }) => index);

describe('the table of cells', () => {
  it('is sorted by names and by figures, and what has none comes last either way', () => {
    expect(order('channel', true)).toEqual([1, 2, 0]);
    expect(order('channel', false)).toEqual([0, 1, 2]);
    expect(order('size_bytes', false)).toEqual([2, 0, 1]);
    expect(order('messages_per_s', true)).toEqual([1, 0, 2]);
    expect(order('messages_per_s', false)).toEqual([0, 1, 2]);
  });

  it('keeps the plan’s order where the column cannot tell', () => {
    expect(order('p50_ns', false)).toEqual([0, 1, 2]);
    expect(order('pattern', true)).toEqual([0, 1, 2]);
  });
});

describe('lines', () => {
  it('are told apart by colour and mark, up to as many as a sweep may have', () => {
    const looks = Array.from({ length: 25 }, (_, n) => Object.values(lookOf(n)).join());
    expect(new Set(looks).size).toBe(25);
    expect(new Set(looks.slice(0, 5).map((look) => look.split(',')[1])).size).toBe(5);
  });

  it('are one a channel', () => {
    expect(channelsOf(plan.cells)).toEqual([
      { mechanism: 'shm', variant: 'plain' },
      { mechanism: 'pipe', variant: 'plain' },
    ]);
  });
});

describe('shades', () => {
  it('go from the least to the greatest by the logarithm', () => {
    expect(endsOf(rows, 'messages_per_s')).toEqual([9, 900]);
    expect([1, 10, 100].map((value) => levelOf(value, 1, 100))).toEqual([0, (LEVELS - 1) / 2, LEVELS - 1]);
  });

  it('say nothing of what has no value', () => {
    expect(levelOf(NaN, 1, 100)).toBeNaN();
    expect(levelOf(0, 1, 100)).toBeNaN();
    expect(levelOf(5, 5, 5)).toBe(0);
    expect(endsOf([], 'p50_ns')).toEqual([NaN, NaN]);
  });
});
