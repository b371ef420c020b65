/**
 * A chart over time as the page sees it: what to show, when, how large, and the crosshair. The picture itself is painted in
 * a worker where that can be had (painter.ts). The crosshair is an element above the canvas: it follows the pointer
 * without waiting for a picture, and costs none.
 */
import { PagePainter, WorkerPainter, type Painter } from './painter.ts';
import type { PlotArea } from './plot-scale.ts';
import { plotWorkers, type PlotWorkers } from './plot-workers.ts';
import { scheduler, type Drawable } from './scheduler.ts';
import { drawWhileSeen } from './seen.ts';
import type { PlotFrame, PlotSize, PlotView, TimeChartOptions } from './time-plot.ts';

export type { TimeChartOptions } from './time-plot.ts';

/** What a chart shows. A ring may grow after it was set: whoever fills it asks the scheduler for a new picture. */
export interface View extends PlotView {
  /** Where the crosshair stands, s; NaN for none. */
  cursor_s: number;
}

export const NOTHING_TO_SEE: View = {
  ring: undefined,
  span: { from: 0, to: 10 },
  cursor_s: NaN,
  moments: [],
  until_s: Infinity,
  flags: [],
};

export class TimeChart implements Drawable {
  visible = true;
  #view: View = NOTHING_TO_SEE;
  #canvas: HTMLCanvasElement;
  #painter: Painter | undefined;
  #frame: PlotFrame | undefined;
  #options: TimeChartOptions;
  #size: PlotSize = { width: 0, height: 0, ratio: 1 };
  /** What the next picture has to tell its painter. */
  #fresh = { options: false, size: true };
  /** What was painted last: without a change there is nothing to paint. */
  #painted: { view: View; written: number } | undefined;
  #busy = false;
  #destroyed = false;
  readonly #crosshair: HTMLElement;
  readonly #unseen: () => void;
  readonly #sized: ResizeObserver;
  #density: MediaQueryList | undefined;

  /** @param canvas the only child to be drawn on, of an element that it fills */
  constructor(canvas: HTMLCanvasElement, options: TimeChartOptions, workers: PlotWorkers = plotWorkers) {
    this.#canvas = canvas;
    this.#options = options;
    const host = canvas.parentElement ?? canvas;
    this.#crosshair = crosshair(host, options);
    this.#unseen = drawWhileSeen(host, this);
    this.#sized = new ResizeObserver(() => this.#measure(host));
    this.#sized.observe(host);
    this.#watchDensity(host);
    if (workers.available) void this.#hire(workers);
    else this.#paintHere();
  }

  get view(): View {
    return this.#view;
  }

  set view(view: View) {
    this.#view = view;
    this.#placeCrosshair();
  }

  /** A picture is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Colours, language or series have changed. */
  dress(options: TimeChartOptions): void {
    if (options === this.#options) return;
    this.#options = options;
    this.#fresh.options = true;
    this.#crosshair.style.background = options.palette.ink;
    scheduler.request(this);
  }

  /** Has the view painted, if it is not what was painted last. */
  draw(): void {
    const { ring } = this.#view;
    if (this.#painter === undefined || this.#busy || this.#size.width < 1 || this.#size.height < 1) return;
    if (!this.#changed()) return;
    const { options, size } = this.#fresh;
    this.#fresh = { options: false, size: false };
    if (size) {
      // A worker can only say how many pixels the canvas has, not how large they are.
      const { style } = this.#canvas;
      style.width = `${this.#size.width}px`;
      style.height = `${this.#size.height}px`;
    }
    this.#painted = { view: this.#view, written: ring?.written ?? 0 };
    this.#busy = true;
    const { cursor_s: _, ...view } = this.#view;
    this.#painter.paint({
      view,
      size: size ? this.#size : undefined,
      options: options ? this.#options : undefined,
    });
  }

  /** Where the plot begins and ends on the canvas, px, once it was painted. */
  get area(): PlotArea | undefined {
    return this.#frame;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#unseen();
    this.#sized.disconnect();
    this.#density = undefined;
    scheduler.forget(this);
    this.#painter?.close();
    this.#painter = undefined;
    this.#crosshair.remove();
  }

  async #hire(workers: PlotWorkers): Promise<void> {
    const worker = await workers.hire();
    if (worker === undefined) {
      if (!this.#destroyed) this.#paintHere();
    } else if (this.#destroyed) worker.release();
    else {
      const painted = (frame: PlotFrame, elsewhere_ms: number): void => this.#shown(frame, elsewhere_ms);
      this.#begin(new WorkerPainter(worker, this.#canvas, this.#options, painted, () => this.#replace()));
    }
  }

  #paintHere(): void {
    this.#begin(new PagePainter(this.#canvas, this.#options, (frame) => this.#shown(frame, 0)));
  }

  #begin(painter: Painter): void {
    this.#painter = painter;
    this.#fresh = { options: false, size: true };
    this.#busy = false;
    scheduler.request(this);
  }

  /** The worker has failed. A canvas that was handed over never comes back: another one takes its place. */
  #replace(): void {
    if (this.#destroyed) return;
    const canvas = this.#canvas.cloneNode() as HTMLCanvasElement;
    this.#canvas.replaceWith(canvas);
    this.#canvas = canvas;
    this.#paintHere();
  }

  #shown(frame: PlotFrame, elsewhere_ms: number): void {
    if (this.#destroyed) return;
    this.#busy = false;
    this.#frame = frame;
    this.#placeCrosshair();
    scheduler.charge(elsewhere_ms);
  }

  #changed(): boolean {
    const { options, size } = this.#fresh;
    if (options || size || this.#painted === undefined) return true;
    const { view, written } = this.#painted;
    return (this.#view.ring?.written ?? 0) !== written || !sameView(this.#view, view);
  }

  #measure(host: Element): void {
    const { clientWidth: width, clientHeight: height } = host;
    const ratio = globalThis.devicePixelRatio;
    const now = this.#size;
    if (width === now.width && height === now.height && ratio === now.ratio) return;
    this.#size = { width, height, ratio };
    this.#fresh.size = true;
    scheduler.request(this);
  }

  /** The page was zoomed, or moved to a screen of another density: the size in CSS pixels may stay what it was. */
  #watchDensity(host: Element): void {
    const query = matchMedia(`(resolution: ${globalThis.devicePixelRatio}dppx)`);
    this.#density = query;
    query.addEventListener(
      'change',
      () => {
        if (this.#density !== query) return;
        this.#measure(host);
        this.#watchDensity(host);
      },
      { once: true },
    );
  }

  #placeCrosshair(): void {
    const { style } = this.#crosshair;
    const { cursor_s } = this.#view;
    const frame = this.#frame;
    const x = frame === undefined ? NaN : placeOf(cursor_s, frame);
    // NaN lies on neither side.
    if (frame === undefined || !(x >= frame.left - 0.5 && x <= frame.right + 1)) {
      style.display = 'none';
      return;
    }
    style.display = '';
    style.height = `${frame.bottom - frame.top}px`;
    style.transform = `translate(${Math.round(x)}px, ${frame.top}px)`;
  }
}

function placeOf(time_s: number, { left, right, span }: PlotFrame): number {
  return left + ((time_s - span.from) / (span.to - span.from)) * (right - left);
}

function crosshair(host: Element, { palette }: TimeChartOptions): HTMLElement {
  const line = document.createElement('div');
  line.dataset['crosshair'] = '';
  Object.assign(line.style, {
    ...{ position: 'absolute', top: '0', left: '0', width: '1px', display: 'none' },
    ...{ background: palette.ink, pointerEvents: 'none' },
  });
  host.append(line);
  return line;
}

/** Whether two views look the same, the crosshair apart. */
function sameView({ cursor_s: _a, ...one }: View, { cursor_s: _b, ...other }: View): boolean {
  const keys = Object.keys(one) as (keyof typeof one)[];
  return keys.length === Object.keys(other).length && keys.every((key) => alike(one[key], other[key]));
}

/** Equal, or lists or plain objects of equals; a ring is only itself. */
function alike(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (!isPlain(one) || !isPlain(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => alike(one[key], other[key]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === Array.prototype;
}
