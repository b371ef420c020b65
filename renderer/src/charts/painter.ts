/** Who draws a chart's pictures: the page itself, or the worker. One TimePlot does it in both. */
import type { PlotWorker } from './plot-workers.ts';
import { RingSender } from './ring-mirror.ts';
import {
  drawnSeries,
  TimePlot,
  type PlotFrame,
  type PlotSize,
  type PlotView,
  type TimeChartOptions,
} from './time-plot.ts';

export interface Picture {
  view: PlotView;
  /** Where they have changed since the last picture. */
  size: PlotSize | undefined;
  options: TimeChartOptions | undefined;
}

export interface Painter {
  /** Answered by one call of `painted`, at once or later. */
  paint: (picture: Picture) => void;
  close: () => void;
}

/** `elsewhere_ms`: the time that the picture took, where it was not the page's. */
export type Painted = (frame: PlotFrame, elsewhere_ms: number) => void;

export class PagePainter implements Painter {
  readonly #plot: TimePlot;
  readonly #painted: Painted;

  constructor(canvas: HTMLCanvasElement, options: TimeChartOptions, painted: Painted) {
    this.#plot = new TimePlot(canvas, options);
    this.#painted = painted;
  }

  paint({ view, size, options }: Picture): void {
    if (options !== undefined) this.#plot.dress(options);
    if (size !== undefined) this.#plot.resize(size);
    this.#painted(this.#plot.draw(view), 0);
  }

  close(): void {
    this.#plot.destroy();
  }
}

export class WorkerPainter implements Painter {
  readonly #worker: PlotWorker;
  readonly #chart: number;
  #sender: RingSender;
  #keys: string;

  constructor(
    worker: PlotWorker,
    canvas: HTMLCanvasElement,
    options: TimeChartOptions,
    painted: Painted,
    failed: () => void,
  ) {
    this.#worker = worker;
    const keys = keysOf(options);
    this.#keys = keys.join();
    this.#sender = new RingSender(keys);
    this.#chart = worker.open(canvas, options, {
      failed,
      painted: ({ frame, cost_ms, values }) => {
        if (values !== undefined) this.#sender.give(values);
        painted(frame, cost_ms);
      },
    });
  }

  paint({ view, size, options }: Picture): void {
    if (options !== undefined) this.#follow(keysOf(options));
    const { ring, ...rest } = view;
    const rows = this.#sender.take(ring);
    this.#worker.paint({ kind: 'paint', chart: this.#chart, view: rest, rows, size, options });
  }

  close(): void {
    this.#worker.close(this.#chart);
    this.#worker.release();
  }

  /** Other series are drawn: the copy begins anew. */
  #follow(keys: string[]): void {
    if (keys.join() === this.#keys) return;
    this.#keys = keys.join();
    this.#sender = new RingSender(keys);
  }
}

const keysOf = ({ spec }: TimeChartOptions): string[] => drawnSeries(spec).map(({ key }) => key);
