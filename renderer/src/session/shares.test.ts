import { expect, it } from 'vitest';
import { summary } from '../test-support/frames.ts';
import { sharesOf } from './shares.ts';

const [process] = summary().processes;

it('are parts of the measured time, never more than the whole, and unknown of no time', () => {
  if (process === undefined) throw new Error('no process');
  const spent = { ...process, cpu_user_ns: 1e9, cpu_sys_ns: 1e9, blocked_ns: 1e9, runnable_ns: 9e9 };
  expect(sharesOf(spent, 5e9)).toEqual({ running: 0.4, blocked: 0.2, waiting: 1 });
  expect(sharesOf(spent, 0)).toEqual({ running: NaN, blocked: NaN, waiting: NaN });
});
