/** Wheel and pointer on the plot of a chart: what they ask of the view of time. */
import type { PlotScale } from './plot-scale.ts';
import type { TimeView } from './time-view.svelte.ts';
import type { TimeSpan } from './time-window.ts';

/** A shorter drag is a click. */
const LEAST_DRAG_PX = 4;
/** Turned by this much, the wheel halves or doubles; a notch is 100 or 120. */
const DOUBLING_PX = 220;
const LARGEST_TURN_PX = 300;
const LINE_PX = 16;

/** What a turn of the wheel asks for: another length, or a move by so many pixels. */
export type WheelChange = { factor: number } | { move_px: number };

type Turn = Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'shiftKey'>;

/** Sideways, and with Shift, the wheel moves; else it looks closer (away from the person) or wider. */
export function wheelChange({ deltaX, deltaY, deltaMode, shiftKey }: Turn): WheelChange | undefined {
  const unit = deltaMode === 0 ? 1 : deltaMode === 1 ? LINE_PX : LARGEST_TURN_PX;
  const sideways = Math.abs(deltaX) > Math.abs(deltaY) ? deltaX : shiftKey ? deltaY : 0;
  if (sideways !== 0) return { move_px: sideways * unit };
  if (deltaY === 0) return undefined;
  const turn = Math.max(-LARGEST_TURN_PX, Math.min(LARGEST_TURN_PX, deltaY * unit));
  return { factor: 2 ** (turn / DOUBLING_PX) };
}

interface Drag {
  x_px: number;
  time_s: number;
  scale: PlotScale;
  /** Where the view was: moved by the drag, or undefined where a stretch is dragged out. */
  moved: TimeSpan | undefined;
  begun: boolean;
}

export class PlotGestures {
  readonly #view: TimeView;
  readonly #plot: HTMLElement;
  readonly #scale: () => PlotScale | undefined;
  #drag: Drag | undefined;

  constructor(plot: HTMLElement, view: TimeView, scale: () => PlotScale | undefined) {
    this.#plot = plot;
    this.#view = view;
    this.#scale = scale;
  }

  /** Listens until the answer is called. */
  listen(): () => void {
    const ended = new AbortController();
    const { signal } = ended;
    this.#plot.addEventListener('wheel', (event) => this.#turn(event), { signal, passive: false });
    this.#plot.addEventListener('pointerdown', (event) => this.#press(event), { signal });
    this.#plot.addEventListener('pointermove', (event) => this.#drawOut(event), { signal });
    this.#plot.addEventListener('pointerup', (event) => this.#release(event), { signal });
    this.#plot.addEventListener('pointercancel', () => this.cancel(), { signal });
    this.#plot.addEventListener('dblclick', () => this.#view.follow(), { signal });
    return () => {
      this.cancel();
      ended.abort();
    };
  }

  /** Takes a drag back that is not over; false where there is none. */
  cancel(): boolean {
    const drag = this.#drag;
    this.#drag = undefined;
    this.#view.band = undefined;
    if (drag?.moved !== undefined && drag.begun) this.#view.show(drag.moved.from, drag.moved.to);
    return drag !== undefined;
  }

  #placeOf(event: MouseEvent): number {
    return event.clientX - this.#plot.getBoundingClientRect().left;
  }

  #turn(event: WheelEvent): void {
    const scale = this.#scale();
    const change = wheelChange(event);
    if (scale === undefined || change === undefined) return;
    const changed =
      'factor' in change
        ? this.#view.zoom(change.factor, scale.timeOf(this.#placeOf(event)))
        : this.#view.move(change.move_px * scale.seconds_per_px);
    // Where nothing is left to zoom, the wheel is the page's again. Ctrl would make the whole page larger.
    if (changed || event.ctrlKey) event.preventDefault();
  }

  #press(event: PointerEvent): void {
    const scale = this.#scale();
    if (event.button !== 0 || scale === undefined) return;
    this.#plot.setPointerCapture(event.pointerId);
    const x_px = this.#placeOf(event);
    const moved = event.shiftKey ? this.#view.span : undefined;
    this.#drag = { x_px, time_s: scale.timeOf(x_px), scale, moved, begun: false };
  }

  #drawOut(event: PointerEvent): void {
    const drag = this.#drag;
    if (drag === undefined) return;
    const x_px = this.#placeOf(event);
    if (!drag.begun) {
      if (Math.abs(x_px - drag.x_px) < LEAST_DRAG_PX) return;
      drag.begun = true;
      // The picture stands still under the pointer, and so does the moment at which it was pressed.
      this.#view.freeze();
      drag.scale = this.#scale() ?? drag.scale;
      if (drag.moved !== undefined) drag.moved = this.#view.span;
      drag.time_s = drag.scale.timeOf(drag.x_px);
    }
    if (drag.moved === undefined) {
      const { from, to } = this.#view.span;
      const inView = (time_s: number): number => Math.min(to, Math.max(from, time_s));
      const [one, other] = [inView(drag.time_s), inView(drag.scale.timeOf(x_px))];
      this.#view.band = { from: Math.min(one, other), to: Math.max(one, other) };
    } else {
      const by_s = (drag.x_px - x_px) * drag.scale.seconds_per_px;
      this.#view.show(drag.moved.from + by_s, drag.moved.to + by_s);
    }
  }

  #release(event: PointerEvent): void {
    const drag = this.#drag;
    if (drag === undefined) return;
    this.#drawOut(event);
    const { band } = this.#view;
    this.#drag = undefined;
    this.#view.band = undefined;
    if (!drag.begun) this.#view.pin(drag.time_s);
    else if (drag.moved === undefined && band !== undefined) this.#view.show(band.from, band.to);
  }
}
