/**
 * A chart as data, before anybody draws it: page, picture files and report draw the same figure, so that what is taken
 * away is what was seen.
 */

/** The second mark of a series, by which it is told apart without colour. */
export type Mark = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross';

/** Colours by what they stand for; themes.ts says what they are. */
export type Tone =
  'series-1' | 'series-2' | 'series-3' | 'series-4' | 'series-5' | 'ink' | 'ink-faint' | 'grid' | 'panel';

export interface Tick {
  at: number;
  text: string;
}

export interface Axis {
  scale: 'linear' | 'log';
  min: number;
  max: number;
  ticks: readonly Tick[];
  /** What it counts, where the numbers do not say it. */
  title?: string;
}

export interface FigureSeries {
  name: string;
  tone: Tone;
  /** None for an area that stands alone. */
  mark?: Mark;
  axis?: 'left' | 'right';
  /** In units of the axes, x ascending; a y that is NaN ends the line until the next one. */
  xs: readonly number[];
  ys: readonly number[];
  /** Filled down to these, one for each x; or to the axis. */
  fillTo?: readonly number[] | 'axis';
}

/** A line across the plot at one x, with its name on top. */
export interface Marker {
  at: number;
  text: string;
}

export interface Figure {
  title: string;
  x: Axis;
  left: Axis;
  right?: Axis;
  series: readonly FigureSeries[];
  /** Lines with a name, percentiles for instance. */
  markers?: readonly Marker[];
  /** Moments at which something happened, without a name. */
  moments?: readonly number[];
  /** Moments that a person marked: flags, unlike what happened by itself. */
  flags?: readonly number[];
  /** Where something is pointed at now; NaN for nowhere. */
  cursor?: number;
  /** Said in the middle of an empty plot. */
  empty?: string;
}

/** Where a value lies on its axis: 0 at the lower end, 1 at the upper; beyond both outside. */
export function placeOn({ scale, min, max }: Pick<Axis, 'scale' | 'min' | 'max'>, value: number): number {
  if (scale === 'linear') return (value - min) / (max - min);
  if (!(value > 0)) return -Infinity;
  return Math.log(value / min) / Math.log(max / min);
}

/** The value at a place of the axis. */
export function valueAt({ scale, min, max }: Pick<Axis, 'scale' | 'min' | 'max'>, place: number): number {
  return scale === 'linear' ? min + place * (max - min) : min * (max / min) ** place;
}
