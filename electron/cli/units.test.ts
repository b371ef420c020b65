import { describe, expect, it } from 'vitest';
import { AppException } from '#contract/errors';
import { parseNumber, type IntegerOption } from './units.ts';

function option(unit: IntegerOption['unit'], change: Partial<IntegerOption> = {}): IntegerOption {
  return {
    kind: 'integer',
    name: 'x',
    flag: '--x',
    unit,
    min: 0,
    max: 1e12,
    default: 0,
    scale: 'linear',
    live: false,
    advanced: false,
    ...change,
  };
}

function refusal(unit: IntegerOption['unit'], text: string, change: Partial<IntegerOption> = {}) {
  try {
    return parseNumber(option(unit, change), text);
  } catch (thrown) {
    return thrown instanceof AppException ? thrown.error : thrown;
  }
}

describe('a number as typed', () => {
  it.each([
    ['bytes', '64', 64],
    ['bytes', '64B', 64],
    ['bytes', '64KiB', 65536],
    ['bytes', '64K', 65536],
    ['bytes', '64kB', 64000],
    ['bytes', '1.5MiB', 1_572_864],
    ['bytes', '16 MiB', 16_777_216],
    ['ms', '500', 500],
    ['ms', '500ms', 500],
    ['ms', '3s', 3000],
    ['ms', '0.25s', 250],
    ['ms', '2m', 120_000],
    ['ms', '1h', 3_600_000],
    ['us', '200', 200],
    ['us', '200us', 200],
    ['us', '200µs', 200],
    ['us', '1ms', 1000],
    ['per_second', '10k', 10_000],
    ['per_second', '1M/s', 1_000_000],
    ['per_second', '1e6', 1_000_000],
    ['per_second', '4.35k', 4350],
    ['messages', '10M', 10_000_000],
    ['none', '7', 7],
  ] as const)('of %s: %s is %d', (unit, text, value) => {
    expect(parseNumber(option(unit), text)).toBe(value);
  });

  it.each([
    ['bytes', 'many'],
    ['bytes', ''],
    ['bytes', '64s'],
    ['bytes', '1.1KiB'],
    ['bytes', '0x40'],
    ['ms', '3KiB'],
    ['ms', '3 parsecs'],
    ['none', '7k'],
    ['none', 'constructor'],
    ['none', '1toString'],
    ['bytes', 'Infinity'],
    ['bytes', '1e300'],
  ] as const)('of %s is not %j', (unit, text) => {
    expect(refusal(unit, text)).toMatchObject({ code: 'not_a_number', where: '--x', value: text });
  });

  it('outside the range is refused as typed, with range and units', () => {
    expect(refusal('bytes', '17MiB', { min: 1, max: 16_777_216 })).toMatchObject({
      code: 'out_of_range',
      where: '--x',
      value: '17MiB',
      allowed: '1..16777216 (B, KiB, MiB, GiB)',
    });
    expect(refusal('bytes', '0', { min: 1 })).toMatchObject({ code: 'out_of_range' });
    expect(refusal('per_second', '-1')).toMatchObject({ code: 'out_of_range' });
  });

  it('may be the word for 0, where 0 has one', () => {
    expect(parseNumber(option('ms', { zero: 'unlimited' }), 'unlimited')).toBe(0);
    expect(parseNumber(option('per_second', { zero: 'full_speed' }), 'full-speed')).toBe(0);
    expect(refusal('ms', 'unlimited')).toMatchObject({ code: 'not_a_number' });
  });
});
