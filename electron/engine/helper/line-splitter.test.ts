import { describe, expect, it } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

const bytes = (text: string): Buffer => Buffer.from(text);

describe('splitting bytes into lines', () => {
  it('joins characters and lines that chunks cut in two, at every place', () => {
    const text = '{"who":"생산자 🎛"}\n\n{"b":1}\r\n끝';
    const whole = bytes(text);
    for (let cut = 0; cut <= whole.length; cut++) {
      const splitter = new LineSplitter();
      const lines = [...splitter.push(whole.subarray(0, cut)), ...splitter.push(whole.subarray(cut))];
      expect(lines.map((line) => line.text)).toEqual(['{"who":"생산자 🎛"}', '', '{"b":1}']);
      expect(splitter.end()).toEqual({ text: '끝', tooLong: false });
    }
  });

  it('has no rest after a finished line', () => {
    const splitter = new LineSplitter();
    splitter.push(bytes('a\n'));
    expect(splitter.end()).toBeUndefined();
  });

  it('keeps only the beginning of a line beyond the limit, and goes on with the next', () => {
    const splitter = new LineSplitter(8192);
    const lines = [];
    for (let i = 0; i < 100; i++) lines.push(...splitter.push(bytes('x'.repeat(1000))));
    lines.push(...splitter.push(bytes('\nnext\n')));
    expect(lines).toEqual([
      { text: 'x'.repeat(4096), tooLong: true },
      { text: 'next', tooLong: false },
    ]);
  });

  it('takes a line of exactly the limit', () => {
    const splitter = new LineSplitter(10);
    expect(splitter.push(bytes(`${'y'.repeat(10)}\n`))).toEqual([{ text: 'y'.repeat(10), tooLong: false }]);
  });
});
