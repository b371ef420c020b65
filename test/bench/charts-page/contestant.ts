/** Who draws, and the time that it takes from the page. */

export interface Contestant {
  /** A row has come; it belongs to every chart. */
  add: (row: Float64Array) => void;
  /** The rows of this redraw are all there: draw now, or as soon as one does. */
  show: () => void;
  /** Where a chart is seen. */
  canvas: (chart: number) => HTMLCanvasElement;
  close: () => void;
}

export const WIDTH = 600;
export const HEIGHT = 200;

/** An element for each chart, of the same size for everybody. */
export function places(charts: number): HTMLElement[] {
  const main = document.querySelector('main');
  if (main === null) throw new Error('no place for charts');
  main.replaceChildren();
  Object.assign(main.style, { display: 'grid', gridTemplateColumns: `${WIDTH}px ${WIDTH}px`, gap: '8px' });
  return Array.from({ length: charts }, () => {
    const place = document.createElement('div');
    Object.assign(place.style, { position: 'relative', width: `${WIDTH}px`, height: `${HEIGHT}px` });
    main.append(place);
    return place;
  });
}

/**
 * Time of the page's thread that goes into drawing, redraw by redraw: every animation frame, timer and worker's message, with
 * the microtasks that they leave behind.
 */
export class Stopwatch {
  /** ms of each redraw. */
  readonly redraws: number[] = [];
  #spent = 0;
  #began = false;

  /** A redraw of all charts begins: what was spent since the one before was that one's. */
  redraw(): void {
    if (this.#began) this.redraws.push(this.#spent);
    this.#began = true;
    this.#spent = 0;
  }

  reset(): void {
    this.redraws.length = 0;
    this.#began = false;
  }

  time<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
    return (...args) => {
      const began = performance.now();
      run(...args);
      // Asked for after all that the run itself has asked for.
      queueMicrotask(() => (this.#spent += performance.now() - began));
    };
  }

  /** From here on all that the page runs in animation frames and for workers is timed. */
  attach(): void {
    const frame = globalThis.requestAnimationFrame.bind(globalThis);
    globalThis.requestAnimationFrame = (run) => frame(this.time(run));
    const listen = Worker.prototype.addEventListener;
    const time = (run: EventListener): EventListener => this.time(run);
    Worker.prototype.addEventListener = function (
      this: Worker,
      type: string,
      run: EventListenerOrEventListenerObject | null,
      options?: boolean | AddEventListenerOptions,
    ) {
      listen.call(this, type, typeof run === 'function' ? time(run) : (run as EventListenerObject), options);
    };
  }
}

export const watch = new Stopwatch();
