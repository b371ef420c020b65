import { describe, expect, it } from 'vitest';
import { formatQuantity, parseQuantity, quickValues, stepQuantity, type IntegerOption } from './quantity.ts';

const bytes: IntegerOption = {
  kind: 'integer',
  name: 'size_bytes',
  flag: '--size',
  live: false,
  advanced: false,
  unit: 'bytes',
  min: 1,
  max: 16_777_216,
  default: 64,
  scale: 'log',
};

describe('quantities as people type them', () => {
  it.each([
    ['64', 'bytes', 64],
    ['1 KiB', 'bytes', 1024],
    ['1.5k', 'bytes', 1536],
    ['16MiB', 'bytes', 16_777_216],
    ['1,000', 'messages', 1000],
    ['10k', 'messages', 10_000],
    ['250', 'ms', 250],
    ['3 s', 'ms', 3000],
    ['2분', 'ms', 120_000],
    ['0.1 s', 'us', 100_000],
    ['200 µs', 'us', 200],
    ['1000/s', 'per_second', 1000],
    ['2M', 'per_second', 2_000_000],
    ['-5', 'bytes', -5],
  ] as const)('%s in %s is %d', (text, unit, value) => {
    expect(parseQuantity(text, unit)).toBe(value);
  });

  it('knows the word for nought', () => {
    expect(parseQuantity('Full speed', 'per_second', 'full speed')).toBe(0);
    expect(parseQuantity('최대 속도', 'per_second', '최대 속도')).toBe(0);
  });

  it.each(['', 'abc', '12 parsecs', '1.2.3', '--4'])('makes nothing of “%s”', (text) => {
    expect(parseQuantity(text, 'bytes')).toBeUndefined();
  });
});

describe('quantities as people read them', () => {
  it.each([
    [64, 'bytes', '64 B'],
    [65_536, 'bytes', '64 KiB'],
    [1536, 'bytes', '1.5 KiB'],
    [65_537, 'bytes', '65,537 B'],
    [5000, 'ms', '5 s'],
    [200, 'ms', '200 ms'],
    [0, 'us', '0 µs'],
    [1000, 'per_second', '1,000/s'],
  ] as const)('%d %s', (value, unit, text) => {
    expect(formatQuantity(value, unit)).toBe(text);
  });

  it('come back from their own text', () => {
    for (const unit of ['bytes', 'ms', 'us', 'per_second', 'messages'] as const) {
      for (const value of [1, 7, 64, 100, 1000, 1023, 4096, 60_000, 1_048_576]) {
        expect(parseQuantity(formatQuantity(value, unit), unit)).toBe(value);
      }
    }
  });
});

describe('steps', () => {
  it('double and halve bytes and stay within the range', () => {
    expect(stepQuantity(64, bytes, true)).toBe(128);
    expect(stepQuantity(100, bytes, true)).toBe(128);
    expect(stepQuantity(100, bytes, false)).toBe(64);
    expect(stepQuantity(1, bytes, false)).toBe(1);
    expect(stepQuantity(16_777_216, bytes, true)).toBe(16_777_216);
  });

  it('follow 1-2-5 over wide ranges, and one by one over narrow ones', () => {
    const rate: IntegerOption = { ...bytes, name: 'rate_per_s', unit: 'per_second', min: 0, max: 1e9 };
    expect(stepQuantity(0, rate, true)).toBe(1000);
    expect(stepQuantity(1000, rate, true)).toBe(2000);
    expect(stepQuantity(5000, rate, true)).toBe(10_000);
    expect(stepQuantity(10_000, rate, false)).toBe(5000);
    expect(stepQuantity(1, rate, false)).toBe(0);
    const few: IntegerOption = { ...bytes, unit: 'processes', min: 1, max: 64 };
    expect(stepQuantity(4, few, true)).toBe(5);
  });

  it('offers only quick values that the option takes', () => {
    expect(quickValues(bytes)).toEqual([64, 1024, 65_536, 1_048_576]);
    expect(quickValues({ ...bytes, max: 4096 })).toEqual([64, 1024]);
    expect(quickValues({ ...bytes, name: 'unheard_of' })).toEqual([]);
  });
});
