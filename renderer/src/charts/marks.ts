/** The plug-in that draws what Chart.js does not: a mark a series, moments of the session. */
import type { Chart, Plugin } from 'chart.js';
import type { Palette } from './colours.ts';
import type { Mark } from './specs.ts';
import type { Trace } from './trace.ts';

export interface Marked {
  palette: Palette;
  lines: readonly { trace: Trace; mark: Mark; colour: string; axis: 'y' | 'right' }[];
  /** Times of notes. */
  moments: readonly number[];
  /** Times of what a person marked. */
  flags: readonly number[];
}

const MARK_EVERY_PX = 90;
const RADIUS = 3;

export function marks(state: Marked): Plugin<'trace'> {
  return {
    id: 'marks',
    beforeDatasetsDraw: (chart) => drawMoments(chart, state),
    afterDatasetsDraw(chart) {
      for (const line of state.lines) drawMarks(chart, line, state.palette);
    },
  };
}

/** At the newest point, and every hand's breadth before it: enough to tell lines apart in black and white. */
function drawMarks(chart: Chart<'trace'>, line: Marked['lines'][number], palette: Palette): void {
  const { ctx } = chart;
  const x = chart.scales['x'];
  const y = chart.scales[line.axis];
  if (x === undefined || y === undefined) return;
  ctx.save();
  ctx.fillStyle = line.colour;
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = 1;
  line.trace.eachMark(x, y, MARK_EVERY_PX, (px, py) => {
    ctx.beginPath();
    traceMark(ctx, line.mark, px, py);
    ctx.stroke();
    ctx.fill();
  });
  ctx.restore();
}

export function traceMark(
  ctx: Pick<Path2D, 'arc' | 'rect' | 'moveTo' | 'lineTo' | 'closePath'>,
  mark: Mark,
  x: number,
  y: number,
): void {
  const r = RADIUS;
  switch (mark) {
    case 'circle':
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      break;
    case 'square':
      ctx.rect(x - r, y - r, 2 * r, 2 * r);
      break;
    case 'triangle':
      polygon(ctx, [x, y - r - 1, x + r + 1, y + r, x - r - 1, y + r]);
      break;
    case 'diamond':
      polygon(ctx, [x, y - r - 1, x + r + 1, y, x, y + r + 1, x - r - 1, y]);
      break;
    case 'cross':
      ctx.rect(x - r - 1, y - 1, 2 * r + 2, 2);
      ctx.rect(x - 1, y - r - 1, 2, 2 * r + 2);
      break;
  }
}

function polygon(ctx: Pick<Path2D, 'moveTo' | 'lineTo' | 'closePath'>, corners: readonly number[]): void {
  for (let i = 0; i + 1 < corners.length; i += 2) {
    const [x = 0, y = 0] = corners.slice(i, i + 2);
    if (i === 0) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  }
  ctx.closePath();
}

function drawMoments(chart: Chart<'trace'>, { moments, palette }: Marked): void {
  const { ctx, chartArea } = chart;
  const x = chart.scales['x'];
  if (x === undefined || moments.length === 0) return;
  ctx.save();
  ctx.strokeStyle = palette.text;
  ctx.fillStyle = palette.text;
  ctx.lineWidth = 1;
  ctx.setLineDash([2, 3]);
  for (const moment of moments) {
    const px = Math.round(x.getPixelForValue(moment)) + 0.5;
    if (px < chartArea.left || px > chartArea.right) continue;
    vertical(chart, px);
    ctx.beginPath();
    polygon(ctx, [px, chartArea.top - 1, px + 5, chartArea.top + 2, px, chartArea.top + 5]);
    ctx.fill();
  }
  ctx.restore();
}

function vertical({ ctx, chartArea }: Chart<'trace'>, px: number): void {
  ctx.beginPath();
  ctx.moveTo(px, chartArea.top);
  ctx.lineTo(px, chartArea.bottom);
  ctx.stroke();
}
