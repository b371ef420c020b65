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
import { clockLabel, decades, linearEnd, linearTicks, logEnds, thinTicks, timeTicks } from './scales.ts';
import type { Drawable } from './scheduler.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, LogarithmicScale);

/** As wide as those of the charts of one run. */
const AXIS_PX = 58;
const MARK_EVERY_PX = 96;

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
        layout: { padding: { top: 4, right: 12 } },
        elements: { point: { radius: 0, hitRadius: 0 }, line: { tension: 0, borderJoinStyle: 'round' } },
        scales: { x: this.#xAxis(), y: this.#yAxis() },
      },
      plugins: [
        {
          id: 'overlay',
          afterDatasetsDraw: () => {
            for (const line of this.lines) this.#drawMarks(line);
            this.#drawCursor();
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
        padding: time ? 2 : 4,
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

  /** Every hand's breadth, and at its end with its letter. */
  #drawMarks({ points, style, letter }: OverlayLine): void {
    const { ctx, chartArea, scales } = this.#chart;
    const { x, y } = scales;
    if (x === undefined || y === undefined) return;
    const { palette } = this.options;
    ctx.save();
    ctx.fillStyle = runColour(style);
    ctx.strokeStyle = palette.panel;
    ctx.lineWidth = 1;
    ctx.font = `600 11px ${palette.font}`;
    ctx.textAlign = 'center';
    // Not one above the other where lines run together.
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
      if (next === Infinity) ctx.fillText(letter, px + 8, Math.max(chartArea.top + 8, py - 6));
      next = px - MARK_EVERY_PX;
    }
    ctx.restore();
  }

  #drawCursor(): void {
    const { ctx, chartArea, scales } = this.#chart;
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
