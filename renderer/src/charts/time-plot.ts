/**
 * The picture of one chart over time, on Chart.js: fixed scales, our own thinning into pooled points, nothing animated.
 * It draws on any canvas, in the page or in a worker (painter.ts), and knows of neither.
 */
import {
  BasicPlatform,
  Chart,
  layouts,
  LinearScale,
  LogarithmicScale,
  type ChartConfiguration,
  type ScaleOptionsByType,
} from 'chart.js';
import type { SeriesRing } from '#contract/series';
import type { Locale } from '#contract/settings';
import type { Palette } from './colours.ts';
import { denseLines } from './dense-lines.ts';
import { flags } from './flags.ts';
import { marks, type Marked } from './marks.ts';
import { clockLabel, decades, linearEnd, linearTicks, logEnds, thinTicks, timeTicks } from '#report/scales';
import type { ChartSpec, SeriesSpec } from './specs.ts';
import type { TimeSpan } from './time-window.ts';
import { Trace, traceParts } from './trace.ts';
import { formatValue } from './values.ts';

Chart.register(...traceParts, LinearScale, LogarithmicScale);

/** Wide enough for the longest label, so that the plots of a column stand exactly above one another. */
const AXIS_PX = 58;

/** What is to be seen. Everything but the ring is plain data, so that it can be sent to a worker as it is. */
export interface PlotView {
  ring: SeriesRing | undefined;
  span: TimeSpan;
  /** Times of notes, s. */
  moments: readonly number[];
  /** Samples after it are left out, of a view that stands still while more come. */
  until_s: number;
  /** Times of the marks in view, few enough to be drawn: `flagTimes`. */
  flags: readonly number[];
}

export interface TimeChartOptions {
  spec: ChartSpec;
  palette: Palette;
  /** How the numbers of the axes are written. */
  locale: Locale;
}

/** Of the canvas, in CSS pixels, and how many of the screen's there are to one of them. */
export interface PlotSize {
  width: number;
  height: number;
  ratio: number;
}

/** Where in the canvas, in CSS pixels, which time was drawn. */
export interface PlotFrame {
  left: number;
  right: number;
  top: number;
  bottom: number;
  span: TimeSpan;
}

interface Line {
  series: SeriesSpec;
  trace: Trace;
}

interface Limits {
  min: number;
  max: number;
}

export class TimePlot {
  readonly #canvas: HTMLCanvasElement | OffscreenCanvas;
  #chart!: Chart<'trace'>;
  #lines: Line[] = [];
  #marked!: Marked;
  readonly #limits: Record<'x' | 'y' | 'right', Limits> = {
    x: { min: 0, max: 10 },
    y: { min: 0, max: 1 },
    right: { min: 0, max: 1 },
  };
  #options: TimeChartOptions;
  #size: PlotSize | undefined;
  #empty = true;

  constructor(canvas: HTMLCanvasElement | OffscreenCanvas, options: TimeChartOptions) {
    this.#canvas = canvas;
    this.#options = options;
    this.#build();
  }

  /** Colours, language or the series themselves have changed. */
  dress(options: TimeChartOptions): void {
    const rebuild = !sameLines(options.spec, this.#options.spec);
    this.#options = options;
    if (rebuild) {
      this.#chart.destroy();
      this.#build();
      if (this.#size) this.resize(this.#size);
    } else this.#dress();
  }

  resize(size: PlotSize): void {
    this.#size = size;
    this.#chart.options.devicePixelRatio = size.ratio;
    this.#chart.resize(size.width, size.height);
  }

  /** Draws the view at once, and answers where what lies in it. */
  draw({ ring, span, moments, until_s, flags }: PlotView): PlotFrame {
    this.#marked.moments = moments;
    this.#marked.flags = flags;
    const shown = { from: span.from, to: Math.min(span.to, until_s) };
    const share = Math.max(0, shown.to - shown.from) / (span.to - span.from);
    this.#empty = (ring?.length ?? 0) === 0;
    const pixels = Math.round(this.#chart.chartArea.width * (this.#size?.ratio ?? 1) * share);
    let least = Infinity;
    const greatest = { y: NaN, right: NaN };
    for (const { series, trace } of this.#lines) {
      const axis = series.axis === 'right' ? 'right' : 'y';
      trace.take(ring, series.key, shown, pixels);
      if (trace.greatest > greatest[axis] || Number.isNaN(greatest[axis])) greatest[axis] = trace.greatest;
      if (trace.leastAboveNought < least) least = trace.leastAboveNought;
    }
    this.#scale(span, least, greatest);
    this.#redraw();
    const { left, right, top, bottom } = this.#chart.chartArea;
    return { left, right, top, bottom, span };
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #build(): void {
    const { spec, palette } = this.#options;
    this.#lines = drawnSeries(spec).map((series) => ({ series, trace: new Trace() }));
    const [min, max] = spec.scale === 'log' ? logEnds(NaN, NaN) : [0, 1];
    this.#limits.y = { min, max };
    this.#limits.right = { min: 0, max: 1 };
    this.#marked = { palette, lines: [], moments: [], flags: [] };
    // A canvas that is not in the page can be no item of the types, although Chart.js takes it.
    this.#chart = new Chart(this.#canvas as HTMLCanvasElement, this.#config());
    this.#dress();
  }

  #dress(): void {
    const { palette } = this.#options;
    this.#marked.palette = palette;
    this.#marked.lines = this.#lines.map(({ series, trace }) => ({
      trace,
      mark: series.mark,
      colour: palette.series[series.colour - 1] ?? palette.ink,
      axis: series.axis === 'right' ? 'right' : 'y',
    }));
    this.#chart.data.datasets.forEach((dataset, i) => {
      dataset.colour = this.#marked.lines[i]?.colour ?? palette.ink;
    });
    for (const scale of Object.values(this.#chart.options.scales ?? {})) {
      if (scale?.grid) scale.grid.color = palette.grid;
      if (scale?.ticks) {
        scale.ticks.color = palette.text;
        scale.ticks.font = { family: palette.font, size: 11 };
      }
    }
    this.#chart.update('none');
  }

  /**
   * What `chart.update` does, without making all options and all points anew: only ends and ticks of axes have changed,
   * and they are asked for by `afterDataLimits`.
   */
  #redraw(): void {
    const chart = this.#chart;
    layouts.update(chart, chart.width, chart.height);
    for (const scale of Object.values(chart.scales)) scale.configure();
    chart.draw();
  }

  #scale(span: TimeSpan, least: number, greatest: { y: number; right: number }): void {
    const { x, y, right } = this.#limits;
    x.min = span.from;
    x.max = span.to;
    if (this.#options.spec.scale === 'log') [y.min, y.max] = logEnds(least, greatest.y);
    else if (this.#options.spec.scale === 'linear') y.max = linearEnd(y.max, greatest.y, this.#least(0));
    else y.max = 1;
    right.max = linearEnd(right.max, greatest.right, 10);
  }

  /** An axis of counts is at least so long that its ticks are whole numbers. */
  #least(line: number): number {
    return this.#lines[line]?.series.unit === 'count' ? 5 : 0;
  }

  /** Before there are values, a linear axis has no numbers either: they would be made up. */
  get #blank(): boolean {
    return this.#options.spec.scale === 'linear' && this.#empty;
  }

  #config(): ChartConfiguration<'trace'> {
    const hasRight = this.#lines.some(({ series }) => series.axis === 'right');
    return {
      type: 'trace',
      data: {
        datasets: this.#lines.map(({ series, trace }) => ({
          data: [],
          yAxisID: series.axis === 'right' ? 'right' : 'y',
          trace,
          colour: this.#options.palette.ink,
        })),
      },
      options: {
        animation: false,
        // Whoever owns the canvas says how large it is; a worker could not find out.
        responsive: false,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 8, right: 8 } },
        scales: {
          x: this.#xAxis(),
          y: this.#valueAxis('left'),
          ...(hasRight ? { right: this.#valueAxis('right') } : {}),
        },
      },
      platform: BasicPlatform,
      plugins: [denseLines(this.#marked), marks(this.#marked), flags(this.#marked)],
    };
  }

  /** Ends that are ours: Chart.js looks for none in the data, and takes those of the moment. */
  #fixed(axis: 'x' | 'y' | 'right', min: number, max: number): object {
    return {
      ...{ min, max, bounds: 'data' },
      afterDataLimits: (scale: Limits) => Object.assign(scale, this.#limits[axis]),
    };
  }

  #xAxis(): Partial<ScaleOptionsByType<'linear'>> & { type: 'linear' } {
    return {
      type: 'linear',
      ...this.#fixed('x', 0, 1),
      border: { display: false },
      grid: { display: false },
      afterBuildTicks: (axis: { min: number; max: number; width: number; ticks: { value: number }[] }) => {
        axis.ticks = timeTicks(axis.min, axis.max, Math.max(2, axis.width / 62)).map((value) => ({ value }));
      },
      ticks: {
        autoSkip: false,
        maxRotation: 0,
        padding: 2,
        callback: (value: string | number) => clockLabel(Number(value)),
      },
    } as never;
  }

  #valueAxis(position: 'left' | 'right'): Partial<ScaleOptionsByType<'linear'>> & { type: 'linear' } {
    const log = this.#options.spec.scale === 'log';
    const share = this.#options.spec.scale === 'share';
    const series = this.#lines.find(({ series }) => (series.axis ?? 'left') === position)?.series;
    return {
      type: log ? 'logarithmic' : 'linear',
      position,
      ...this.#fixed(position === 'left' ? 'y' : 'right', log ? 1 : 0, log ? 10 : 1),
      border: { display: false },
      grid: { drawTicks: false, drawOnChartArea: position === 'left' },
      afterFit: (axis: { width: number }) => {
        // The right axis writes into the plot, so that all plots are equally wide.
        axis.width = position === 'left' ? AXIS_PX : 0;
      },
      afterBuildTicks: (axis: { min: number; max: number; height: number; ticks: { value: number }[] }) => {
        const all = share
          ? [0, 0.25, 0.5, 0.75, 1]
          : log
            ? decades(axis.min, axis.max)
            : linearTicks(axis.max, series?.unit === 'count');
        axis.ticks = thinTicks(all, axis.height / 18).map((value) => ({ value }));
      },
      ticks: {
        autoSkip: false,
        mirror: position === 'right',
        padding: position === 'left' ? 6 : 2,
        callback: (value: string | number) =>
          series === undefined || this.#blank
            ? ''
            : formatValue(Number(value), series.unit, this.#options.locale),
      },
    } as never;
  }
}

/** The series that have a line. */
export function drawnSeries(spec: ChartSpec): SeriesSpec[] {
  return spec.series.filter(({ readOnly }) => readOnly !== true);
}

function sameLines(one: ChartSpec, other: ChartSpec): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
