/** A chart over time as a figure: which stretch of the samples, thinned to what a picture can show. */
import type { Locale } from '#contract/settings';
import type { SeriesRing } from '#contract/series';
import type { ChartSpec, SeriesSpec } from './chart-specs.ts';
import type { Axis, Figure, FigureSeries, Tick, Tone } from './figure.ts';
import { clockLabel, decades, linearEnd, linearTicks, logEnds, thinTicks, timeTicks } from './scales.ts';
import { extremes, means, type Stretch } from './thin.ts';
import { formatValue } from './values.ts';
import type { ReportWords } from './words.ts';

export interface TimeFigureOptions {
  title: string;
  /** The stretch of the session, s. */
  span: { from: number; to: number };
  words: ReportWords;
  locale: Locale;
  /** Stretches that a line may have: about half its pixels. */
  stretches?: number;
  /** Room for words on the axes: how many of them fit. */
  ticks?: { x: number; y: number };
  /** Times at which something happened, s. */
  moments?: readonly number[];
  cursor?: number;
  /** Times of marks in the span, s. */
  flags?: readonly number[];
  /** Samples after it are left out, of a view that stands still while more come. */
  until_s?: number;
}

const STRETCHES = 300;

export function timeFigure(
  spec: ChartSpec,
  ring: SeriesRing | undefined,
  options: TimeFigureOptions,
): Figure {
  const { title, span, words, locale, moments, cursor, flags } = options;
  const shown = { from: span.from, to: Math.min(span.to, options.until_s ?? Infinity) };
  const fits = options.ticks ?? { x: 10, y: 8 };
  const drawn = spec.series.filter(({ readOnly }) => readOnly !== true);
  const stretches = options.stretches ?? STRETCHES;
  const lines =
    ring === undefined
      ? drawn.map(() => NOTHING)
      : spec.stacked === true
        ? stacked(ring, drawn, shown, stretches)
        : drawn.map(({ key }) => extremes(ring, ring.indexOf(key), shown, stretches));
  const series = drawn.map((one, i): FigureSeries => {
    const { xs, ys } = lines[i] ?? NOTHING;
    const below = i === 0 ? 'axis' : (lines[i - 1]?.ys ?? 'axis');
    return {
      name: words.series[one.name],
      tone: toneOf(one),
      mark: one.mark,
      axis: one.axis ?? 'left',
      xs,
      ys,
      ...(spec.stacked === true ? { fillTo: below } : {}),
    };
  });
  const axis = (side: 'left' | 'right'): Axis | undefined => {
    const unit = drawn.find((one) => (one.axis ?? 'left') === side)?.unit;
    if (unit === undefined) return undefined;
    const values = series.filter((one) => one.axis === side).flatMap(({ ys }) => ys);
    const [min, max, at] = ends(spec.scale, values, unit);
    const ticks = thinTicks(at, fits.y).map((tick): Tick => ({
      at: tick,
      text: formatValue(tick, unit, locale),
    }));
    return { scale: spec.scale === 'log' ? 'log' : 'linear', min, max, ticks };
  };
  const right = axis('right');
  const any = series.some(({ ys }) => ys.some((y) => !Number.isNaN(y)));
  return {
    title,
    x: {
      scale: 'linear',
      min: span.from,
      max: span.to,
      ticks: timeTicks(span.from, span.to, fits.x).map((at) => ({ at, text: clockLabel(at) })),
      title: words.timeAxis,
    },
    left: axis('left') ?? { scale: 'linear', min: 0, max: 1, ticks: [] },
    ...(right === undefined ? {} : { right }),
    series,
    ...(moments === undefined ? {} : { moments }),
    ...(cursor === undefined ? {} : { cursor }),
    ...(flags === undefined ? {} : { flags }),
    ...(any || ring === undefined || ring.length === 0 ? {} : { empty: words.notMeasured }),
  };
}

const NOTHING: Stretch = { xs: [], ys: [] };

export function toneOf({ colour }: Pick<SeriesSpec, 'colour'>): Tone {
  return `series-${colour}`;
}

/** Each series on top of the ones before, so that the top one is their sum. */
function stacked(
  ring: SeriesRing,
  series: readonly SeriesSpec[],
  span: { from: number; to: number },
  stretches: number,
): Stretch[] {
  const parts = means(
    ring,
    series.map(({ key }) => ring.indexOf(key)),
    span,
    stretches,
  );
  let below: readonly number[] | undefined;
  return parts.map(({ xs, ys }) => {
    // Clocks of different parts of the kernel do not agree to the last microsecond: together they are the whole at most.
    const sum = ys.map((y, i) => Math.min(1, (below?.[i] ?? 0) + y));
    below = sum;
    return { xs, ys: sum };
  });
}

function ends(
  scale: ChartSpec['scale'],
  values: readonly number[],
  unit: SeriesSpec['unit'],
): [min: number, max: number, ticks: number[]] {
  if (scale === 'share') return [0, 1, [0, 0.25, 0.5, 0.75, 1]];
  let least = Infinity;
  let greatest = NaN;
  for (const value of values) {
    if (!(value <= greatest) && !Number.isNaN(value)) greatest = value;
    if (value > 0 && value < least) least = value;
  }
  if (scale === 'log') {
    const [low, high] = logEnds(least, greatest);
    return [low, high, decades(low, high)];
  }
  // An axis of counts is at least so long that its ticks are whole numbers.
  const end = linearEnd(0, Number.isNaN(greatest) ? 0 : greatest, unit === 'count' ? 5 : 0);
  return [0, end, linearTicks(end, unit === 'count')];
}
