/** Whole numbers with a unit as people type and read them: `1.5 KiB`, `3 s`, `200 µs`, `10k`. */
import type { OptionInfo } from '#contract/describe';

export type IntegerOption = Extract<OptionInfo, { kind: 'integer' }>;
type Unit = IntegerOption['unit'];
type Scale = readonly (readonly [size: number, ...names: string[]])[];

const SI: Scale = [
  [1, ''],
  [1e3, 'k'],
  [1e6, 'm'],
  [1e9, 'g'],
];
const TIME_IN_US: Scale = [
  [1, 'µs', 'us', 'μs'],
  [1e3, 'ms'],
  [1e6, 's', 'sec', '초'],
  [60e6, 'min', 'm', '분'],
  [3600e6, 'h', '시간'],
];

/** The first name of a step is the one it is written with; the names after it are understood as well. */
const scales: Record<Unit, Scale> = {
  bytes: [
    [1, 'B', '', 'byte', 'bytes', '바이트'],
    [1024, 'KiB', 'k', 'kb', 'ki'],
    [1024 ** 2, 'MiB', 'm', 'mb', 'mi'],
    [1024 ** 3, 'GiB', 'g', 'gb', 'gi'],
  ],
  ms: TIME_IN_US.map(([size, ...names]) => [size / 1e3, ...names, ...(size === 1e3 ? [''] : [])] as const),
  us: TIME_IN_US.map(([size, ...names]) => [size, ...names, ...(size === 1 ? [''] : [])] as const),
  per_second: SI.map(([size, name = '']) => [size, `${name}/s`, name, `${name}/초`] as const),
  messages: SI,
  processes: SI,
  none: SI,
};

/** Written with the largest unit that loses nothing: 65536 B is `64 KiB`, 65537 stays `65537 B`. */
export function formatQuantity(value: number, unit: Unit): string {
  const grouped = (n: number): string =>
    n.toLocaleString('en', { maximumFractionDigits: 6, useGrouping: true });
  if (unit === 'messages' || unit === 'processes' || unit === 'none') return grouped(value);
  if (unit === 'per_second') return `${grouped(value)}/s`;
  const scale = scales[unit];
  const step =
    scale.findLast(([size]) => value >= size && Number.isInteger((value / size) * 4)) ?? scale.find(isOne);
  return step === undefined ? String(value) : `${grouped(value / step[0])} ${step[1]}`;
}

function isOne([size]: Scale[number]): boolean {
  return size === 1;
}

/** The number that a text means, or undefined where it means none. Whether the option takes it is not asked here. */
export function parseQuantity(text: string, unit: Unit, zeroWord = ''): number | undefined {
  const plain = text.trim().toLowerCase().replaceAll(/[,\s]/g, '');
  if (plain !== '' && plain === zeroWord.toLowerCase().replaceAll(/\s/g, '')) return 0;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(.*)$/.exec(plain);
  if (match === null) return undefined;
  const step = scales[unit].find(([, ...names]) => names.some((name) => name.toLowerCase() === match[2]));
  if (step === undefined) return undefined;
  // 0.1 × 3 and its like: what is a whole number to a thousandth is one.
  const value = Number(match[1]) * step[0];
  return Math.abs(value - Math.round(value)) < 1e-3 ? Math.round(value) : value;
}

/** The value one step up or down: doubled or halved for bytes, along 1-2-5 for wide ranges, by one for narrow ones. */
export function stepQuantity(value: number, option: IntegerOption, up: boolean): number {
  const next = stepped(value, option, up);
  return Math.min(option.max, Math.max(option.min, next));
}

/** Where the first step up from nought leads. */
const FIRST_STEP: Partial<Record<Unit, number>> = { bytes: 4096, messages: 1000, per_second: 1000, ms: 100 };

function stepped(value: number, option: IntegerOption, up: boolean): number {
  if (option.max - option.min <= 256) return value + (up ? 1 : -1);
  if (value <= 0) return up ? Math.max(option.min, FIRST_STEP[option.unit] ?? 1) : 0;
  if (option.unit === 'bytes') {
    const power = Math.log2(value);
    return up ? 2 ** (Math.floor(power) + 1) : value <= 1 ? 0 : 2 ** (Math.ceil(power) - 1);
  }
  const ladder = [1, 2, 5, 10];
  const decade = 10 ** Math.floor(Math.log10(value));
  const mantissa = value / decade;
  if (up) return (ladder.find((rung) => rung > mantissa * 1.000001) ?? 10) * decade;
  const below = ladder.findLast((rung) => rung < mantissa / 1.000001);
  return below === undefined ? Math.floor(decade / 2) : below * decade;
}

const QUICK: Partial<Record<string, readonly number[]>> = {
  size_bytes: [64, 1024, 65_536, 1_048_576],
  rate_per_s: [0, 1_000, 10_000, 100_000],
  duration_ms: [2_000, 5_000, 30_000, 0],
};

/** Values worth a button of their own. */
export function quickValues(option: IntegerOption): number[] {
  return (QUICK[option.name] ?? []).filter((value) => value >= option.min && value <= option.max);
}
