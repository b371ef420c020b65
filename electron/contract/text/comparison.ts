/** A comparison in words: its one sentence, its figures, and what to know before believing it. */
import type { Caution } from '../compare/cautions.ts';
import { letterOf, type Comparison, type FigureRow } from '../compare/comparison.ts';
import { FIGURE_UNITS, type Figure } from '../compare/figures.ts';
import { hasSpread, isApart, type Ratio } from '../compare/resample.ts';
import type { OptionValues } from '../frames.ts';
import type { ColumnUnit } from '../series.ts';
import type { Locale } from '../settings.ts';
import { UNSTABLE_RATIO } from '../spread.ts';
import { english, type ComparisonTexts } from './comparison-en.ts';
import { korean } from './comparison-ko.ts';
import { formatBytesRate, formatCount, formatDuration, formatPlain, formatRate, NO_VALUE } from './format.ts';
import { warningText, type WarningText } from './warning.ts';

/** Words for names that come from the helper; page and terminal have their own. */
export interface SettingWords {
  /** `Message size`, `size_bytes` … */
  setting(name: string): string;
  /** The value of a setting: `64 KiB`. */
  value(name: string, value: OptionValues[string]): string;
}

const texts: Record<Locale, ComparisonTexts> = { en: english, ko: korean };

export const comparisonTexts = (locale: Locale): ComparisonTexts => texts[locale];

type Format = (value: number, locale: Locale) => string;
const FORMATS: Partial<Record<ColumnUnit | 'number', Format>> = {
  per_second: formatRate,
  bytes_per_second: formatBytesRate,
  ns: formatDuration,
  count: formatCount,
};

export function formatFigure(figure: Figure, value: number, locale: Locale): string {
  return (FORMATS[FIGURE_UNITS[figure]] ?? formatPlain)(value, locale);
}

/** Below this a ratio is written as a fraction: 1/1,000 is read at once, 0.00098 is not. */
const FRACTION_BELOW = 0.1;

export interface RatioText {
  /** `3.1`, `1/20`. */
  ratio: string;
  /** `2.9–3.3`; empty where it is not known. */
  interval: string;
  fraction: boolean;
}

/** Ratio and the ends of its interval, with as many digits as the interval supports. */
export function formatRatio(of: Ratio, locale: Locale): RatioText {
  if (!(of.ratio > 0) || !Number.isFinite(of.ratio)) {
    return { ratio: of.ratio === 0 ? '0' : NO_VALUE, interval: '', fraction: false };
  }
  const fraction = of.ratio < FRACTION_BELOW;
  const told = (value: number, digits: number): string => {
    const text = (n: number): string =>
      new Intl.NumberFormat(locale, { maximumSignificantDigits: digits }).format(n);
    return fraction && value > 0 ? `1/${text(1 / value)}` : text(value);
  };
  if (!hasSpread(of)) return { ratio: told(of.ratio, 2), interval: '', fraction };
  const ends = (digits: number): string[] => [told(of.low, digits), told(of.high, digits)];
  // Two digits, or as many as it takes to tell the ends of the interval apart.
  const digits = [2, 3, 4].find((n) => new Set([...ends(n), told(of.ratio, n)]).size > 2) ?? 4;
  return { ratio: told(of.ratio, digits), interval: ends(digits).join('–'), fraction };
}

/** At most so many settings stand in a sentence. */
const NAMED_SETTINGS = 4;
/** What tells two sides apart in a sentence, beside their letters. */
const TELLING: readonly string[] = ['mechanism', 'variant', 'pattern', 'size_bytes'];

/** What the difference is, in one sentence. */
export function differenceSentence(comparison: Comparison, words: SettingWords, locale: Locale): string {
  const say = texts[locale];
  const differing = comparison.settings.filter(({ differs }) => differs);
  const telling = differing.filter(({ name }) => TELLING.includes(name)).slice(0, 2);
  const sideName = (index: number): string => {
    const values = telling.flatMap(({ name, values }) => {
      const value = values[index];
      return value === undefined ? [] : [words.value(name, value)];
    });
    return say.side(letterOf(index), values.join(', '));
  };
  const named = differing.slice(0, NAMED_SETTINGS).map(({ name }) => within(words.setting(name)));
  return say.sentence([
    ...ratePart(comparison, sideName, locale),
    ...latencyPart(comparison, sideName, locale),
    differing.length === 0 ? say.same : say.differ(named, differing.length - named.length),
  ]);
}

/** `Message size` inside a sentence; `CPU placement` stays. */
function within(words: string): string {
  return words.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
}

type SideName = (index: number) => string;

function timesText(ratio: Ratio | undefined, locale: Locale): string {
  return texts[locale].times(formatRatio(ratio ?? { ratio: NaN, low: NaN, high: NaN }, locale));
}

/** The sides other than the baseline, the highest ratio first. */
function ranked({ ratios }: FigureRow): { index: number; ratio: Ratio }[] {
  return ratios
    .flatMap((ratio, index) =>
      ratio === undefined || !Number.isFinite(ratio.ratio) ? [] : [{ index, ratio }],
    )
    .sort((a, b) => b.ratio.ratio - a.ratio.ratio);
}

function rowOf({ figures }: Comparison, wanted: Figure): FigureRow {
  return figures.find(({ figure }) => figure === wanted) ?? { figure: wanted, values: [], ratios: [] };
}

function ratePart(comparison: Comparison, name: SideName, locale: Locale): string[] {
  const say = texts[locale];
  const { sides, baseline } = comparison;
  const [first] = ranked(rowOf(comparison, 'messages_per_s'));
  if (first === undefined) return [];
  const { index, ratio } = first;
  const roundTrips = sides.every(({ summaries }) => summaries[0].latency.kind === 'round_trip');
  const times = timesText(ratio, locale);
  const { interval } = formatRatio(ratio, locale);
  const alike = hasSpread(ratio) && !isApart(ratio);
  if (sides.length === 2) {
    const sized = comparison.cautions.some(({ code }) => code === 'sizes_differ');
    const bytes = sized ? timesText(rowOf(comparison, 'bytes_per_s').ratios[index], locale) : '';
    return [
      alike
        ? say.alike(name(index), name(baseline), interval)
        : say.rate(name(index), name(baseline), times, roundTrips, bytes),
    ];
  }
  const count = formatCount(sides.length, locale);
  if (alike) return [say.alikeBest(count, name(index), name(baseline), interval)];
  return [
    ratio.ratio > 1
      ? say.best(count, name(index), letterOf(baseline), times, roundTrips)
      : say.bestIsBase(count, name(baseline), name(index), times, roundTrips),
  ];
}

/** Nothing where the latencies are not of the same thing, or were not measured. */
function latencyPart(comparison: Comparison, name: SideName, locale: Locale): string[] {
  const say = texts[locale];
  const { sides, baseline, cautions } = comparison;
  if (cautions.some(({ code }) => code === 'latency_kinds_differ')) return [];
  const order = ranked(rowOf(comparison, 'p99_ns'));
  const lowest = order.at(-1);
  if (lowest === undefined) return [];
  const times = timesText(lowest.ratio, locale);
  const apart = !hasSpread(lowest.ratio) || isApart(lowest.ratio);
  const base = letterOf(baseline);
  if (sides.length > 2) {
    if (!apart) return [];
    const best = lowest.ratio.ratio < 1;
    return [best ? say.lowest(letterOf(lowest.index), base, times) : say.lowestIsBase(base)];
  }
  if (!apart) return [say.latencyAlike(formatRatio(lowest.ratio, locale).interval)];
  const [rate] = ranked(rowOf(comparison, 'messages_per_s'));
  // "its" needs somebody who was named last.
  const named = rate !== undefined && (!hasSpread(rate.ratio) || isApart(rate.ratio));
  return [named ? say.latency(times, base) : say.latencyOf(letterOf(lowest.index), times, base)];
}

/** Cause, effect and remedy of a caution. */
export function cautionText(caution: Caution, comparison: Comparison, locale: Locale): WarningText {
  const say = texts[locale];
  const who = say.and(caution.sides.map(letterOf));
  const warnings = comparison.sides.flatMap(({ summaries }) => summaries.flatMap((one) => one.warnings));
  const details: Partial<Record<Caution['code'], string>> = {
    machines_differ: say.and((caution.facts ?? []).map((fact) => say.facts[fact])),
    unstable: formatPlain(UNSTABLE_RATIO, locale),
    rounds_differ: formatPlain(UNSTABLE_RATIO, locale),
    warned: (caution.warnings ?? [])
      .flatMap((code) => warnings.find((warning) => warning.code === code) ?? [])
      .map((warning) => warningText(warning, locale).cause)
      .join(' '),
  };
  return say.cautions[caution.code](who, details[caution.code] ?? '');
}
