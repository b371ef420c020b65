/** Flags at the moments that a person marked: found in any number of marks, drawn at most so many to a chart. */
import type { Chart, Plugin } from 'chart.js';
import type { Mark } from '#contract/marks';
import type { Marked } from './marks.ts';
import type { TimeSpan } from './time-window.ts';

/** Flags closer than this share of the picture are one: a few pixels, in which two could not be told apart. */
const LEAST_SHARE = 1 / 150;

/**
 * Times, s, of the flags in a span, of marks in the order of time. Looks from flag to flag and not at every mark, so that
 * a hundred thousand of them cost no more than a hundred.
 */
export function flagTimes(marks: readonly Mark[], { from, to }: TimeSpan): number[] {
  const least_s = (to - from) * LEAST_SHARE;
  const times: number[] = [];
  for (let at = firstFrom(marks, from); at < marks.length;) {
    const time_s = (marks[at]?.elapsed_ns ?? 0) / 1e9;
    if (time_s > to) break;
    times.push(time_s);
    at = Math.max(at + 1, firstFrom(marks, time_s + least_s));
  }
  return times;
}

/** The mark nearest to a moment, if it is no further away than a flag is wide. */
export function markNear(marks: readonly Mark[], time_s: number, { from, to }: TimeSpan): Mark | undefined {
  const after = firstFrom(marks, time_s);
  let best: Mark | undefined;
  let least = (to - from) * LEAST_SHARE;
  for (const mark of [marks[after - 1], marks[after]]) {
    const away = mark === undefined ? Infinity : Math.abs(mark.elapsed_ns / 1e9 - time_s);
    if (!(away <= least)) continue;
    best = mark;
    least = away;
  }
  return best;
}

/** Index of the first mark at or after a time. */
export function firstFrom(marks: readonly Mark[], time_s: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.elapsed_ns ?? 0) / 1e9 < time_s) low = middle + 1;
    else high = middle;
  }
  return low;
}

const CLOTH_PX = { width: 7, height: 6 };

export function flags(state: Pick<Marked, 'flags' | 'palette'>): Plugin<'trace'> {
  return { id: 'flags', afterDatasetsDraw: (chart) => drawFlags(chart, state) };
}

/** A pole as high as the plot with its cloth on top: unlike the dashed lines of notes and the bare one of the cursor. */
function drawFlags(
  chart: Chart<'trace'>,
  { flags: times, palette }: Pick<Marked, 'flags' | 'palette'>,
): void {
  const { ctx, chartArea } = chart;
  const x = chart.scales['x'];
  if (x === undefined || times.length === 0) return;
  ctx.save();
  ctx.fillStyle = palette.accent;
  for (const time_s of times) {
    const px = Math.round(x.getPixelForValue(time_s));
    if (px < chartArea.left || px > chartArea.right) continue;
    ctx.fillRect(px, chartArea.top, 1, chartArea.bottom - chartArea.top);
    ctx.fillRect(px, chartArea.top, CLOTH_PX.width, CLOTH_PX.height);
  }
  ctx.restore();
}
