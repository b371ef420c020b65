/** The worker in which charts are drawn: the same TimePlot as in the page, on canvases that the page has handed over. */
import type { FromPlotWorker, PaintMessage, ToPlotWorker } from './plot-messages.ts';
import { RingReceiver } from './ring-mirror.ts';
import { TimePlot } from './time-plot.ts';

/** The page's types know no worker from the inside. */
const page = globalThis as unknown as {
  onmessage: (event: { data: ToPlotWorker }) => void;
  postMessage: (message: FromPlotWorker, transfer?: Transferable[]) => void;
};

const charts = new Map<number, { plot: TimePlot; mirror: RingReceiver }>();

// An exception is left to the page: it hears of it as an error of the worker, and draws by itself from then on.
page.onmessage = ({ data: message }) => {
  switch (message.kind) {
    case 'open':
      charts.set(message.chart, {
        plot: new TimePlot(message.canvas, message.options),
        mirror: new RingReceiver(),
      });
      break;
    case 'paint':
      paint(message);
      break;
    case 'close':
      charts.get(message.chart)?.plot.destroy();
      charts.delete(message.chart);
      break;
  }
};

function paint({ chart, view, rows, size, options }: PaintMessage): void {
  const began = performance.now();
  const open = charts.get(chart);
  if (open === undefined) return;
  const { plot, mirror } = open;
  mirror.take(rows);
  if (options !== undefined) plot.dress(options);
  if (size !== undefined) plot.resize(size);
  const frame = plot.draw({ ...view, ring: mirror.ring });
  const values = rows?.values;
  page.postMessage(
    { kind: 'painted', chart, frame, cost_ms: performance.now() - began, values },
    values === undefined ? [] : [values.buffer],
  );
}

page.postMessage({ kind: 'ready' });
