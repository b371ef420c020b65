/** Several runs over each other in one chart, on Chart.js: over the measured time, or by percentile. */
import {
  Chart,
  LinearScale,
  LineController,
  LineElement,
  LogarithmicScale,
  PointElement,
  type ChartConfiguration,
  type ChartDataset,
} from 'chart.js';
import type { Palette } from './colours.ts';
import { traceMark } from './marks.ts';
import { endOf, percentileLabel, type OverlayLine } from './overlay-lines.ts';
import { runColour } from './run-styles.ts';
import { clockLabel, decades, linearEnd, linearTicks, logEnds, thinTicks, timeTicks } from '#report/scales';
import type { Drawable } from './scheduler.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** As wide as those of the charts of one run. */
const AXIS_PX = 58;
const MARK_EVERY_PX = 96;
const LETTER_PX = 11;

export interface OverlayOptions {
  along: 'time' | 'percentile';
  scale: 'linear' | 'log';
  palette: Palette;
  /** Text of a value on the axis. */
  format: (value: number) => string;
}

interface Axis {
  min: number;
  max: number;
  width: number;
  height: number;
  ticks: { value: number }[];
}

export class OverlayChart implements Drawable {
  visible = true;
  lines: readonly OverlayLine[] = [];
  /** Where the cursor stands, in the unit of the x axis; NaN for nowhere. */
  cursor = NaN;
  options: OverlayOptions;
  readonly #chart: Chart<'line'>;
  #drawn: { lines?: readonly OverlayLine[]; options?: OverlayOptions } = {};

  constructor(canvas: HTMLCanvasElement, options: OverlayOptions) {
    this.options = options;
    this.#chart = new Chart(canvas, this.#config());
  }

  draw(): void {
    // Where only the cursor has moved, nothing has to be laid out anew.
    if (this.#drawn.lines === this.lines && this.#drawn.options === this.options) {
      this.#chart.draw();
      return;
    }
    this.#drawn = { lines: this.lines, options: this.options };
    const { palette, scale } = this.options;
    this.#chart.data.datasets = this.lines.map(({ points, style }): ChartDataset<'line'> => ({
      // Chart.js keeps what it is given; the page keeps its own.
      data: points.map(({ x, y }) => ({ x, y: scale === 'log' && y <= 0 ? NaN : y })),
      borderColor: runColour(style),
      borderDash: [...style.dash],
      borderWidth: 1.5,
      fill: false,
    }));
    const values = this.lines.flatMap(({ points }) => points.map(({ y }) => y)).filter((y) => y > 0);
    const greatest = values.reduce((most, y) => Math.max(most, y), 0);
    const least = values.reduce((fewest, y) => Math.min(fewest, y), Infinity);
    const ends = scale === 'log' ? logEnds(least, greatest) : [0, linearEnd(0, greatest)];
    this.#chart.options.scales = {
      x: this.#xAxis(),
      y: { ...this.#yAxis(), min: ends[0] ?? 0, max: ends[1] ?? 1 },
    };
    for (const axis of Object.values(this.#chart.options.scales)) {
      if (axis?.grid) axis.grid.color = palette.grid;
      if (axis?.ticks) {
        axis.ticks.color = palette.text;
        axis.ticks.font = { family: palette.font, size: 11 };
      }
    }
    this.#chart.update('none');
  }

  /** The place under a pixel of the canvas, NaN beside the plot. */
  placeAt(offsetX: number): number {
    const { left, right } = this.#chart.chartArea;
    const x = this.#chart.scales['x'];
    if (x === undefined || offsetX < left - 4 || offsetX > right + 4) return NaN;
    return Math.min(x.max, Math.max(x.min, x.getValueForPixel(offsetX) ?? NaN));
  }

  destroy(): void {
    this.#chart.destroy();
  }

  #config(): ChartConfiguration<'line'> {
    return {
      type: 'line',
      data: { datasets: [] },
      options: {
        parsing: false,
        normalized: true,
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        spanGaps: false,
        events: [],
        layout: { padding: { top: 4, right: 18 } },
        elements: { point: { radius: 0, hitRadius: 0 }, line: { tension: 0, borderJoinStyle: 'round' } },
        scales: { x: this.#xAxis(), y: this.#yAxis() },
      },
      plugins: [
        {
          id: 'overlay',
          // Also while the chart is made, so that it cannot ask this object for it.
          afterDatasetsDraw: (chart) => {
            for (const line of this.lines) this.#drawMarks(chart, line);
            this.#drawLetters(chart);
            this.#drawCursor(chart);
          },
        },
      ],
    };
  }

  #xAxis() {
    const time = this.options.along === 'time';
    return {
      type: 'linear',
      min: 0,
      max: endOf(this.lines) || 1,
      border: { display: false },
      grid: { display: !time, drawTicks: false },
      afterBuildTicks: (axis: Axis) => {
        const places = time
          ? timeTicks(axis.min, axis.max, Math.max(2, axis.width / 62))
          : [0, Math.log10(2), ...Array.from({ length: Math.floor(axis.max) }, (_, i) => i + 1)];
        axis.ticks = places.filter((value) => value <= axis.max).map((value) => ({ value }));
      },
      ticks: {
        autoSkip: false,
        maxRotation: 0,
        padding: 5,
        callback: (value: string | number) =>
          time ? clockLabel(Number(value)) : percentileLabel(Number(value)),
      },
    } as never;
  }

  #yAxis(): object {
    const log = this.options.scale === 'log';
    return {
      type: log ? 'logarithmic' : 'linear',
      border: { display: false },
      grid: { drawTicks: false },
      afterFit: (axis: Axis) => {
        axis.width = AXIS_PX;
      },
      afterBuildTicks: (axis: Axis) => {
        const all = log ? decades(axis.min, axis.max) : linearTicks(axis.max);
        axis.ticks = thinTicks(all, axis.height / 18).map((value) => ({ value }));
      },
      ticks: {
        autoSkip: false,
        padding: 6,
        callback: (value: string | number) =>
          endOf(this.lines) > 0 ? this.options.format(Number(value)) : '',
      },
    };
  }

  /** At the end and every hand's breadth before it. */
  #drawMarks({ ctx, scales }: Chart, { points, style }: OverlayLine): void {
    const { x, y } = scales;
    if (x === undefined || y === undefined) return;
    const { palette } = this.options;
    ctx.save();
    ctx.fillStyle = runColour(style);
    ctx.strokeStyle = palette.panel;
    ctx.lineWidth = 1;
    let next = Infinity;
    for (let i = points.length - 1; i >= 0; i--) {
      const point = points[i];
      if (point === undefined || Number.isNaN(point.y)) continue;
      const px = x.getPixelForValue(point.x);
      if (px > next) continue;
      const py = y.getPixelForValue(point.y);
      ctx.beginPath();
      traceMark(ctx, style.mark, px, py);
      ctx.stroke();
      ctx.fill();
      next = px - MARK_EVERY_PX;
    }
    ctx.restore();
  }

  /** Each line's letter behind its end, and none upon another. */
  #drawLetters({ ctx, chartArea, scales }: Chart): void {
    const { x, y } = scales;
    if (x === undefined || y === undefined) return;
    const letters = this.lines.flatMap(({ points, style, letter }) => {
      const end = points.findLast((point) => !Number.isNaN(point.y));
      if (end === undefined) return [];
      return [{ letter, style, px: x.getPixelForValue(end.x) + 6, py: y.getPixelForValue(end.y) }];
    });
    ctx.save();
    ctx.font = `600 11px ${this.options.palette.font}`;
    ctx.textBaseline = 'middle';
    let lowest = chartArea.top - LETTER_PX;
    for (const { letter, style, px, py } of letters.sort((a, b) => a.py - b.py)) {
      lowest = Math.max(lowest + LETTER_PX, py);
      ctx.fillStyle = runColour(style);
      ctx.fillText(letter, px, lowest);
    }
    ctx.restore();
  }

  #drawCursor({ ctx, chartArea, scales }: Chart): void {
    const { x } = scales;
    if (x === undefined || Number.isNaN(this.cursor)) return;
    const px = Math.round(x.getPixelForValue(this.cursor)) + 0.5;
    ctx.save();
    ctx.strokeStyle = this.options.palette.ink;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(px, chartArea.top);
    ctx.lineTo(px, chartArea.bottom);
    ctx.stroke();
    ctx.restore();
  }
}
