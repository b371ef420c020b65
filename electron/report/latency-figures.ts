/** Latency as a distribution: how often which time was measured, and by percentile as HdrHistogram plots it. */
import { bucketHighest, bucketLowest, quantiles, totalCount, type SparseBuckets } from '#contract/histogram';
import type { Locale } from '#contract/settings';
import { formatDuration, formatShare } from '#contract/text/format';
import type { Figure, Marker, Tick } from './figure.ts';
import { decades, linearEnd, linearTicks, logEnds, thinTicks } from './scales.ts';
import type { ReportWords } from './words.ts';

/** Bars a decade: finer ones would be emptier than a histogram of three digits can make up for. */
const BARS = 30;

export const PERCENTILES = [
  { share: 0.5, name: 'p50' },
  { share: 0.9, name: 'p90' },
  { share: 0.99, name: 'p99' },
  { share: 0.999, name: 'p99.9' },
  { share: 1, name: 'max' },
] as const;

/** Times from `from_ns` to below `to_ns`. */
export interface Bar {
  from_ns: number;
  to_ns: number;
  /** Of all times measured, 0..1. */
  share: number;
  /** Of all times measured, those that lie below `to_ns`. */
  below: number;
}

export interface LatencyFigureOptions {
  title: string;
  words: ReportWords;
  locale: Locale;
  ticks?: { x: number; y: number };
  cursor?: number;
}

/** The histogram in bars of equal width on a log axis, from the first that holds something to the last. */
export function barsOf(buckets: SparseBuckets): Bar[] {
  const total = totalCount(buckets);
  const counts = new Map<number, number>();
  for (let i = 0; i + 1 < buckets.length; i += 2) {
    const index = buckets[i] ?? 0;
    const middle_ns = Math.max(1, (bucketLowest(index) + bucketHighest(index)) / 2);
    const bar = Math.floor(BARS * Math.log10(middle_ns));
    counts.set(bar, (counts.get(bar) ?? 0) + (buckets[i + 1] ?? 0));
  }
  if (counts.size === 0) return [];
  const bars: Bar[] = [];
  let seen = 0;
  const last = Math.max(...counts.keys());
  for (let bar = Math.min(...counts.keys()); bar <= last; bar++) {
    const count = counts.get(bar) ?? 0;
    seen += count;
    const [from_ns, to_ns] = [10 ** (bar / BARS), 10 ** ((bar + 1) / BARS)];
    bars.push({ from_ns, to_ns, share: count / total, below: seen / total });
  }
  return bars;
}

export function distributionFigure(buckets: SparseBuckets, options: LatencyFigureOptions): Figure {
  const { title, words, locale, cursor } = options;
  const fits = options.ticks ?? { x: 10, y: 8 };
  const bars = barsOf(buckets);
  const [min, max] = latencyEnds(bars);
  const end = Math.min(1, linearEnd(0, Math.max(0, ...bars.map(({ share }) => share))));
  // Stairs: level along each bar.
  const xs = bars.flatMap(({ from_ns, to_ns }) => [from_ns, to_ns]);
  const ys = bars.flatMap(({ share }) => [share, share]);
  return {
    title,
    x: { ...latencyAxis(min, max, fits.x, locale), title: words.latencyAxis },
    left: {
      scale: 'linear',
      min: 0,
      max: end,
      ticks: thinTicks(linearTicks(end), fits.y).map((at) => ({ at, text: formatShare(at, locale) })),
    },
    series: [{ name: words.shareOfMessages, tone: 'series-1', xs, ys, fillTo: 'axis' }],
    markers: markersOf(buckets, words),
    ...(cursor === undefined ? {} : { cursor }),
    ...(bars.length === 0 ? { empty: words.noLatency } : {}),
  };
}

function markersOf(buckets: SparseBuckets, words: ReportWords): Marker[] {
  const values = quantiles(
    buckets,
    PERCENTILES.map(({ share }) => share),
  );
  return PERCENTILES.flatMap(({ name }, i) => {
    const at = values[i] ?? NaN;
    return Number.isNaN(at) ? [] : [{ at, text: name === 'max' ? words.series.max_ns : name }];
  });
}

/**
 * Latency over 1/(1-p): each nine of the percentile takes the same room, so that the tail is as well seen as the bulk
 * (Tene, https://hdrhistogram.org). It ends where a further nine would stand on less than one message.
 */
export function percentileFigure(buckets: SparseBuckets, options: LatencyFigureOptions): Figure {
  const { title, words, locale, cursor } = options;
  const fits = options.ticks ?? { x: 10, y: 8 };
  const points = percentilePoints(buckets);
  const xs = points.map(({ share }) => 1 / (1 - share));
  const ys = points.map(({ ns }) => ns);
  const [min, max] = logEnds(Math.min(...ys), Math.max(...ys));
  const end = Math.max(10, 10 ** Math.ceil(Math.log10(Math.max(...xs, 1)) - 1e-9));
  return {
    title,
    x: { scale: 'log', min: 1, max: end, ticks: nines(end, locale), title: words.percentileAxis },
    left: latencyAxis(min, max, fits.y, locale),
    series: [{ name: words.latencyAxis, tone: 'series-1', mark: 'circle', xs, ys }],
    ...(cursor === undefined ? {} : { cursor }),
    ...(points.length === 0 ? { empty: words.noLatency } : {}),
  };
}

export interface PercentilePoint {
  /** Of all times measured, 0..1 but never 1. */
  share: number;
  ns: number;
}

/** Twenty percentiles for each nine, up to the one that the slowest single message stands for. */
export function percentilePoints(buckets: SparseBuckets): PercentilePoint[] {
  const total = totalCount(buckets);
  if (total === 0) return [];
  const shares: number[] = [];
  for (let nines = 0; 10 ** nines <= total; nines += 1 / 20) shares.push(1 - 10 ** -nines);
  shares.push(1 - 1 / Math.max(2, total));
  const ascending = [...new Set(shares)].sort((a, b) => a - b);
  const values = quantiles(buckets, ascending);
  return ascending.map((share, i) => ({ share, ns: values[i] ?? NaN }));
}

function nines(end: number, locale: Locale): Tick[] {
  return decades(1, end).map((at) => ({
    at,
    text: percentText(1 - 1 / at, locale),
  }));
}

/** A share with as many nines as it has: 99.9 %, 99.999 %; never rounded up to a hundred. */
export function percentText(share: number, locale: Locale): string {
  // One digit beyond the nines: enough to tell neighbours apart.
  const digits = share >= 1 ? 0 : Math.min(9, Math.max(0, Math.ceil(-Math.log10(1 - share) - 1e-9) - 1));
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits });
  return format.format(Number(share.toFixed(12)));
}

function latencyEnds(bars: readonly Bar[]): [number, number] {
  const [first, last] = [bars[0], bars.at(-1)];
  if (first === undefined || last === undefined) return [100, 1e6];
  // Within one decade whole decades would leave the picture mostly empty: halves will do.
  const half = (value: number, round: (x: number) => number): number =>
    10 ** (round(2 * Math.log10(value)) / 2);
  const low = half(first.from_ns, Math.floor);
  return [low, Math.max(low * 10, half(last.to_ns, Math.ceil))];
}

function latencyAxis(min: number, max: number, most: number, locale: Locale): Figure['x'] {
  const whole = decades(10 ** Math.ceil(Math.log10(min) - 1e-9), max);
  // On a short axis the threes as well, so that there is more than one number.
  const all = whole.length > 3 ? whole : whole.flatMap((tick) => [tick, tick * 3]);
  const ticks = thinTicks(
    all.filter((tick) => tick <= max * 1.001),
    most,
  );
  return { scale: 'log', min, max, ticks: ticks.map((at) => ({ at, text: formatDuration(at, locale) })) };
}
