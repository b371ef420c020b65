import { expect, it } from 'vitest';
import { stepsOf } from './order.ts';

const cellsOf = (seed: number, repetition: number) =>
  stepsOf(20, 3, seed)
    .filter((step) => step.repetition === repetition)
    .map(({ cell }) => cell);

it('every repetition is one pass over all cells, and one ends before the next begins', () => {
  const steps = stepsOf(20, 3, 7);
  expect(steps.map(({ repetition }) => repetition)).toEqual([0, 1, 2].flatMap((n) => Array(20).fill(n)));
  for (const repetition of [0, 1, 2]) {
    expect(cellsOf(7, repetition).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
  }
});

it('the order is another one in each repetition and for each seed, and the same for the same seed', () => {
  expect(stepsOf(20, 3, 7)).toEqual(stepsOf(20, 3, 7));
  expect(cellsOf(7, 0)).not.toEqual(cellsOf(7, 1));
  expect(cellsOf(7, 0)).not.toEqual(cellsOf(8, 0));
});

it('every place is equally likely for every cell', () => {
  const first = Array.from({ length: 5 }, () => 0);
  for (let seed = 0; seed < 5000; seed++) {
    const cell = stepsOf(5, 1, seed)[0]?.cell ?? 0;
    first[cell] = (first[cell] ?? 0) + 1;
  }
  for (const times of first) expect(times / 1000).toBeCloseTo(1, 0.5);
});
