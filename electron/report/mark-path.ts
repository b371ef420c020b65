/** The marks of the series as SVG path data around a point. */
import type { Mark } from './figure.ts';

const OUTLINES: Record<Mark, string> = {
  circle: 'm-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z',
  square: 'm-3 -3h6v6h-6z',
  triangle: 'm0 -4l4 7h-8z',
  diamond: 'm0 -4l4 4l-4 4l-4 -4z',
  cross: 'm-1 -4h2v3h3v2h-3v3h-2v-3h-3v-2h3z',
};

export function markPath(mark: Mark, x: number, y: number): string {
  const round = (value: number): number => Math.round(value * 10) / 10;
  return `M${round(x)} ${round(y)}${OUTLINES[mark]}`;
}
