/** Bad flags are answered by one typed error with the allowed range, and exit code 2; nothing is started. */
import { describe, expect, it } from 'vitest';
import { ask, leftovers } from '../support/helper.ts';

describe('a bad command line', () => {
  it.each([
    [['run', 'smoke'], 'unknown_mechanism', /pipe/],
    [['run', 'pipe', '--colour', 'red'], 'unknown_flag', /--size/],
    [['run', 'pipe', '--size'], 'missing_value', /./],
    [['run', 'pipe', '--size', '0'], 'out_of_range', /1\.\.16777216/],
    [['run', 'pipe', '--size', '16777217'], 'out_of_range', /1\.\.16777216/],
    [['run', 'pipe', '--size', 'big'], 'not_a_number', /1\.\.16777216/],
    [['run', 'pipe', '--size', '64x'], 'not_a_number', /./],
    [['run', 'pipe', '--size', '99999999999999999999999'], 'out_of_range', /./],
    [['run', 'pipe', '--rate', '-1'], 'out_of_range', /0\.\./],
    [['run', 'pipe', '--pattern', 'chorus'], 'not_a_choice', /stream/],
    [['run', 'pipe', '--verify', 'maybe'], 'not_a_choice', /sequence/],
    [['run', 'shm', '--sync', 'prayer'], 'not_a_choice', /futex/],
    [['run', 'pipe', '--sync', 'futex'], 'unknown_flag', /./],
    [['run', 'mmap', '--sync', 'prayer'], 'not_a_choice', /futex/],
    [['run', 'mmap', '--size', '65', '--capacity', '127'], 'out_of_range', /128\.\./],
    [['run', 'file', '--size', '65', '--capacity', '127'], 'out_of_range', /128\.\./],
    [['run', 'file', '--sync', 'futex'], 'unknown_flag', /./],
    [['run', 'fifo', '--capacity', '99999999999'], 'out_of_range', /0\.\.\d+/],
    [['run', 'pipe', '--blocking', 'yes'], 'not_a_choice', /true/],
    [['run', 'pipe', '--placement', 'moon'], 'not_a_choice', /apart/],
    [['run', 'pipe', '--placement', '0,4711'], 'out_of_range', /./],
    [['run', 'pipe', '--capacity', '99999999999'], 'out_of_range', /0\.\.\d+/],
    [['run', 'pipe', '--tick', '1'], 'out_of_range', /10\.\.1000/],
    [['dance'], 'unknown_command', /run/],
  ])('%j is %s', async (args, code, allowed) => {
    const { frames, code: exit } = await ask(...args);
    expect(frames).toHaveLength(1);
    expect(frames[0]).toMatchObject({ t: 'error', fatal: true, code });
    expect(frames[0]?.t === 'error' && frames[0].allowed).toMatch(allowed);
    expect(exit).toBe(2);
  });

  it('starts nothing and leaves nothing', () => {
    expect(leftovers()).toEqual([]);
  });
});
