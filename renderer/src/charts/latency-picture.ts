/** What the latency card draws, lists and says: the distribution in bars, or by percentile. */
import { quantiles, totalCount, type SparseBuckets } from '#contract/histogram';
import { formatCount, formatDuration, formatShare } from '#contract/text/format';
import { valueAt, type Figure } from '#report/figure';
import {
  barsOf,
  distributionFigure,
  PERCENTILES,
  percentileFigure,
  percentilePoints,
  percentText,
} from '#report/latency-figures';
import { reportWords } from '#report/words';
import { language } from '../text/language.svelte.ts';
import type { FigureRoom } from './figure-canvas.ts';

export type LatencyShape = 'bars' | 'percentiles';

export function latencyFigure(
  shape: LatencyShape,
  buckets: SparseBuckets,
  title: string,
  more: { cursor?: number; ticks?: FigureRoom['ticks'] } = {},
): Figure {
  const { locale } = language;
  const options = { title, words: reportWords[locale], locale, ...more };
  return shape === 'bars' ? distributionFigure(buckets, options) : percentileFigure(buckets, options);
}

/** Places of the x axis at which the arrow keys stop. */
export function stopsOf(shape: LatencyShape, buckets: SparseBuckets): number[] {
  if (shape === 'percentiles') return percentilePoints(buckets).map(({ share }) => 1 / (1 - share));
  return barsOf(buckets)
    .filter(({ share }) => share > 0)
    .map(({ from_ns, to_ns }) => Math.sqrt(from_ns * to_ns));
}

/** What lies at a place of the x axis, as a sentence; empty beside the data. */
export function sentenceAt(shape: LatencyShape, buckets: SparseBuckets, at: number): string {
  const { locale, t } = language;
  if (Number.isNaN(at) || totalCount(buckets) === 0) return '';
  if (shape === 'bars') {
    const bar = barsOf(buckets).find(({ from_ns, to_ns }) => from_ns <= at && at < to_ns);
    if (bar === undefined) return '';
    return t.figures.atBar(
      formatDuration(bar.from_ns, locale),
      formatDuration(bar.to_ns, locale),
      formatShare(bar.share, locale),
      percentText(bar.below, locale),
    );
  }
  const share = 1 - 1 / at;
  const [ns = NaN] = quantiles(buckets, [share]);
  return t.figures.atPercentile(percentText(share, locale), formatDuration(ns, locale));
}

/** The value at a share of the figure's x axis. */
export function placeAt(figure: Figure, share: number): number {
  return valueAt(figure.x, share);
}

export interface LatencyTable {
  columns: string[];
  rows: string[][];
  note: string;
}

export function latencyTable(shape: LatencyShape, buckets: SparseBuckets): LatencyTable {
  const { locale, t } = language;
  const words = t.figures;
  const time = (ns: number): string => formatDuration(ns, locale);
  if (shape === 'percentiles') {
    const points = percentilePoints(buckets).filter((_, i, all) => i % 5 === 0 || i === all.length - 1);
    return {
      columns: [words.percentile, words.latency],
      rows: [
        ...points.map(({ share, ns }) => [percentText(share, locale), time(ns)]),
        [percentText(1, locale), time(quantiles(buckets, [1])[0] ?? NaN)],
      ],
      note: words.percentileNote,
    };
  }
  const total = totalCount(buckets);
  return {
    columns: [words.from, words.to, t.charts.series.queue_messages, words.share, words.below],
    rows: barsOf(buckets)
      .filter(({ share }) => share > 0)
      .map(({ from_ns, to_ns, share, below }) => [
        time(from_ns),
        time(to_ns),
        formatCount(share * total, locale),
        formatShare(share, locale),
        percentText(below, locale),
      ]),
    note: words.distributionNote,
  };
}

/** The percentiles that are always read out. */
export function readoutsOf(buckets: SparseBuckets): { name: string; text: string }[] {
  const { locale, t } = language;
  const values = quantiles(
    buckets,
    PERCENTILES.map(({ share }) => share),
  );
  return PERCENTILES.map(({ name }, i) => ({
    name: name === 'max' ? t.charts.series.max_ns : name,
    text: formatDuration(values[i] ?? NaN, locale),
  }));
}
