import { expect, it } from 'vitest';
import { call } from '../test-support/frames.ts';
import { CallLog, FIRST_CALLS, NEWEST_CALLS } from './call-log.ts';

it('keeps the first calls and the newest, however many there are', () => {
  const log = new CallLog();
  for (let i = 0; i < 100_000; i++) log.push(call(i));
  const all = log.all();
  expect(all).toHaveLength(FIRST_CALLS + NEWEST_CALLS);
  expect(log.length).toBe(all.length);
  expect(all[0]?.elapsed_ns).toBe(0);
  expect(all[FIRST_CALLS - 1]?.elapsed_ns).toBe((FIRST_CALLS - 1) * 1e6);
  expect(all.at(-1)?.elapsed_ns).toBe(99_999e6);
  expect(log.last).toBe(all.at(-1));
});
