/** Places and times of a plot, both ways. */
import type { TimeSpan } from './time-window.ts';

/** Where a plot begins and ends on its canvas, px. */
export interface PlotArea {
  left: number;
  right: number;
}

export interface PlotScale {
  /** Also of places beside the plot. */
  timeOf(x_px: number): number;
  placeOf(time_s: number): number;
  seconds_per_px: number;
}

/** How far beside the plot a pointer is still taken to be on it. */
const EDGE_PX = 4;

/** Of the span that is asked for, not of the one drawn last: a wheel turns faster than charts are drawn. */
export function plotScale(area: PlotArea | undefined, span: TimeSpan): PlotScale | undefined {
  if (area === undefined || !(area.right > area.left)) return undefined;
  const seconds_per_px = (span.to - span.from) / (area.right - area.left);
  return {
    seconds_per_px,
    timeOf: (x_px) => span.from + (x_px - area.left) * seconds_per_px,
    placeOf: (time_s) => area.left + (time_s - span.from) / seconds_per_px,
  };
}

/** The time under a place, NaN beside the plot. */
export function timeAt(area: PlotArea | undefined, span: TimeSpan, x_px: number): number {
  const onPlot = area !== undefined && x_px >= area.left - EDGE_PX && x_px <= area.right + EDGE_PX;
  return onPlot ? (plotScale(area, span)?.timeOf(x_px) ?? NaN) : NaN;
}
