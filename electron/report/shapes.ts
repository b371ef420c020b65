/** A figure laid out: lines, areas and words at their places in pixels, for whatever draws them. */
import { placeOn, type Axis, type Figure, type FigureSeries, type Mark, type Tone } from './figure.ts';
import { markPath } from './mark-path.ts';
import { textWidth } from './text-width.ts';

export type Shape =
  | {
      kind: 'path';
      /** SVG path data, which a canvas reads as well (Path2D). */
      d: string;
      stroke?: Tone;
      fill?: Tone;
      /** Of the stroke, px. */
      width?: number;
      dash?: readonly number[];
      opacity?: number;
      /** Only what lies within the plot is drawn. */
      clipped?: boolean;
    }
  | {
      kind: 'text';
      x: number;
      y: number;
      text: string;
      tone: Tone;
      anchor: 'start' | 'middle' | 'end';
      bold?: boolean;
    };

export interface Rect {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Drawing {
  width: number;
  height: number;
  plot: Rect;
  shapes: readonly Shape[];
}

export interface Size {
  width: number;
  height: number;
  /** With title, legend and names of the axes; without, the page says all that around the plot. */
  captions: boolean;
}

/** Wide enough for the longest label, so that the plots of a column stand exactly above one another. */
const AXIS_PX = 58;
const LINE_PX = 18;
const MARK_EVERY_PX = 90;
/** Names on top of lines keep so far from each other. */
const MARKER_GAP_PX = 4;

export function layOut(figure: Figure, { width, height, captions }: Size): Drawing {
  const shapes: Shape[] = [];
  const legend = captions ? legendOf(figure, width, 12 + LINE_PX) : { shapes: [], bottom: 0 };
  if (captions) {
    shapes.push({
      kind: 'text',
      x: 12,
      y: 22,
      text: figure.title,
      tone: 'ink',
      anchor: 'start',
      bold: true,
    });
    shapes.push(...legend.shapes);
  }
  const named = (figure.markers?.length ?? 0) > 0;
  const plot: Rect = {
    left: AXIS_PX,
    top: (captions ? legend.bottom + 8 : 4) + (named ? 14 : 0),
    right: width - (captions ? 20 : 8),
    bottom: height - (captions && figure.x.title !== undefined ? 38 : captions ? 26 : 20),
  };
  shapes.push(...axes(figure, plot, width, captions));
  for (const series of figure.series)
    if (series.fillTo !== undefined) shapes.push(area(figure, series, plot));
  shapes.push(...moments(figure, plot), ...markers(figure, plot));
  for (const series of figure.series) shapes.push(line(figure, series, plot));
  for (const series of figure.series) shapes.push(...marksOf(figure, series, plot));
  shapes.push(...flags(figure, plot));
  if (figure.cursor !== undefined && within(figure.x, figure.cursor)) {
    shapes.push(vertical(xOf(figure.x, plot, figure.cursor), plot, 'ink'));
  }
  if (figure.empty !== undefined) {
    const middle = { x: (plot.left + plot.right) / 2, y: (plot.top + plot.bottom) / 2 + 4 };
    shapes.push({ kind: 'text', ...middle, text: figure.empty, tone: 'ink-faint', anchor: 'middle' });
  }
  return { width, height, plot, shapes };
}

/** The x under a place of the drawing, or NaN beside the plot. */
export function pxToShare(plot: Rect, px: number): number {
  return px < plot.left - 4 || px > plot.right + 4
    ? NaN
    : Math.min(1, Math.max(0, (px - plot.left) / (plot.right - plot.left)));
}

const within = (axis: Axis, value: number): boolean => {
  const place = placeOn(axis, value);
  return place >= -1e-9 && place <= 1 + 1e-9;
};

function xOf(axis: Axis, plot: Rect, value: number): number {
  return plot.left + placeOn(axis, value) * (plot.right - plot.left);
}

function yOf(axis: Axis, plot: Rect, value: number): number {
  // Below nought of a log axis is nothing; its lower end stands for it.
  const place = Math.max(-0.05, Math.min(1.05, placeOn(axis, value)));
  return plot.bottom - place * (plot.bottom - plot.top);
}

/** One digit after the point: a tenth of a pixel cannot be seen, and the text stays the same everywhere. */
const n = (value: number): string => String(Math.round(value * 10) / 10);

/** On the middle of a pixel, where a thin line is sharp. */
const sharp = (value: number): number => Math.round(value) + 0.5;

function vertical(x: number, plot: Rect, stroke: Tone, dash?: readonly number[]): Shape {
  const d = `M${n(sharp(x))} ${n(plot.top)}V${n(plot.bottom)}`;
  return { kind: 'path', d, stroke, width: 1, ...(dash === undefined ? {} : { dash }) };
}

/** A pole as high as the plot with its cloth on top. */
function flags({ x, flags: times = [] }: Figure, plot: Rect): Shape[] {
  return times
    .filter((time) => within(x, time))
    .flatMap((time) => {
      const px = xOf(x, plot, time);
      const d = `M${n(px)} ${n(plot.top)}h7v6h-7Z`;
      return [vertical(px, plot, 'ink'), { kind: 'path', d, fill: 'ink' }];
    });
}

function axes({ x, left, right }: Figure, plot: Rect, width: number, captions: boolean): Shape[] {
  const shapes: Shape[] = [];
  const word = (px: number, py: number, text: string, anchor: 'start' | 'middle' | 'end'): void => {
    shapes.push({ kind: 'text', x: px, y: py, text, tone: 'ink-faint', anchor });
  };
  for (const { at, text } of left.ticks) {
    const y = yOf(left, plot, at);
    const d = `M${n(plot.left)} ${n(sharp(y))}H${n(plot.right)}`;
    shapes.push({ kind: 'path', d, stroke: 'grid', width: 1 });
    word(plot.left - 6, y + 4, text, 'end');
  }
  // The right axis writes into the plot, so that all plots are equally wide.
  for (const { at, text } of right?.ticks ?? [])
    word(plot.right - 2, yOf(right ?? left, plot, at) - 3, text, 'end');
  let free = -Infinity;
  for (const { at, text } of x.ticks) {
    const half = textWidth(text) / 2;
    // A word at the end of the axis would be cut off there.
    const px = Math.min(Math.max(xOf(x, plot, at), plot.left), width - 2 - half);
    if (px - half < free) continue;
    free = px + half + 6;
    word(px, plot.bottom + 15, text, 'middle');
  }
  if (captions && x.title !== undefined)
    word((plot.left + plot.right) / 2, plot.bottom + 31, x.title, 'middle');
  return shapes;
}

/** Of a log axis that begins below everything drawn, its lower end. */
const axisOf = (figure: Figure, series: FigureSeries): Axis =>
  series.axis === 'right' ? (figure.right ?? figure.left) : figure.left;

/** The stretches of a series between its gaps, as indices [first, last]. */
function stretches({ ys }: FigureSeries): [number, number][] {
  const found: [number, number][] = [];
  for (let i = 0; i < ys.length; i++) {
    if (Number.isNaN(ys[i])) continue;
    const before = found.at(-1);
    if (before !== undefined && before[1] === i - 1) before[1] = i;
    else found.push([i, i]);
  }
  return found;
}

function through(figure: Figure, series: FigureSeries, plot: Rect, from: number, to: number): string[] {
  const axis = axisOf(figure, series);
  const points: string[] = [];
  for (let i = from; i <= to; i++) {
    points.push(`${n(xOf(figure.x, plot, series.xs[i] ?? 0))} ${n(yOf(axis, plot, series.ys[i] ?? 0))}`);
  }
  return points;
}

function line(figure: Figure, series: FigureSeries, plot: Rect): Shape {
  const d = stretches(series)
    .map(([from, to]) => {
      const points = through(figure, series, plot, from, to);
      // A stretch of one sample is a line of no length, which round ends make a dot.
      return `M${points.join('L')}${points.length === 1 ? 'h0' : ''}`;
    })
    .join('');
  return { kind: 'path', d, stroke: series.tone, width: 1.5, clipped: true };
}

function area(figure: Figure, series: FigureSeries, plot: Rect): Shape {
  const axis = axisOf(figure, series);
  const base = (i: number): number =>
    typeof series.fillTo === 'object' ? yOf(axis, plot, series.fillTo[i] ?? 0) : plot.bottom;
  const d = stretches(series)
    .map(([from, to]) => {
      const back: string[] = [];
      for (let i = to; i >= from; i--) {
        back.push(`${n(xOf(figure.x, plot, series.xs[i] ?? 0))} ${n(base(i))}`);
      }
      return `M${[...through(figure, series, plot, from, to), ...back].join('L')}Z`;
    })
    .join('');
  return { kind: 'path', d, fill: series.tone, opacity: 0.35, clipped: true };
}

/** At the last point, and every hand's breadth before it: enough to tell lines apart in black and white. */
function marksOf(figure: Figure, series: FigureSeries, plot: Rect): Shape[] {
  const { mark, xs, ys } = series;
  if (mark === undefined) return [];
  const axis = axisOf(figure, series);
  let next = Infinity;
  const d: string[] = [];
  for (let i = xs.length - 1; i >= 0; i--) {
    const [x = NaN, y = NaN] = [xs[i], ys[i]];
    if (Number.isNaN(y) || !within(figure.x, x) || !within(axis, y)) continue;
    const px = xOf(figure.x, plot, x);
    if (px > next) continue;
    next = px - MARK_EVERY_PX;
    d.push(markPath(mark, px, yOf(axis, plot, y)));
  }
  return d.length === 0
    ? []
    : [{ kind: 'path', d: d.join(''), fill: series.tone, stroke: 'panel', width: 1 }];
}

function moments({ x, moments: times = [] }: Figure, plot: Rect): Shape[] {
  const seen = new Set<number>();
  const shapes: Shape[] = [];
  for (const time of times) {
    const px = Math.round(xOf(x, plot, time));
    // Of many in one pixel one is seen.
    if (!within(x, time) || seen.has(px)) continue;
    seen.add(px);
    shapes.push(vertical(px, plot, 'ink-faint', [2, 3]));
  }
  return shapes;
}

/** Lines with their names above the plot; a name that has no room is left out, its line stays. */
function markers({ x, markers: all = [] }: Figure, plot: Rect): Shape[] {
  const shapes: Shape[] = [];
  let free = -Infinity;
  for (const { at, text } of all) {
    if (!within(x, at)) continue;
    const px = xOf(x, plot, at);
    shapes.push(vertical(px, plot, 'ink-faint', [4, 3]));
    const half = textWidth(text) / 2;
    if (px - half < free) continue;
    free = px + half + MARKER_GAP_PX;
    shapes.push({ kind: 'text', x: px, y: plot.top - 4, text, tone: 'ink', anchor: 'middle' });
  }
  return shapes;
}

/** Each series with its mark and name, in as many rows as it takes. */
function legendOf({ series }: Figure, width: number, top: number): { shapes: Shape[]; bottom: number } {
  const shapes: Shape[] = [];
  let x = 12;
  let y = top + LINE_PX / 2;
  for (const { name, tone, mark, fillTo } of series) {
    const needed = 26 + textWidth(name);
    if (x > 12 && x + needed > width - 12) {
      x = 12;
      y += LINE_PX;
    }
    const d = `M${n(x)} ${n(y)}h18`;
    if (fillTo !== undefined) {
      shapes.push({ kind: 'path', d: `M${n(x)} ${n(y - 5)}h18v10h-18z`, fill: tone, opacity: 0.35 });
    }
    shapes.push({ kind: 'path', d, stroke: tone, width: 1.5 });
    if (mark !== undefined) shapes.push(keyMark(mark, x + 9, y, tone));
    shapes.push({ kind: 'text', x: x + 23, y: y + 4, text: name, tone: 'ink', anchor: 'start' });
    x += needed + 16;
  }
  return { shapes, bottom: y + LINE_PX / 2 };
}

function keyMark(mark: Mark, x: number, y: number, fill: Tone): Shape {
  return { kind: 'path', d: markPath(mark, x, y), fill };
}
