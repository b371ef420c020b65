import { expect, test } from 'vitest';
import { hexFields } from './hex-rows.ts';

const side = (hex: string, length: number) => ({
  total_bytes: 4 + length,
  hex,
  fields: [
    { offset: 0, length: 4, name: 'xid', value: '0x00000001' },
    { offset: 4, length, name: 'content', value: '' },
  ],
});

test('every field has its own bytes, in words of four', () => {
  expect(hexFields(side('00000001' + '0102030405060708090a', 10)).map(({ lines }) => lines)).toEqual([
    ['00000001'],
    ['01020304 05060708', '090a'],
  ]);
});

test('of a long field, and of one that was not kept whole, the beginning is shown', () => {
  const [, long] = hexFields(side('00000001' + 'ab'.repeat(64), 64));
  expect(long?.lines).toHaveLength(4);
  expect(long?.lines.at(-1)).toBe('abababab abababab …');
  const [, cut] = hexFields(side('00000001' + 'ab'.repeat(6), 64));
  expect(cut?.lines).toEqual(['abababab abab …']);
  const [, gone] = hexFields(side('00000001', 64));
  expect(gone?.lines).toEqual([]);
});
