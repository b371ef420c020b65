import { describe, expect, it } from 'vitest';
import { cut, table, widthOf } from './table.ts';

describe('a table', () => {
  it('lines up, to the left and to the right', () => {
    expect(
      table(
        [
          ['name', 'count'],
          ['a', '1,000'],
          ['longer', '7'],
        ],
        ['left', 'right'],
      ),
    ).toBe('name    count\na       1,000\nlonger      7\n');
  });

  it('lines up Hangul, of which each syllable takes two cells', () => {
    const lines = table(
      [
        ['생산자 0', 'x'],
        ['consumer 0', 'y'],
      ],
      ['left', 'left'],
    ).split('\n');
    expect(widthOf('생산자 0')).toBe(8);
    expect(lines[0]).toBe('생산자 0    x');
    expect(lines[1]).toBe('consumer 0  y');
  });

  it('cuts a line to the screen', () => {
    expect(cut('short', 10)).toBe('short');
    expect(cut('rather long', 7)).toBe('rather…');
    expect(widthOf(cut('생산자와 소비자', 7))).toBeLessThanOrEqual(7);
  });
});
