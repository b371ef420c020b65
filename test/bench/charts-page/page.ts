/** Four charts fed thirty times a second, and what that costs the page. Driven by charts.js through `window.bench`. */
import { watch, type Contestant } from './contestant.ts';
import { ours } from './ours.ts';
import { Samples, type Load } from './samples.ts';
import { uplot } from './uplot.ts';

const REDRAWS_A_SECOND = 30;
/** Rest between two beacons, so that they fall on no rhythm. */
const PAUSE_MS = 300;
const LOST_MS = 3000;
/** How far from the right end of a chart a beacon is looked for, CSS pixels. */
const LOOK_PX = 28;

export type Name = 'worker' | 'page' | 'uplot';

const makers: Record<Name, (load: Load) => Contestant> = {
  worker: (load) => ours(load, false),
  page: (load) => ours(load, true),
  uplot,
};

export interface Figures {
  /** Time of the page's thread for each redraw of all charts, ms. */
  script_ms: number[];
  /** Tasks of more than 50 ms, ms. */
  long_ms: number[];
  redraws: number;
  due: number;
}

class Bench {
  #load: Load = { charts: 0, series: 0, rows: 0, rows_a_redraw: 0 };
  #contestant: Contestant | undefined;
  #samples = new Samples(1);
  #row = new Float64Array(0);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #litAt = NaN;

  /** Fills the charts and begins to feed them. */
  open(name: Name, load: Load): void {
    this.#load = load;
    this.#samples = new Samples(load.series);
    this.#row = new Float64Array(load.series + 1);
    this.#contestant = makers[name](load);
    for (let i = 0; i < load.rows; i += load.rows_a_redraw) this.#batch();
    let due = performance.now();
    const feed = watch.time(() => {
      this.#batch();
      this.#contestant?.show();
    });
    const turn = (): void => {
      if (this.#samples.lit && Number.isNaN(this.#litAt)) this.#litAt = performance.now();
      feed();
      due = Math.max(due + 1000 / REDRAWS_A_SECOND, performance.now() - 100);
      this.#timer = setTimeout(turn, due - performance.now());
    };
    turn();
  }

  async run(duration_ms: number): Promise<Figures> {
    const long_ms: number[] = [];
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) long_ms.push(duration);
    });
    observer.observe({ type: 'longtask' });
    watch.reset();
    const began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, duration_ms));
    const due = Math.round(((performance.now() - began) / 1000) * REDRAWS_A_SECOND);
    const script_ms = [...watch.redraws];
    for (const { duration } of observer.takeRecords()) long_ms.push(duration);
    observer.disconnect();
    return { script_ms, long_ms, redraws: script_ms.length, due };
  }

  /** From the arrival of a sample that stands out until its pixels are in the canvas, in ms; Infinity where never seen. */
  async beacons(count: number): Promise<number[]> {
    const seen: number[] = [];
    for (let i = 0; i < count; i++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS + 100 * Math.random()));
      // Where the one before is still to be seen, this one could not be told from it.
      if (await this.#dark()) seen.push(await this.#beacon());
    }
    return seen;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#contestant?.close();
  }

  #batch(): void {
    for (let i = 0; i < this.#load.rows_a_redraw; i++) {
      this.#samples.next(this.#row);
      this.#contestant?.add(this.#row);
    }
  }

  /** Until the beacon before has left the place that is looked at; a page that draws too slowly for that is not waited for. */
  async #dark(): Promise<boolean> {
    const shown = this.#look();
    const asked = performance.now();
    while (shown() && performance.now() - asked < 2 * LOST_MS)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return !shown();
  }

  #look(): () => boolean {
    const canvas = this.#contestant?.canvas(this.#load.charts - 1);
    const look = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    if (canvas === undefined || look === null) throw new Error('nothing to look at');
    return () => shows(canvas, look);
  }

  #beacon(): Promise<number> {
    const shown = this.#look();
    this.#litAt = NaN;
    this.#samples.light();
    const asked = performance.now();
    return new Promise((resolve) => {
      const poll = (): void => {
        const waited = performance.now() - this.#litAt;
        if (!Number.isNaN(waited) && shown()) resolve(performance.now() - this.#litAt);
        else if (performance.now() - asked > LOST_MS) resolve(Infinity);
        else requestAnimationFrame(poll);
      };
      poll();
    });
  }
}

/** Whether the beacon's colour stands in the middle of the right end of a chart. */
function shows(canvas: HTMLCanvasElement, look: OffscreenCanvasRenderingContext2D): boolean {
  const scale = canvas.width / canvas.clientWidth;
  const width = Math.round(LOOK_PX * scale);
  const height = Math.round(canvas.height * 0.15);
  look.canvas.width = width;
  look.canvas.height = height;
  // Beside what the eye sees, this costs the page a little: beacons have a time of their own.
  look.drawImage(canvas, canvas.width - width, canvas.height * 0.6, width, height, 0, 0, width, height);
  const { data } = look.getImageData(0, 0, width, height);
  for (let i = 0; i < data.length; i += 4) {
    const [r = 0, g = 0, b = 0, a = 0] = [data[i], data[i + 1], data[i + 2], data[i + 3]];
    if (a > 100 && r > 180 && b > 180 && g < 110) return true;
  }
  return false;
}

declare global {
  interface Window {
    bench: Bench;
  }
}

watch.attach();
window.bench = new Bench();
