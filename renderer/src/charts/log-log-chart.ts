/** Lines over the message size, both axes logarithmic, on Chart.js: a mark at each point, and a bar for its spread. */
import {
  Chart,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartConfiguration,
} from 'chart.js';
import type { Palette } from './colours.ts';
import { traceMark } from './marks.ts';
import { decades, logEnds, thinTicks } from '#report/scales';
import type { Drawable } from './scheduler.ts';
import type { SeriesSpec } from './specs.ts';

Chart.register(LineController, LineElement, PointElement, LogarithmicScale);

const AXIS_PX = 64;
/** Half the width of a bar's ends. */
const CAP_PX = 3;
/** Room beside the first and the last size, as a factor. */
const MARGIN = 1.6;

export interface LogLogPoint {
  /** Above 0, or it has no place here. */
  x: number;
  y: number;
  low: number;
  high: number;
}

export interface LogLogLine extends Pick<SeriesSpec, 'colour' | 'mark'> {
  points: readonly LogLogPoint[];
}

export interface LogLogOptions {
  palette: Palette;
  formatX: (value: number) => string;
  formatY: (value: number) => string;
}

export class LogLogChart implements Drawable {
  visible = true;
  lines: readonly LogLogLine[] = [];
  /** All sizes, ascending. */
  sizes: readonly number[] = [];
  /** The size that is looked at; NaN for none. */
  cursor = NaN;
  readonly #chart: Chart<'line'>;
  #options: LogLogOptions;

  constructor(canvas: HTMLCanvasElement, options: LogLogOptions) {
    this.#options = options;
    this.#chart = new Chart(canvas, this.#config());
  }

  /** Colours or language have changed. */
  dress(options: LogLogOptions): void {
    this.#options = options;
    const { palette } = options;
    for (const scale of Object.values(this.#chart.options.scales ?? {})) {
      if (scale?.grid) scale.grid.color = palette.grid;
      if (scale?.ticks) {
        scale.ticks.color = palette.text;
        scale.ticks.font = { family: palette.font, size: 11 };
      }
    }
  }

  draw(): void {
    const drawn = this.lines.map((line) => ({
      ...line,
      points: line.points.filter(({ x, y }) => x > 0 && y > 0),
    }));
    const values = drawn.flatMap(({ points }) =>
      points.flatMap(({ y, low, high }) => [low > 0 ? low : y, high]),
    );
    const [min, max] = logEnds(Math.min(...values), Math.max(...values));
    const { scales } = this.#chart.options;
    if (scales?.['y']) Object.assign(scales['y'], { min, max });
    const sizes = this.sizes.filter((size) => size > 0);
    if (scales?.['x']) {
      Object.assign(scales['x'], { min: (sizes[0] ?? 1) / MARGIN, max: (sizes.at(-1) ?? 1) * MARGIN });
    }
    this.#chart.data.datasets = drawn.map(({ colour, points }) => ({
      data: points.map(({ x, y }) => ({ x, y })),
      borderColor: this.#colour(colour),
      borderWidth: 1.5,
      fill: false,
    }));
    this.#chart.update('none');
  }

  /** The size next to a place of the canvas; NaN beside the plot. */
  sizeAt(offsetX: number): number {
    const { left, right } = this.#chart.chartArea;
    const x = this.#chart.scales['x'];
    if (x === undefined || offsetX < left - 8 || offsetX > right + 8) return NaN;
    const far = (size: number): number => Math.abs(x.getPixelForValue(size) - offsetX);
    return this.sizes.filter((size) => size > 0).sort((a, b) => far(a) - far(b))[0] ?? NaN;
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #colour(colour: number): string {
    const { palette } = this.#options;
    return palette.series[colour - 1] ?? palette.ink;
  }

  #drawPoints(chart: Chart<'line'>): void {
    const { ctx, scales } = chart;
    const { x, y } = scales;
    if (x === undefined || y === undefined) return;
    ctx.save();
    for (const { colour, mark, points } of this.lines) {
      ctx.strokeStyle = this.#colour(colour);
      ctx.lineWidth = 1;
      for (const point of points) {
        if (!(point.x > 0 && point.y > 0)) continue;
        const px = x.getPixelForValue(point.x);
        const ends = [point.low, point.high].map((end) => y.getPixelForValue(Math.max(end, y.min)));
        const [low = NaN, high = NaN] = ends;
        if (low - high < 2) continue;
        ctx.beginPath();
        ctx.moveTo(px, low);
        ctx.lineTo(px, high);
        for (const end of [low, high]) {
          ctx.moveTo(px - CAP_PX, end);
          ctx.lineTo(px + CAP_PX, end);
        }
        ctx.stroke();
      }
      ctx.fillStyle = this.#colour(colour);
      ctx.strokeStyle = this.#options.palette.panel;
      for (const point of points) {
        if (!(point.x > 0 && point.y > 0)) continue;
        ctx.beginPath();
        traceMark(ctx, mark, x.getPixelForValue(point.x), y.getPixelForValue(point.y));
        ctx.stroke();
        ctx.fill();
      }
    }
    ctx.restore();
  }

  #drawCursor({ ctx, chartArea, scales }: Chart<'line'>): void {
    const { x } = scales;
    if (x === undefined || !(this.cursor > 0)) return;
    const px = Math.round(x.getPixelForValue(this.cursor)) + 0.5;
    ctx.save();
    ctx.strokeStyle = this.#options.palette.ink;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(px, chartArea.top);
    ctx.lineTo(px, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  }

  #config(): ChartConfiguration<'line'> {
    const axis = { type: 'logarithmic', border: { display: false }, grid: { drawTicks: false } };
    const ticks = { autoSkip: false, maxRotation: 0, padding: 6 };
    type Built = { min: number; max: number; width: number; height: number; ticks: { value: number }[] };
    return {
      type: 'line',
      data: { datasets: [] },
      options: {
        parsing: false,
        normalized: true,
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        events: [],
        layout: { padding: { top: 6, right: 10 } },
        elements: { point: { radius: 0, hitRadius: 0 }, line: { tension: 0, borderJoinStyle: 'round' } },
        scales: {
          x: {
            ...axis,
            afterBuildTicks: (built: Built) => {
              const sizes = this.sizes.filter((size) => size > 0);
              built.ticks = thinTicks(sizes, Math.max(2, built.width / 54)).map((value) => ({ value }));
            },
            ticks: { ...ticks, callback: (value: string | number) => this.#options.formatX(Number(value)) },
          },
          y: {
            ...axis,
            afterFit: (built: Built) => {
              built.width = AXIS_PX;
            },
            afterBuildTicks: (built: Built) => {
              const all = decades(built.min, built.max);
              built.ticks = thinTicks(all, built.height / 18).map((value) => ({ value }));
            },
            ticks: { ...ticks, callback: (value: string | number) => this.#options.formatY(Number(value)) },
          },
        } as never,
      },
      plugins: [
        {
          id: 'log-log',
          afterDatasetsDraw: (chart) => {
            this.#drawPoints(chart);
            this.#drawCursor(chart);
          },
        },
      ],
    };
  }
}
