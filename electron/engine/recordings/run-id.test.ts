import { describe, expect, it } from 'vitest';
import { fromRunId, isRunId, makeRunId } from './run-id.ts';

describe('a run’s name', () => {
  it('tells moment and mechanism, and is in order of time', () => {
    const created_ms = Date.UTC(2026, 10, 21, 4, 15, 0);
    const id = makeRunId(created_ms, 'pipe', Buffer.from([0x7f, 0x3a]));
    expect(id).toBe('20261121-041500-pipe-7f3a');
    expect(fromRunId(id)).toEqual({ created_ms, mechanism: 'pipe' });
    expect(makeRunId(created_ms + 1000, 'aaa') > id).toBe(true);
  });

  it('is valid whatever the mechanism is called', () => {
    for (const mechanism of ['', '../..', 'x'.repeat(100), '파이프', 'a-b', 'PIPE']) {
      expect(isRunId(makeRunId(Date.now(), mechanism))).toBe(true);
    }
  });

  it.each([
    ['..'],
    ['../runs'],
    ['20261121-041500-pipe-7f3a/..'],
    ['20261121-041500-pipe-7f3a\n'],
    [undefined],
    [{}],
  ])('is not %j', (id) => {
    expect(isRunId(id)).toBe(false);
  });
});
