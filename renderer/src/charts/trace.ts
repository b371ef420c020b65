/**
 * A line of a chart as Chart.js draws it for us: a kind of dataset of its own, whose samples never become Chart.js's points.
 * Few samples are a line from one to the next; where there are more of them than pixels, each stretch of a pixel is filled
 * from its least to its greatest value, as an oscilloscope does it (raster.ts).
 */
import { DatasetController, Element, type ChartComponent, type Scale } from 'chart.js';
import type { SeriesRing } from '#contract/series';
import { Columns, columnWidth } from './columns.ts';
import { PointPool, rowAt, thin } from './min-max.ts';
import type { Raster } from './raster.ts';
import type { TimeSpan } from './time-window.ts';

declare module 'chart.js' {
  interface ChartTypeRegistry {
    trace: {
      chartOptions: object;
      datasetOptions: { trace: Trace; colour: string };
      defaultDataPoint: never;
      metaExtensions: object;
      parsedDataType: never;
      scales: 'linear' | 'logarithmic';
    };
  }
}

const LINE_PX = 1.5;
/** Samples a stretch from which on a line is shown as stretches. */
const DENSE = 2;

export class Trace {
  readonly #points = new PointPool();
  readonly #columns = new Columns();
  #dense = false;
  /** Of the values within the span; NaN where there are none. */
  greatest = NaN;
  leastAboveNought = NaN;

  /** @param pixels of the screen across the plot */
  take(ring: SeriesRing | undefined, key: string, span: TimeSpan, pixels: number): void {
    this.#dense = false;
    this.greatest = this.leastAboveNought = NaN;
    if (ring === undefined) {
      this.#points.clear();
      this.#points.close();
      return;
    }
    const time = ring.indexOf('elapsed_s');
    const column = ring.indexOf(key);
    const most = Math.max(50, pixels);
    this.#dense = rowAt(ring, time, span.to) - rowAt(ring, time, span.from) > DENSE * most;
    if (this.#dense) {
      this.#columns.take(ring, column, span, columnWidth(span.to - span.from, most));
      this.greatest = this.#columns.greatest;
      this.leastAboveNought = this.#columns.leastAboveNought;
      return;
    }
    this.greatest = thin(ring, column, span.from, span.to, this.#points, most);
    let least = NaN;
    for (const { y } of this.#points.used) if (y > 0 && !(y >= least)) least = y;
    this.leastAboveNought = least;
  }

  /** Whether there are more samples than pixels: then `fill` shows them, and `draw` nothing. */
  get dense(): boolean {
    return this.#dense;
  }

  draw(ctx: CanvasRenderingContext2D, x: Scale, y: Scale, colour: string): void {
    if (this.#dense) return;
    ctx.strokeStyle = colour;
    ctx.lineWidth = LINE_PX;
    ctx.lineJoin = 'round';
    ctx.beginPath();
    for (const point of this.#points.used)
      ctx.lineTo(x.getPixelForValue(point.x), y.getPixelForValue(point.y));
    ctx.stroke();
  }

  /**
   * Writes the stretches of a dense line.
   * @param origin where the raster's first pixel lies, and `ratio` of its pixels to a CSS pixel
   * @param colour as `colourWord` makes it
   */
  fill(
    raster: Raster,
    x: Scale,
    y: Scale,
    origin: { x: number; y: number; ratio: number },
    colour: number,
  ): void {
    const columns = this.#columns;
    const { ratio } = origin;
    const toX = straight(x, ratio, origin.x);
    const toY = straight(y, ratio, origin.y);
    const half = (LINE_PX / 2) * ratio;
    let before = NaN;
    let right = 0;
    let topBefore = 0;
    let bottomBefore = 0;
    for (let n = columns.first; n <= columns.last; n++) {
      const high = columns.high(n);
      if (Number.isNaN(high)) continue;
      const top = toY.offset + toY.slope * toY.of(high) - half;
      const bottom = toY.offset + toY.slope * toY.of(columns.low(n)) + half;
      let left = Math.round(toX.offset + toX.slope * n * columns.width_s);
      let from = top;
      let to = bottom;
      if (before === n - 1) {
        // Touches the one before, so that the line has no holes.
        from = Math.min(from, bottomBefore - 2 * half);
        to = Math.max(to, topBefore + 2 * half);
        left = right;
      } else if (!Number.isNaN(before)) {
        // Nothing was measured in between: a plain line to here.
        bridge(raster, right, left, topBefore + bottomBefore, top + bottom, half, colour);
      }
      // However narrow, each has a pixel: a single spike is seen.
      right = Math.max(left + 1, Math.round(toX.offset + toX.slope * (n + 1) * columns.width_s));
      raster.bar(left, right, from, to, colour);
      // The next one may share the pixel of one that had to be widened.
      if (toX.slope * columns.width_s < 1)
        right = Math.round(toX.offset + toX.slope * (n + 1) * columns.width_s);
      before = n;
      topBefore = top;
      bottomBefore = bottom;
    }
  }

  /** Calls `mark` with places on the line, CSS pixels: the newest, and each that is `every` further to the left. */
  eachMark(x: Scale, y: Scale, every: number, mark: (x: number, y: number) => void): void {
    let next = Infinity;
    const offer = (px: number, value: number): void => {
      if (px < x.left || px > x.right + 1 || px > next || Number.isNaN(value)) return;
      next = px - every;
      mark(px, y.getPixelForValue(value));
    };
    if (!this.#dense) {
      const { used } = this.#points;
      for (let i = used.length - 1; i >= 0; i--) {
        const point = used[i];
        if (point !== undefined) offer(x.getPixelForValue(point.x), point.y);
      }
      return;
    }
    const columns = this.#columns;
    for (let n = columns.last; n >= columns.first; n--) {
      offer(x.getPixelForValue((n + 0.5) * columns.width_s), (columns.low(n) + columns.high(n)) / 2);
    }
  }
}

/** A scale as the straight line that it is, in device pixels: asked a thousand times a picture, it would answer slowly. */
function straight(scale: Scale, ratio: number, origin: number) {
  // A logarithmic axis has no place for nought: far below it will do.
  const of =
    scale.type === 'logarithmic'
      ? (value: number): number => (value > 0 ? Math.log10(value) : -30)
      : (value: number): number => value;
  const [from, to] = [scale.getPixelForValue(scale.min), scale.getPixelForValue(scale.max)];
  const slope = ((to - from) / (of(scale.max) - of(scale.min))) * ratio;
  return { of, slope, offset: from * ratio - slope * of(scale.min) - origin };
}

/** A line across a gap, as bars of a pixel; `from2` and `to2` are twice the heights of its ends. */
function bridge(
  raster: Raster,
  left: number,
  right: number,
  from2: number,
  to2: number,
  half: number,
  colour: number,
): void {
  const slope = (to2 - from2) / 2 / Math.max(1, right - left);
  const reach = half + Math.abs(slope) / 2;
  const begin = Math.max(0, left);
  for (let x = begin; x < Math.min(right, raster.width); x++) {
    const middle = from2 / 2 + slope * (x + 0.5 - left);
    raster.bar(x, x + 1, middle - reach, middle + reach, colour);
  }
}

/** Chart.js wants to know what a sample is; there will never be one. */
class TraceSample extends Element {
  static readonly id = 'traceSample';
}

/** Draws a trace where Chart.js draws datasets; there is nothing to parse, to animate or to find under the pointer. */
class TraceController extends DatasetController<'trace'> {
  static readonly id = 'trace';
  static readonly defaults = { dataElementType: 'traceSample' };

  override update(): void {
    // What is drawn lies in the trace.
  }

  override draw(): void {
    const { trace, colour } = this.getDataset() as unknown as { trace: Trace; colour: string };
    const { xScale, yScale } = this.getMeta();
    if (xScale && yScale) trace.draw(this.chart.ctx, xScale, yScale, colour);
  }
}

/** To be registered with Chart.js. */
export const traceParts = [TraceController, TraceSample] as unknown as ChartComponent[];
