import { expect, it } from 'vitest';
import { SeriesRing } from '#contract/series';
import { RingReceiver, RingSender } from './ring-mirror.ts';

const columns = ['a', 'elapsed_s', 'b'].map((key) => ({ key, unit: 'count' as const }));

function ringOf(rows: number, capacity = 100): SeriesRing {
  const ring = new SeriesRing(columns, capacity);
  for (let i = 0; i < rows; i++) push(ring);
  return ring;
}
function push(ring: SeriesRing): void {
  const i = ring.written;
  ring.push([i, i / 10, i % 3 === 0 ? NaN : -i]);
}
/** The rows of a ring that are drawn, as text. */
const rowsOf = (ring: SeriesRing | undefined, keys: string[]): string =>
  JSON.stringify(
    Array.from({ length: ring?.length ?? 0 }, (_, row) =>
      keys.map((key) => String(ring?.at(ring.indexOf(key), row))),
    ),
  );

function pair() {
  const sender = new RingSender(['b']);
  const receiver = new RingReceiver();
  const move = (ring: SeriesRing | undefined) => {
    const rows = sender.take(ring);
    receiver.take(rows);
    if (rows !== undefined) sender.give(rows.values);
    expect(rowsOf(receiver.ring, ['elapsed_s', 'b'])).toBe(rowsOf(ring, ['elapsed_s', 'b']));
    return rows;
  };
  return { receiver, move };
}

it('carries only the columns that are drawn, and each row once', () => {
  const { receiver, move } = pair();
  const ring = ringOf(40);
  expect(move(ring)?.anew).toMatchObject({ capacity: 100 });
  expect(receiver.ring?.columns.map(({ key }) => key)).toEqual(['elapsed_s', 'b']);
  expect(move(ring)).toMatchObject({ count: 0 });
  push(ring);
  push(ring);
  const rows = move(ring);
  expect(rows?.count).toBe(2);
  expect(rows?.anew).toBeUndefined();
});

it('keeps up when the ring goes around, and when more was lost than it holds', () => {
  const { move } = pair();
  const ring = ringOf(3, 10);
  move(ring);
  for (let n = 0; n < 30; n++) {
    for (let i = 0; i <= n % 9; i++) push(ring);
    expect(move(ring)?.anew).toBeUndefined();
  }
  for (let i = 0; i < 25; i++) push(ring);
  expect(move(ring)?.anew).toBeDefined();
});

it('begins anew with another ring, one whose rows were merged, and after there was none', () => {
  const { receiver, move } = pair();
  const ring = ringOf(50);
  move(ring);
  expect(move(ringOf(50))?.anew).toBeDefined();
  expect(move(undefined)).toBeUndefined();
  expect(receiver.ring).toBeUndefined();
  expect(move(ring)?.anew).toBeDefined();
  // As long as before and longer, but with every second row left out.
  const merged = new SeriesRing(columns, 100);
  Object.defineProperty(ring, 'at', { value: (column: number, row: number) => merged.at(column, row) });
  Object.defineProperty(ring, 'written', { get: () => merged.written });
  Object.defineProperty(ring, 'length', { get: () => merged.length });
  for (let i = 0; i < 60; i++) merged.push([i, i / 5, i]);
  expect(move(ring)?.anew).toBeDefined();
});

it('uses the buffers that come back again', () => {
  const sender = new RingSender(['a', 'b']);
  const ring = ringOf(10);
  const first = sender.take(ring);
  if (first === undefined) throw new Error('no rows');
  sender.give(first.values);
  push(ring);
  expect(sender.take(ring)?.values).toBe(first.values);
});
