/**
 * The picture of one chart over time, on Chart.js: fixed scales, our own thinning into pooled points, nothing animated.
 * It draws on any canvas, in the page or in a worker (painter.ts), and knows of neither.
 */
import {
  BasicPlatform,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartConfiguration,
  type ScaleOptionsByType,
} from 'chart.js';
import type { SeriesRing } from '#contract/series';
import type { Locale } from '#contract/settings';
import type { Palette } from './colours.ts';
import { marks, type Marked } from './marks.ts';
import { BUCKETS, PointPool, thin } from './min-max.ts';
import { clockLabel, decades, linearEnd, linearTicks, logEnds, thinTicks, timeTicks } from './scales.ts';
import type { ChartSpec, SeriesSpec } from './specs.ts';
import type { TimeSpan } from './time-window.ts';
import { formatValue } from './values.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** Wide enough for the longest label, so that the plots of a column stand exactly above one another. */
const AXIS_PX = 58;

/** What is to be seen. Everything but the ring is plain data, so that it can be sent to a worker as it is. */
export interface PlotView {
  ring: SeriesRing | undefined;
  span: TimeSpan;
  /** Times of notes, s. */
  moments: readonly number[];
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
  pool: PointPool;
}

export class TimePlot {
  readonly #canvas: HTMLCanvasElement | OffscreenCanvas;
  #chart!: Chart<'line'>;
  #lines: Line[] = [];
  #marked!: Marked;
  #ends = { y: 0, right: 0 };
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
  draw({ ring, span, moments }: PlotView): PlotFrame {
    this.#marked.moments = moments;
    this.#empty = (ring?.length ?? 0) === 0;
    // Two pixels a stretch: finer could not be seen.
    const buckets = Math.min(BUCKETS, Math.max(50, Math.round(this.#chart.chartArea.width / 2)));
    let least = Infinity;
    const greatest = { y: NaN, right: NaN };
    for (const { series, pool } of this.#lines) {
      if (ring === undefined) {
        pool.clear();
        pool.close();
      } else {
        const axis = series.axis === 'right' ? 'right' : 'y';
        const top = thin(ring, ring.indexOf(series.key), span.from, span.to, pool, buckets);
        if (!(top <= greatest[axis])) greatest[axis] = Number.isNaN(top) ? greatest[axis] : top;
        if (this.#options.spec.scale === 'log')
          for (const { y } of pool.used) if (y > 0 && y < least) least = y;
      }
    }
    this.#scale(span, least, greatest);
    this.#chart.update('none');
    const { left, right, top, bottom } = this.#chart.chartArea;
    return { left, right, top, bottom, span };
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #build(): void {
    const { spec, palette } = this.#options;
    this.#lines = drawnSeries(spec).map((series) => ({ series, pool: new PointPool() }));
    this.#ends = { y: 0, right: 0 };
    this.#marked = { palette, lines: [], moments: [] };
    // A canvas that is not in the page can be no item of the types, although Chart.js takes it.
    this.#chart = new Chart(this.#canvas as HTMLCanvasElement, this.#config());
    this.#dress();
  }

  #dress(): void {
    const { palette } = this.#options;
    this.#marked.palette = palette;
    this.#marked.lines = this.#lines.map(({ series, pool }) => ({
      points: pool.used,
      mark: series.mark,
      colour: palette.series[series.colour - 1] ?? palette.ink,
      axis: series.axis === 'right' ? 'right' : 'y',
    }));
    this.#chart.data.datasets.forEach((dataset, i) => {
      dataset.borderColor = this.#marked.lines[i]?.colour ?? palette.ink;
    });
    for (const scale of Object.values(this.#chart.options.scales ?? {})) {
      if (scale?.grid) scale.grid.color = palette.grid;
      if (scale?.ticks) {
        scale.ticks.color = palette.text;
        scale.ticks.font = { family: palette.font, size: 11 };
      }
    }
  }

  #scale(span: TimeSpan, least: number, greatest: { y: number; right: number }): void {
    const { scales } = this.#chart.options;
    if (scales?.['x']) Object.assign(scales['x'], { min: span.from, max: span.to });
    const y = scales?.['y'];
    if (!y) return;
    if (this.#options.spec.scale === 'log') {
      const [min, max] = logEnds(least, greatest.y);
      Object.assign(y, { min, max });
    } else if (this.#options.spec.scale === 'linear') {
      this.#ends.y = linearEnd(this.#ends.y, greatest.y, this.#least(0));
      y.max = this.#ends.y;
    }
    const right = scales['right'];
    if (right) {
      this.#ends.right = linearEnd(this.#ends.right, greatest.right, 10);
      right.max = this.#ends.right;
    }
  }

  /** An axis of counts is at least so long that its ticks are whole numbers. */
  #least(line: number): number {
    return this.#lines[line]?.series.unit === 'count' ? 5 : 0;
  }

  /** Before there are values, a linear axis has no numbers either: they would be made up. */
  get #blank(): boolean {
    return this.#options.spec.scale === 'linear' && this.#empty;
  }

  #config(): ChartConfiguration<'line'> {
    const hasRight = this.#lines.some(({ series }) => series.axis === 'right');
    return {
      type: 'line',
      data: {
        datasets: this.#lines.map(({ series, pool }) => ({
          data: pool.used,
          yAxisID: series.axis === 'right' ? 'right' : 'y',
          borderWidth: 1.5,
          fill: false,
        })),
      },
      options: {
        parsing: false,
        normalized: true,
        animation: false,
        // Whoever owns the canvas says how large it is; a worker could not find out.
        responsive: false,
        maintainAspectRatio: false,
        spanGaps: true,
        events: [],
        layout: { padding: { top: 4, right: 8 } },
        elements: { point: { radius: 0, hitRadius: 0 }, line: { tension: 0, borderJoinStyle: 'round' } },
        scales: {
          x: this.#xAxis(),
          y: this.#valueAxis('left'),
          ...(hasRight ? { right: this.#valueAxis('right') } : {}),
        },
      },
      platform: BasicPlatform,
      plugins: [marks(this.#marked)],
    };
  }

  #xAxis(): Partial<ScaleOptionsByType<'linear'>> & { type: 'linear' } {
    return {
      type: 'linear',
      min: 0,
      max: 10,
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
      min: log ? 100 : 0,
      max: log ? 1e6 : 1,
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
