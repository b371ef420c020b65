/** The strip that shows a whole session at once: its throughput as an area, and the flags of its marks. */
import type { SeriesRing } from '#contract/series';
import type { Palette } from './colours.ts';
import { PointPool, thin } from './min-max.ts';
import type { Drawable } from './scheduler.ts';
import type { TimeSpan } from './time-window.ts';

export interface OverviewView {
  ring: SeriesRing | undefined;
  room: TimeSpan;
  flags: readonly number[];
  palette: Palette;
}

export class OverviewPicture implements Drawable {
  visible = true;
  view: OverviewView | undefined;
  readonly #canvas: HTMLCanvasElement;
  readonly #pool = new PointPool();

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
  }

  draw(): void {
    const ctx = this.#canvas.getContext('2d');
    if (ctx === null || this.view === undefined) return;
    const { ring, room, flags, palette } = this.view;
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    this.#fit(width, height);
    ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    const placeOf = (time_s: number): number => ((time_s - room.from) / (room.to - room.from)) * width;
    if (ring !== undefined) this.#drawArea(ctx, ring, room, placeOf, height, palette);
    ctx.fillStyle = palette.accent;
    for (const time_s of flags) {
      ctx.fillRect(Math.round(placeOf(time_s)), 0, 1, height);
      ctx.fillRect(Math.round(placeOf(time_s)), 0, 4, 4);
    }
  }

  #drawArea(
    ctx: CanvasRenderingContext2D,
    ring: SeriesRing,
    room: TimeSpan,
    placeOf: (time_s: number) => number,
    height: number,
    palette: Palette,
  ): void {
    const greatest = thin(ring, ring.indexOf('messages_per_s'), room.from, room.to, this.#pool);
    const { used } = this.#pool;
    const [first, last] = [used[0], used.at(-1)];
    if (first === undefined || last === undefined || !(greatest > 0)) return;
    ctx.beginPath();
    ctx.moveTo(placeOf(first.x), height);
    for (const { x, y } of used) ctx.lineTo(placeOf(x), height - (y / greatest) * (height - 2));
    ctx.lineTo(placeOf(last.x), height);
    ctx.closePath();
    ctx.fillStyle = palette.series[0] ?? palette.ink;
    ctx.globalAlpha = 0.45;
    ctx.fill();
    ctx.globalAlpha = 1;
  }

  #fit(width: number, height: number): void {
    const [wide, high] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
    if (this.#canvas.width !== wide) this.#canvas.width = wide;
    if (this.#canvas.height !== high) this.#canvas.height = high;
  }
}
