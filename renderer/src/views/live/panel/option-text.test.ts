import { expect, it } from 'vitest';
import { settledOptions } from './option-text.ts';

it('a rendezvous had no capacity, and does not claim the usual one', () => {
  const options = { size_bytes: 64, capacity_bytes: 0, buffering: 'rendezvous' };
  expect(settledOptions(options)).toEqual({ size_bytes: 64, buffering: 'rendezvous' });
  const bounded = { ...options, buffering: 'bounded', capacity_bytes: 4096 };
  expect(settledOptions(bounded)).toEqual(bounded);
});
