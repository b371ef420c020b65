/**
 * The one drawing worker that all charts of the page share: started for the first, ended after the last. One that fails
 * is not tried again: from then on charts are drawn in the page.
 */
import type { FromPlotWorker, ToPlotWorker } from './plot-messages.ts';
import type { TimeChartOptions } from './time-plot.ts';

/** A chart, to the worker. */
export interface Customer {
  painted: (answer: Extract<FromPlotWorker, { kind: 'painted' }>) => void;
  /** The worker is no more; what was asked will not be answered. */
  failed: () => void;
}

/** Generous: a machine that is measured to its limits starts a worker slowly, and a late picture beats none. */
const PATIENCE_MS = 10_000;
/** Looks at a worker that owes a picture before it counts as lost. */
const SILENT_TURNS = 4;

export class PlotWorkers {
  readonly #make: () => Worker;
  readonly #linger_ms: number;
  #worker: PlotWorker | undefined;
  #broken = false;

  /**
   * @param make starts a worker; one that throws is one that fails
   * @param linger_ms how long a worker without charts is kept: views are changed to and fro
   */
  constructor(make: () => Worker, linger_ms = 5000) {
    this.#make = make;
    this.#linger_ms = linger_ms;
  }

  /** Whether it is worth asking. */
  get available(): boolean {
    return (
      !this.#broken &&
      typeof Worker === 'function' &&
      typeof HTMLCanvasElement.prototype.transferControlToOffscreen === 'function'
    );
  }

  /** Worker threads that this one has running: none or one. */
  get running(): number {
    return this.#worker === undefined ? 0 : 1;
  }

  /** The worker, as soon as it can draw; undefined where there is none to be had. To be released once for each call. */
  async hire(): Promise<PlotWorker | undefined> {
    if (!this.available) return undefined;
    let worker = this.#worker;
    if (worker === undefined) {
      const end = (failed: boolean): void => {
        if (this.#worker === worker) this.#worker = undefined;
        this.#broken ||= failed;
      };
      try {
        worker = new PlotWorker(this.#make(), this.#linger_ms, end);
      } catch {
        this.#broken = true;
        return undefined;
      }
      this.#worker = worker;
    }
    worker.hold();
    return (await worker.ready) ? worker : undefined;
  }
}

export class PlotWorker {
  readonly ready: Promise<boolean>;
  readonly #worker: Worker;
  readonly #linger_ms: number;
  readonly #ended: (failed: boolean) => void;
  readonly #customers = new Map<number, Customer>();
  /** Charts whose picture is under way. */
  readonly #owing = new Set<number>();
  readonly #watch: ReturnType<typeof setInterval>;
  #patience: ReturnType<typeof setTimeout> | undefined;
  #setReady: (ready: boolean) => void = () => undefined;
  #holders = 0;
  #charts = 0;
  #over = false;
  /** Turns of the watch without any answer. */
  #silent = 0;

  constructor(worker: Worker, linger_ms: number, ended: (failed: boolean) => void) {
    this.#worker = worker;
    this.#linger_ms = linger_ms;
    this.#ended = ended;
    this.ready = new Promise((resolve) => (this.#setReady = resolve));
    worker.addEventListener('message', ({ data }: MessageEvent<FromPlotWorker>) => this.#hear(data));
    for (const event of ['error', 'messageerror']) worker.addEventListener(event, () => this.#end(true));
    this.#patience = setTimeout(() => this.#end(true), PATIENCE_MS);
    this.#watch = setInterval(() => this.#look(), PATIENCE_MS / SILENT_TURNS);
  }

  hold(): void {
    this.#holders++;
  }

  release(): void {
    if (--this.#holders > 0) return;
    setTimeout(() => {
      if (this.#holders === 0) this.#end(false);
    }, this.#linger_ms);
  }

  /** Hands the canvas over for good; answers the chart's number. */
  open(canvas: HTMLCanvasElement, options: TimeChartOptions, customer: Customer): number {
    const chart = ++this.#charts;
    this.#customers.set(chart, customer);
    const offscreen = canvas.transferControlToOffscreen();
    this.#post({ kind: 'open', chart, canvas: offscreen, options }, [offscreen]);
    return chart;
  }

  paint(message: Extract<ToPlotWorker, { kind: 'paint' }>): void {
    this.#owing.add(message.chart);
    this.#post(message, message.rows === undefined ? [] : [message.rows.values.buffer]);
  }

  close(chart: number): void {
    this.#customers.delete(chart);
    this.#owing.delete(chart);
    if (!this.#over) this.#post({ kind: 'close', chart }, []);
  }

  #post(message: ToPlotWorker, transfer: Transferable[]): void {
    this.#worker.postMessage(message, transfer);
  }

  #hear(message: FromPlotWorker): void {
    this.#silent = 0;
    if (message.kind === 'ready') {
      clearTimeout(this.#patience);
      this.#setReady(true);
      return;
    }
    this.#owing.delete(message.chart);
    this.#customers.get(message.chart)?.painted(message);
  }

  /** Several turns, because after a sleep of the whole machine the watch may be awake before the worker is. */
  #look(): void {
    if (this.#owing.size === 0) this.#silent = 0;
    else if (++this.#silent >= SILENT_TURNS) this.#end(true);
  }

  #end(failed: boolean): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#patience);
    clearInterval(this.#watch);
    this.#worker.terminate();
    this.#setReady(false);
    this.#ended(failed);
    if (failed) for (const customer of [...this.#customers.values()]) customer.failed();
  }
}

/** The page's own. */
export const plotWorkers = new PlotWorkers(
  () => new Worker(new URL('./plot-worker.ts', import.meta.url), { type: 'module', name: 'charts' }),
);
