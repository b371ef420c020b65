/** One chart over time, on Chart.js: fixed scales, our own thinning into pooled points, nothing animated. */
import {
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
import type { Palette } from './colours.ts';
import { flags } from './flags.ts';
import { marks, type Marked } from './marks.ts';
import { BUCKETS, PointPool, thin } from './min-max.ts';
import { clockLabel, decades, linearEnd, linearTicks, logEnds, thinTicks, timeTicks } from '#report/scales';
import type { PlotArea } from './plot-scale.ts';
import type { Drawable } from './scheduler.ts';
import type { ChartSpec, SeriesSpec } from './specs.ts';
import type { TimeSpan } from './time-window.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** Wide enough for the longest label, so that the plots of a column stand exactly above one another. */
const AXIS_PX = 58;

export interface View {
  ring: SeriesRing | undefined;
  span: TimeSpan;
  cursor_s: number;
  moments: readonly number[];
  /** Samples after it are left out, of a view that stands still while more come. */
  until_s: number;
  /** Times of the marks in view, few enough to be drawn: `flagTimes`. */
  flags: readonly number[];
}

export interface TimeChartOptions {
  spec: ChartSpec;
  palette: Palette;
  /** Text of a value on the axis of this series. */
  format: (value: number, series: SeriesSpec) => string;
}

interface Line {
  series: SeriesSpec;
  pool: PointPool;
}

export class TimeChart implements Drawable {
  visible = true;
  view: View = {
    ring: undefined,
    span: { from: 0, to: 10 },
    cursor_s: NaN,
    moments: [],
    until_s: Infinity,
    flags: [],
  };
  readonly #chart: Chart<'line'>;
  readonly #spec: ChartSpec;
  readonly #lines: Line[];
  readonly #marked: Marked;
  readonly #ends = { y: 0, right: 0 };
  #options: TimeChartOptions;

  constructor(canvas: HTMLCanvasElement, options: TimeChartOptions) {
    this.#options = options;
    this.#spec = options.spec;
    this.#lines = options.spec.series
      .filter(({ readOnly }) => readOnly !== true)
      .map((series) => ({ series, pool: new PointPool() }));
    this.#marked = { palette: options.palette, lines: [], cursor_s: NaN, moments: [], flags: [] };
    this.#chart = new Chart(canvas, this.#config());
    this.dress(options);
  }

  /** Colours or language have changed. */
  dress(options: TimeChartOptions): void {
    this.#options = options;
    const { palette } = options;
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

  draw(): void {
    const { ring, span, cursor_s, moments, until_s, flags } = this.view;
    this.#marked.cursor_s = cursor_s;
    this.#marked.moments = moments;
    this.#marked.flags = flags;
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
        const top = thin(
          ring,
          ring.indexOf(series.key),
          span.from,
          Math.min(span.to, until_s),
          pool,
          buckets,
        );
        if (!(top <= greatest[axis])) greatest[axis] = Number.isNaN(top) ? greatest[axis] : top;
        if (this.#spec.scale === 'log') for (const { y } of pool.used) if (y > 0 && y < least) least = y;
      }
    }
    this.#scale(span, least, greatest);
    this.#chart.update('none');
  }

  /** Where the plot begins and ends on the canvas, px. */
  get area(): PlotArea {
    const { left, right } = this.#chart.chartArea;
    return { left, right };
  }

  resize(): void {
    this.#chart.resize();
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #scale(span: TimeSpan, least: number, greatest: { y: number; right: number }): void {
    const { scales } = this.#chart.options;
    if (scales?.['x']) Object.assign(scales['x'], { min: span.from, max: span.to });
    const y = scales?.['y'];
    if (!y) return;
    if (this.#spec.scale === 'log') {
      const [min, max] = logEnds(least, greatest.y);
      Object.assign(y, { min, max });
    } else if (this.#spec.scale === 'linear') {
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
    return this.#spec.scale === 'linear' && (this.view.ring?.length ?? 0) === 0;
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
        responsive: true,
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
      plugins: [marks(this.#marked), flags(this.#marked)],
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
    const log = this.#spec.scale === 'log';
    const share = this.#spec.scale === 'share';
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
          series === undefined || this.#blank ? '' : this.#options.format(Number(value), series),
      },
    } as never;
  }
}
