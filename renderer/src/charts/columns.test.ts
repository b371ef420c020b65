import { expect, it } from 'vitest';
import { SeriesRing } from '#contract/series';
import { Columns, columnWidth } from './columns.ts';

const STEP_S = 0.05;

function ringOf(rows: number, value: (i: number) => number, capacity = rows): SeriesRing {
  const ring = new SeriesRing(
    [
      { key: 'elapsed_s', unit: 's' },
      { key: 'v', unit: 'ns' },
    ],
    capacity,
  );
  for (let i = 0; i < rows; i++) push(ring, value(i));
  return ring;
}
function push(ring: SeriesRing, value: number): void {
  ring.push([ring.written * STEP_S, value]);
}

/** What the columns ought to hold, found by looking at every sample. */
function check(columns: Columns, ring: SeriesRing): void {
  const expected = new Map<number, [number, number]>();
  for (let row = 0; row < ring.length; row++) {
    const [least, most] = [ring.lowAt(1, row), ring.highAt(1, row)];
    if (Number.isNaN(least)) continue;
    const n = Math.floor(ring.at(0, row) / columns.width_s);
    if (n < columns.first || n > columns.last) continue;
    const [low, high] = expected.get(n) ?? [least, most];
    expected.set(n, [Math.min(low, least), Math.max(high, most)]);
  }
  for (let n = columns.first; n <= columns.last; n++) {
    expect([columns.low(n), columns.high(n)]).toEqual(expected.get(n) ?? [NaN, NaN]);
  }
  const values = [...expected.values()].flat();
  expect(columns.greatest).toBe(values.length === 0 ? NaN : Math.max(...values));
}

const noise = (i: number): number => (i % 11 === 0 ? NaN : Math.sin(i) * 50 + (i === 7778 ? 5000 : 0));

it('holds the least and the greatest value of each stretch, and so every spike', () => {
  const ring = ringOf(10_000, noise);
  const columns = new Columns();
  columns.take(ring, 1, { from: 0, to: 500 }, columnWidth(500, 400));
  check(columns, ring);
  expect(columns.greatest).toBeGreaterThan(4900);
});

it('takes only what is new while the window moves on, and looks at nothing twice', () => {
  const ring = ringOf(4000, noise, 9000);
  const columns = new Columns();
  const width = columnWidth(150, 300);
  let read = 0;
  const at = ring.at.bind(ring);
  const lowAt = ring.lowAt.bind(ring);
  Object.defineProperty(ring, 'at', { value: (column: number, row: number) => (read++, at(column, row)) });
  Object.defineProperty(ring, 'lowAt', {
    value: (column: number, row: number) => (read++, lowAt(column, row)),
  });
  columns.take(ring, 1, { from: 50, to: 200 }, width);
  for (let turn = 0; turn < 50; turn++) {
    for (let i = 0; i < 77; i++) push(ring, noise(ring.written));
    read = 0;
    const to = at(0, ring.length - 1);
    columns.take(ring, 1, { from: to - 150, to }, width);
    expect(read).toBeLessThan(3 * 77);
    check(columns, ring);
  }
});

it('follows a window that goes back, is zoomed, or stands still while samples come', () => {
  const ring = ringOf(8000, noise, 20_000);
  const columns = new Columns();
  for (const [from, to] of [
    [300, 400],
    [100, 200],
    [150, 250],
    [0, 400],
    [390, 400],
    [380, 390],
  ] as const) {
    columns.take(ring, 1, { from, to }, columnWidth(to - from, 90));
    check(columns, ring);
    for (let i = 0; i < 500; i++) push(ring, noise(ring.written));
    columns.take(ring, 1, { from, to }, columnWidth(to - from, 90));
    check(columns, ring);
  }
});

it('begins anew with another ring', () => {
  const columns = new Columns();
  const width = columnWidth(100, 100);
  const one = ringOf(2000, noise);
  const other = ringOf(2000, (i) => -i);
  for (const ring of [one, other, one]) {
    columns.take(ring, 1, { from: 0, to: 100 }, width);
    check(columns, ring);
  }
});

it('shows every spike of rows that were merged, however often', () => {
  const ring = ringOf(2000, noise, 2500);
  const columns = new Columns();
  const width = columnWidth(500, 300);
  for (let turn = 0; turn < 60; turn++) {
    for (let i = 0; i < 137; i++) push(ring, noise(ring.written));
    const to = ring.at(0, ring.length - 1);
    columns.take(ring, 1, { from: to - 500, to }, width);
    check(columns, ring);
  }
  expect(ring.merges).toBeGreaterThan(3);
  expect(columns.greatest).toBeGreaterThan(4900);
});

it('keeps the width of a stretch while a window grows a little', () => {
  expect(columnWidth(100, 500)).toBe(columnWidth(101, 500));
  for (const span of [0.01, 1, 7, 500, 86_400]) {
    const width = columnWidth(span, 500);
    expect(span / width).toBeLessThanOrEqual(500 * (1 + 1e-9));
    expect(span / width).toBeGreaterThan(500 / 1.2);
  }
});
