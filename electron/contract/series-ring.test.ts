import { describe, expect, it } from 'vitest';
import type { Column } from './series.ts';
import { SeriesRing } from './series-ring.ts';

const columns: Column[] = [
  { key: 'elapsed_s', unit: 's' },
  { key: 'messages_per_s', unit: 'per_second' },
  { key: 'p99_ns', unit: 'ns' },
  { key: 'max_ns', unit: 'ns' },
  { key: 'queue_bytes', unit: 'bytes' },
  { key: 'errors', unit: 'count' },
];
const [TIME, RATE, P99, MAX, QUEUE, ERRORS] = [0, 1, 2, 3, 4, 5];

/** `rows` rows of 50 ms; the values differ from row to row, but not much. */
function filled(
  rows: number,
  capacity: number,
  change: (i: number, row: number[]) => void = () => undefined,
) {
  const ring = new SeriesRing(columns, capacity);
  for (let i = 1; i <= rows; i++) {
    const row = [i * 0.05, 1000 + (i % 7), 500 + (i % 11), 900 + (i % 13), i % 17, i];
    change(i, row);
    ring.push(row);
  }
  return ring;
}

const list = <T>(ring: SeriesRing, of: (row: number) => T): T[] =>
  Array.from({ length: ring.length }, (_, row) => of(row));

/** Messages of the whole ring: rate times time, as a chart's area. */
function messages(ring: SeriesRing): number {
  let before = 0;
  return list(ring, (row) => {
    const time = ring.at(TIME, row);
    const part = ring.at(RATE, row) * (time - before);
    before = time;
    return part;
  }).reduce((a, b) => a + b, 0);
}

describe('a ring of samples', () => {
  it('holds every row while there is room', () => {
    const ring = filled(300, 300);
    expect(ring.length).toBe(300);
    expect(ring.merges).toBe(0);
    expect(ring.lowAt(QUEUE, 20)).toBe(ring.at(QUEUE, 20));
    expect(ring.samplesAt(20)).toBe(1);
    expect(ring.toTable().merged).toBeUndefined();
  });

  it('never forgets the beginning and never grows, however long the session is', () => {
    const rows = 200_000;
    const ring = filled(rows, 300);
    expect(ring.length).toBeLessThanOrEqual(300);
    expect(ring.length).toBeGreaterThan(100);
    expect(ring.written).toBe(rows);
    expect(ring.at(TIME, 0)).toBeLessThan(rows * 0.05 * 0.02);
    expect(ring.at(TIME, ring.length - 1)).toBeCloseTo(rows * 0.05);
    expect(list(ring, (row) => ring.samplesAt(row)).reduce((a, b) => a + b)).toBe(rows);
  });

  it('is even: no old row stands for more than a few times what another does', () => {
    const ring = filled(200_000, 300);
    const old = list(ring, (row) => ring.samplesAt(row)).slice(0, 100);
    expect(Math.max(...old) / Math.min(...old)).toBeLessThanOrEqual(2);
  });

  it('shows what is under way in full', () => {
    const ring = filled(200_000, 300);
    for (let row = ring.length - ring.recent; row < ring.length; row++) expect(ring.samplesAt(row)).toBe(1);
  });

  it('keeps sums', () => {
    let sent = 0;
    const ring = filled(50_000, 300, (_, row) => (sent += (row[RATE] ?? 0) * 0.05));
    expect(messages(ring)).toBeCloseTo(sent, 3);
    expect(ring.at(ERRORS, ring.length - 1)).toBe(50_000);
  });

  it('keeps the least and the greatest value of every column: no spike is lost', () => {
    const ring = filled(50_000, 300, (i, row) => {
      if (i === 7777) row.splice(1, 5, 5_000_000, 77_000, 99_000, 65_536, i);
      if (i === 31_000) row[RATE] = 0;
    });
    const greatest = (column: number) => Math.max(...list(ring, (row) => ring.highAt(column, row)));
    expect([RATE, P99, MAX, QUEUE].map(greatest)).toEqual([5_000_000, 77_000, 99_000, 65_536]);
    expect(Math.max(...list(ring, (row) => ring.at(MAX, row)))).toBe(99_000);
    expect(Math.min(...list(ring, (row) => ring.lowAt(RATE, row)))).toBe(0);
    // At its own time.
    const at = list(ring, (row) => ring.highAt(QUEUE, row)).indexOf(65_536);
    expect(ring.at(TIME, at)).toBeGreaterThanOrEqual(7777 * 0.05);
    expect(ring.at(TIME, at - 1)).toBeLessThan(7777 * 0.05);
  });

  it('weighs a percentile by its messages, and what has no value by nothing', () => {
    const ring = new SeriesRing(columns, 4, 0);
    ring.push([1, 10, 100, 100, NaN, 0]);
    ring.push([2, 30, 200, 200, 7, 0]);
    ring.push([3, 0, NaN, NaN, NaN, 0]);
    ring.push([4, 0, NaN, NaN, NaN, 0]);
    ring.push([5, 1, 1, 1, 1, 0]);
    expect(ring.at(TIME, 0)).toBe(2);
    expect(ring.at(RATE, 0)).toBe(20);
    expect(ring.at(P99, 0)).toBe(175);
    expect(ring.at(QUEUE, 0)).toBe(7);
    expect(ring.at(P99, 1)).toBeNaN();
    expect(ring.at(P99, 2)).toBe(1);
    expect(ring.at(TIME, 3)).toBeNaN();
  });

  it('travels with its extremes, and goes on after it', () => {
    const ring = filled(5000, 300);
    const again = SeriesRing.fromTable(JSON.parse(JSON.stringify(ring.toTable())), 400);
    expect(again.toTable()).toEqual(ring.toTable());
    for (let i = 5001; i <= 9000; i++) again.push([i * 0.05, 1000, 500, 900, 1, i]);
    expect(again.length).toBeLessThanOrEqual(400);
    expect(list(again, (row) => again.samplesAt(row)).reduce((a, b) => a + b)).toBe(9000);
  });

  it('is cut at a moment', () => {
    const ring = filled(5000, 300);
    const cut = ring.prefix(50, 1000);
    expect(cut.length).toBe(50);
    expect(cut.capacity).toBe(1000);
    expect(cut.highAt(QUEUE, 49)).toBe(ring.highAt(QUEUE, 49));
    cut.push([1e6, 1, 1, 1, 1, 1]);
    expect(cut.at(TIME, 50)).toBe(1e6);
    expect(ring.at(TIME, 50)).not.toBe(1e6);
    expect(ring.prefix(1e9, 1).length).toBe(ring.length);
  });
});
