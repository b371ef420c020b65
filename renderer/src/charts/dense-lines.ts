/** The plug-in that shows dense lines: written pixel by pixel, then laid over the grid as one picture. */
import type { Chart, Plugin } from 'chart.js';
import type { Marked } from './marks.ts';
import { colourWord, Raster } from './raster.ts';

/** Room above and below the plot, CSS pixels: a line on its very edge is not cut in half. */
const MARGIN_PX = 2;

export function denseLines(state: Marked): Plugin<'trace'> {
  const raster = new Raster();
  let layer: OffscreenCanvas | undefined;
  let image: ImageData | undefined;
  return {
    id: 'denseLines',
    beforeDatasetsDraw(chart) {
      const dense = state.lines.filter(({ trace }) => trace.dense);
      const x = chart.scales['x'];
      if (dense.length === 0 || x === undefined) return;
      const origin = originOf(chart);
      const ratio = origin.ratio;
      raster.clear(
        Math.ceil(chart.chartArea.width * ratio) + 1,
        Math.ceil((chart.chartArea.height + 2 * MARGIN_PX) * ratio),
      );
      if (image?.data !== raster.bytes) {
        layer = new OffscreenCanvas(raster.width, raster.height);
        image = new ImageData(raster.bytes, raster.width, raster.height);
      }
      // The first series lies on top, as Chart.js has it.
      for (const { trace, axis, colour } of dense.toReversed()) {
        const y = chart.scales[axis];
        if (y !== undefined) trace.fill(raster, x, y, origin, colourWord(normal(chart, colour)));
      }
      layer?.getContext('2d')?.putImageData(image, 0, 0);
      const { ctx } = chart;
      ctx.save();
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      if (layer !== undefined) ctx.drawImage(layer, origin.x, origin.y);
      ctx.restore();
    },
  };
}

function originOf({ chartArea, currentDevicePixelRatio: ratio }: Chart<'trace'>) {
  const top = Math.max(0, Math.floor((chartArea.top - MARGIN_PX) * ratio));
  return { x: Math.floor(chartArea.left * ratio), y: top, ratio };
}

/** A colour of the style sheet in the one form that a canvas gives opaque colours back in: `#rrggbb`. */
function normal({ ctx }: Chart<'trace'>, colour: string): string {
  ctx.fillStyle = colour;
  return String(ctx.fillStyle);
}
