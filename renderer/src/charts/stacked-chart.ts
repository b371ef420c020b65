/** Parts of a whole over time, stacked. Used as TimeChart is; drawn by what also writes the picture files. */
import { timeFigure } from '#report/time-figure';
import { reportWords } from '#report/words';
import { language } from '../text/language.svelte.ts';
import { FigureCanvas } from './figure-canvas.ts';
import type { Drawable } from './scheduler.ts';
import type { TimeChart, TimeChartOptions, View } from './time-chart.ts';

/** What a card needs of a chart over time, whoever draws it. */
export type ChartOverTime = Pick<TimeChart, keyof Drawable | 'view' | 'dress' | 'timeAt' | 'destroy'>;

export class StackedChart implements ChartOverTime {
  view: View = { ring: undefined, span: { from: 0, to: 10 }, cursor_s: NaN, moments: [] };
  #options: TimeChartOptions;
  readonly #canvas: FigureCanvas;

  constructor(canvas: HTMLCanvasElement, options: TimeChartOptions) {
    this.#options = options;
    this.#canvas = new FigureCanvas(canvas, options.palette, ({ ticks, stretches }) => {
      const { ring, span, cursor_s, moments } = this.view;
      const { locale } = language;
      const { empty: _saidByTheCard, ...figure } = timeFigure(this.#options.spec, ring, {
        ...{ title: '', span, words: reportWords[locale], locale, stretches, ticks, moments },
        cursor: cursor_s,
      });
      return figure;
    });
  }

  get visible(): boolean {
    return this.#canvas.visible;
  }

  set visible(visible: boolean) {
    this.#canvas.visible = visible;
  }

  dress(options: TimeChartOptions): void {
    this.#options = options;
    this.#canvas.palette = options.palette;
  }

  draw(): void {
    this.#canvas.draw();
  }

  /** The time under a place of the canvas, NaN beside the plot. */
  timeAt(offsetX: number): number {
    const { from, to } = this.view.span;
    return from + this.#canvas.shareAt(offsetX) * (to - from);
  }

  destroy(): void {
    this.#canvas.destroy();
  }
}
