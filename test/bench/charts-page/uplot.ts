/** uPlot on the same samples, as somebody would use it who wants it fast: typed arrays, fixed scales, no legend, no points. */
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { HEIGHT, places, WIDTH, watch, type Contestant } from './contestant.ts';
import { COLOURS, colourOf, STEP_S, type Load } from './samples.ts';

export function uplot(load: Load): Contestant {
  const { series, rows } = load;
  const columns = Array.from({ length: series + 1 }, () => new Float64Array(rows));
  columns[0]?.forEach((_, i, times) => (times[i] = (i - rows) * STEP_S));
  const fresh = Array.from({ length: series + 1 }, () => new Float64Array(load.rows_a_redraw));
  let pending = 0;
  let asked = false;
  const charts = places(load.charts).map(
    (place) =>
      new UPlot(
        {
          width: WIDTH,
          height: HEIGHT,
          cursor: { show: false },
          legend: { show: false },
          scales: { x: { time: false }, y: { auto: false, range: () => [0, 125] } },
          series: [
            {},
            ...Array.from({ length: series }, (_, i) => ({
              stroke: COLOURS[colourOf(i, series)] ?? '#000',
              width: 1.5,
              points: { show: false },
            })),
          ],
        },
        columns as unknown as UPlot.AlignedData,
        place,
      ),
  );
  const draw = (): void => {
    asked = false;
    watch.redraw();
    for (const chart of charts) chart.setData(columns as unknown as UPlot.AlignedData);
  };
  return {
    add: (row) => {
      fresh.forEach((values, column) => (values[pending] = row[column] ?? NaN));
      if (++pending < load.rows_a_redraw) return;
      columns.forEach((values, column) => {
        values.copyWithin(0, pending);
        values.set(fresh[column] ?? [], rows - pending);
      });
      pending = 0;
    },
    show: () => {
      if (!asked) requestAnimationFrame(draw);
      asked = true;
    },
    canvas: (chart) => {
      const canvas = charts[chart]?.ctx.canvas;
      if (canvas === undefined) throw new Error(`no chart ${chart}`);
      return canvas;
    },
    close: () => {
      for (const chart of charts) chart.destroy();
    },
  };
}
