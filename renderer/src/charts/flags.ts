/** Flags at the moments that a person marked: found in any number of marks, drawn at most so many to a chart. */
import type { Chart, Plugin } from 'chart.js';
import type { Mark } from '#contract/marks';
import { firstFrom, LEAST_SHARE } from '#report/flag-times';
import type { Marked } from './marks.ts';
import type { TimeSpan } from './time-window.ts';

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
