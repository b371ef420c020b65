import { describe, expect, it } from 'vitest';
import { errorText } from './text/error.ts';
import { utf8Bytes, utteranceFault } from './utterance.ts';

describe('a line of a dialogue', () => {
  it.each(['a', '안녕, 세계', '🙂', 'é'.repeat(500), '가'.repeat(333), 'tab-less and "quoted" \\'])(
    'may be %s',
    (text) => {
      expect(utteranceFault(text)).toBeUndefined();
      expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
    },
  );

  it.each([
    ['', '0 bytes'],
    ['x'.repeat(1001), '1001 bytes'],
    ['가'.repeat(334), '1002 bytes'],
    ['a\nb', 'control character'],
    ['a\tb', 'control character'],
    ['\u001b[31m', 'control character'],
    ['\u007f', 'control character'],
    ['\u0085', 'control character'],
    ['\ud83d', 'half a character'],
  ])('may not be %j', (text, value) => {
    const fault = utteranceFault(text);
    expect(fault).toMatchObject({ code: 'bad_command', where: 'say', value });
    if (fault === undefined) return;
    expect(errorText(fault, 'en').remedy).toContain('1..1000 bytes');
    expect(errorText(fault, 'ko').remedy).toContain('1000');
  });

  it('is bounded by the size of the session too', () => {
    expect(utteranceFault('x'.repeat(40), 64)).toBeUndefined();
    expect(utteranceFault('x'.repeat(41), 64)).toMatchObject({ value: '41 bytes' });
  });
});
