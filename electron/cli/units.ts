/** Numbers as people type them: 64KiB, 3s, 10k. Which units there are depends on the option's own unit. */
import type { OptionInfo } from '#contract/describe';
import { fail } from '#contract/errors';

export type IntegerOption = OptionInfo & { kind: 'integer' };

const SI = { '': 1, k: 1e3, M: 1e6, G: 1e9 };
const PER_SECOND = Object.fromEntries(
  Object.entries(SI).flatMap(([unit, by]) => [
    [unit, by],
    [`${unit}/s`, by],
  ]),
);

/** A unit, and by how much it multiplies the option's own. A bare number is in the option's own unit. */
const UNITS: Readonly<Record<IntegerOption['unit'], Readonly<Record<string, number>>>> = {
  bytes: {
    '': 1,
    B: 1,
    K: 1024,
    KiB: 1024,
    M: 1024 ** 2,
    MiB: 1024 ** 2,
    G: 1024 ** 3,
    GiB: 1024 ** 3,
    kB: 1e3,
    KB: 1e3,
    MB: 1e6,
    GB: 1e9,
  },
  ms: { '': 1, ms: 1, s: 1e3, m: 60e3, min: 60e3, h: 3600e3 },
  us: { '': 1, us: 1, µs: 1, μs: 1, ms: 1e3, s: 1e6 },
  per_second: PER_SECOND,
  messages: SI,
  processes: { '': 1 },
  none: { '': 1 },
};

/** The units that help and errors name, the usual ones only. */
const NAMED: Readonly<Record<IntegerOption['unit'], string>> = {
  bytes: 'B, KiB, MiB, GiB',
  ms: 'ms, s, m, h',
  us: 'us, ms, s',
  per_second: 'k, M, G',
  messages: 'k, M, G',
  processes: '',
  none: '',
};

/** `1..16777216 (B, KiB, MiB, GiB)`, and the word for 0 where there is one. */
export function allowedNumbers(option: IntegerOption): string {
  const units = NAMED[option.unit];
  const zero = option.zero === undefined ? '' : `, 0 = ${option.zero}`;
  return `${option.min}..${option.max}${zero}${units === '' ? '' : ` (${units})`}`;
}

/** The number in the option's own unit; what is wrong is named with the flag and what would be right. */
export function parseNumber(option: IntegerOption, text: string): number {
  const detail = { where: option.flag, value: text, allowed: allowedNumbers(option) };
  if (option.zero !== undefined && text.replaceAll('-', '_') === option.zero) return 0;
  const [, digits, unit] = /^([+-]?\d+(?:\.\d+)?(?:[eE]\d+)?)\s*([a-zA-Zµμ/]*)$/.exec(text.trim()) ?? [];
  const units = UNITS[option.unit];
  const by = unit === undefined || !Object.hasOwn(units, unit) ? undefined : units[unit];
  if (digits === undefined || by === undefined) {
    fail('not_a_number', `${option.flag} needs a number`, `Use ${detail.allowed}.`, detail);
  }
  const exact = Number(digits) * by;
  const whole = Math.round(exact);
  // 4.35k is 4349.999999999999 in floating point, and 4350 to everybody else.
  if (Math.abs(exact - whole) > 1e-6 || !Number.isSafeInteger(whole)) {
    fail('not_a_number', `${option.flag} needs a whole number`, `Use ${detail.allowed}.`, detail);
  }
  if (whole < option.min || whole > option.max) {
    fail('out_of_range', `${option.flag} is out of range`, `Use ${detail.allowed}.`, detail);
  }
  return whole === 0 ? 0 : whole;
}
