/** How runs are told apart where they are drawn over each other: by colour, by dashes, by mark, and by letter. */
import type { Mark } from './specs.ts';

export interface RunStyle {
  /** The colour token of this number. */
  colour: 1 | 2 | 3 | 4 | 5 | 6;
  /** Lengths of strokes and gaps, CSS pixels; empty for a line without gaps. */
  dash: readonly number[];
  mark: Mark;
}

const RUN_STYLES: readonly RunStyle[] = [
  { colour: 1, dash: [], mark: 'circle' },
  { colour: 2, dash: [7, 3], mark: 'square' },
  { colour: 3, dash: [2, 2], mark: 'triangle' },
  { colour: 4, dash: [8, 3, 2, 3], mark: 'diamond' },
  { colour: 5, dash: [12, 4], mark: 'cross' },
  { colour: 6, dash: [3, 5], mark: 'square' },
];

const PLAIN: RunStyle = { colour: 5, dash: [], mark: 'circle' };

export function runStyle(index: number): RunStyle {
  return RUN_STYLES[index] ?? PLAIN;
}

/** The colour of a style as the page's theme has it now. */
export function runColour({ colour }: RunStyle): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--series-${colour}`).trim();
}
