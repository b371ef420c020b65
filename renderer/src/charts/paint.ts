/** A laid-out figure painted on a canvas: what the SVG of the same figure shows. */
import type { Tone } from '#report/figure';
import type { Drawing } from '#report/shapes';
import { FONT_PX } from '#report/themes';
import type { Palette } from './colours.ts';

/** Paints the drawing at 0, 0 in CSS pixels; the caller has scaled the context and cleared it. */
export function paint(ctx: CanvasRenderingContext2D, { shapes, plot }: Drawing, palette: Palette): void {
  ctx.lineJoin = ctx.lineCap = 'round';
  for (const shape of shapes) {
    if (shape.kind === 'text') {
      ctx.fillStyle = colourOf(shape.tone, palette);
      ctx.font = shape.bold === true ? `600 13px ${palette.font}` : `${FONT_PX}px ${palette.font}`;
      ctx.textAlign = shape.anchor === 'middle' ? 'center' : shape.anchor;
      ctx.fillText(shape.text, shape.x, shape.y);
      continue;
    }
    ctx.save();
    if (shape.clipped === true) {
      ctx.beginPath();
      ctx.rect(plot.left, plot.top, plot.right - plot.left, plot.bottom - plot.top);
      ctx.clip();
    }
    const path = new Path2D(shape.d);
    if (shape.stroke !== undefined) {
      ctx.strokeStyle = colourOf(shape.stroke, palette);
      // Half of an edge lies under the filling that follows it.
      ctx.lineWidth = (shape.width ?? 1) * (shape.fill === undefined ? 1 : 2);
      ctx.setLineDash([...(shape.dash ?? [])]);
      ctx.stroke(path);
    }
    if (shape.fill !== undefined) {
      ctx.globalAlpha = shape.opacity ?? 1;
      ctx.fillStyle = colourOf(shape.fill, palette);
      ctx.fill(path);
    }
    ctx.restore();
  }
}

function colourOf(tone: Tone, palette: Palette): string {
  switch (tone) {
    case 'ink':
      return palette.ink;
    case 'ink-faint':
      return palette.text;
    case 'grid':
      return palette.grid;
    case 'panel':
      return palette.panel;
    default:
      return palette.series[Number(tone.slice(-1)) - 1] ?? palette.ink;
  }
}
