import { describe, expect, it } from 'vitest';
import { hello, tick } from '#contract/test-frames';
import { parseFrame } from './parse-frame.ts';

const parse = (value: unknown) => parseFrame({ text: JSON.stringify(value), tooLong: false });

describe('a line of the helper', () => {
  it('is a frame where it fits the contract', () => {
    expect(parse(tick(1))).toEqual({ ok: true, value: tick(1) });
  });

  it('shows what is wrong and where, with the line shortened and made harmless', () => {
    expect(parse({ ...tick(1), interval_ns: -1 })).toMatchObject({
      ok: false,
      error: { code: 'helper_bad_frame', message: expect.stringContaining('interval_ns') },
    });
    const answer = parseFrame({ text: `\u001b[31m${'z'.repeat(500)}`, tooLong: false });
    expect(answer).toMatchObject({ ok: false, error: { code: 'helper_bad_frame' } });
    const value = answer.ok ? '' : (answer.error.value ?? '');
    expect(value.length).toBeLessThan(130);
    expect(value).not.toContain('\u001b');
    expect(parseFrame({ text: 'x', tooLong: true })).toMatchObject({ ok: false });
  });

  it.each([['[]'], ['null'], ['7'], ['{}'], ['{"t":"hello"}'], ['{"t":"constructor"}'], ['\u0000']])(
    'refuses %s',
    (text) => {
      expect(parseFrame({ text, tooLong: false })).toMatchObject({
        ok: false,
        error: { code: 'helper_bad_frame' },
      });
    },
  );

  it('knows another protocol before it looks at the shape', () => {
    expect(parse({ ...hello(), protocol: 2 })).toMatchObject({
      ok: false,
      error: { code: 'helper_protocol', value: '2', allowed: '1' },
    });
    expect(parse({ t: 'describe', protocol: '3', new_shape: true })).toMatchObject({
      ok: false,
      error: { code: 'helper_protocol', value: '3' },
    });
  });
});
