/** A canvas that shows a figure and fills its place, at whatever resolution the screen has. */
import type { Figure } from '#report/figure';
import { layOut, pxToShare, type Drawing } from '#report/shapes';
import type { Palette } from './colours.ts';
import { paint } from './paint.ts';
import type { PlotArea } from './plot-scale.ts';
import { scheduler, type Drawable } from './scheduler.ts';
import { drawWhileSeen } from './seen.ts';

/** Room of one word on an axis, px. */
const TICK_PX = { x: 62, y: 18 };

export interface FigureRoom {
  /** How many words the axes have room for. */
  ticks: { x: number; y: number };
  /** How many points a line may have: two pixels each. */
  stretches: number;
}

export class FigureCanvas implements Drawable {
  visible = true;
  palette: Palette;
  readonly #canvas: HTMLCanvasElement;
  readonly #make: (room: FigureRoom) => Figure;
  readonly #resized: ResizeObserver;
  readonly #unseen: () => void;
  #drawing: Drawing | undefined;

  constructor(canvas: HTMLCanvasElement, palette: Palette, make: (room: FigureRoom) => Figure) {
    this.#canvas = canvas;
    this.palette = palette;
    this.#make = make;
    this.#resized = new ResizeObserver(() => scheduler.request(this));
    this.#resized.observe(canvas.parentElement ?? canvas);
    this.#unseen = drawWhileSeen(canvas, this);
  }

  draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas.parentElement ?? this.#canvas;
    const ctx = this.#canvas.getContext('2d');
    if (ctx === null || width < 80 || height < 40) return;
    const ratio = devicePixelRatio;
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== wide || this.#canvas.height !== high) {
      this.#canvas.width = wide;
      this.#canvas.height = high;
      this.#canvas.style.width = `${width}px`;
      this.#canvas.style.height = `${height}px`;
    }
    const room = {
      ticks: { x: Math.max(2, (width - 66) / TICK_PX.x), y: Math.max(2, (height - 24) / TICK_PX.y) },
      stretches: Math.max(50, Math.round((width - 66) / 2)),
    };
    this.#drawing = layOut(this.#make(room), { width, height, captions: false });
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    paint(ctx, this.#drawing, this.palette);
  }

  /** Where the plot begins and ends on the canvas, px, once it was drawn. */
  get area(): PlotArea | undefined {
    return this.#drawing?.plot;
  }

  /** How far along its axis a place of the canvas lies, 0..1; NaN beside the plot. */
  shareAt(offsetX: number): number {
    return this.#drawing === undefined ? NaN : pxToShare(this.#drawing.plot, offsetX);
  }

  destroy(): void {
    this.#resized.disconnect();
    this.#unseen();
  }
}
