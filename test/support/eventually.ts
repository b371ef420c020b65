import { expect } from 'vitest';

/** expect.poll with the patience that a machine with two busy cores needs. */
export function eventually<T>(look: () => T): ReturnType<typeof expect.poll<T>> {
  return expect.poll(look, { timeout: 15_000, interval: 50 });
}
