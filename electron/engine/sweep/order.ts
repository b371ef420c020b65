/** The order in which the cells of a sweep are measured: every repetition is one pass over all of them, shuffled anew. */
import type { SweepStep } from '#contract/sweep';

/** mulberry32: 32 bits of state, the same numbers everywhere for the same seed; each in 0..1. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** All measurements in order. The seed makes it possible to go on in the same order after a restart. */
export function stepsOf(cells: number, repetitions: number, seed: number): SweepStep[] {
  const random = generator(seed);
  return Array.from({ length: repetitions }, (_, repetition) =>
    shuffled(cells, random).map((cell) => ({ cell, repetition })),
  ).flat();
}

/** 0..count-1 in random order (Fisher and Yates). */
function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}
