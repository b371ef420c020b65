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
      keys.flatMap((key) => {
        const column = ring?.indexOf(key) ?? -1;
        return [
          ring?.at(column, row),
          ring?.lowAt(column, row),
          ring?.highAt(column, row),
          ring?.samplesAt(row),
        ].map(String);
      }),
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

it('keeps up when the ring merges its old rows, extremes and all', () => {
  const { move } = pair();
  const ring = ringOf(3, 40);
  move(ring);
  let anew = 0;
  for (let n = 0; n < 60; n++) {
    for (let i = 0; i <= n % 9; i++) push(ring);
    if (move(ring)?.anew !== undefined) anew++;
  }
  expect(ring.merges).toBeGreaterThan(5);
  expect(anew).toBeGreaterThan(5);
  expect(anew).toBeLessThanOrEqual(ring.merges);
});

it('begins anew with another ring, and after there was none', () => {
  const { receiver, move } = pair();
  const ring = ringOf(50);
  move(ring);
  expect(move(ringOf(50))?.anew).toBeDefined();
  expect(move(undefined)).toBeUndefined();
  expect(receiver.ring).toBeUndefined();
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
