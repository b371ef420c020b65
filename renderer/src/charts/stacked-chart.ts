/** Parts of a whole over time, stacked. Used as TimeChart is; drawn by what also writes the picture files. */
import { timeFigure } from '#report/time-figure';
import { reportWords } from '#report/words';
import { language } from '../text/language.svelte.ts';
import { FigureCanvas } from './figure-canvas.ts';
import type { PlotArea } from './plot-scale.ts';
import { NOTHING_TO_SEE, type TimeChart, type TimeChartOptions, type View } from './time-chart.ts';

/** What a card needs of a chart over time, whoever draws it. */
export type ChartOverTime = Pick<TimeChart, 'visible' | 'draw' | 'view' | 'area' | 'dress' | 'destroy'>;

export class StackedChart implements ChartOverTime {
  view: View = NOTHING_TO_SEE;
  #options: TimeChartOptions;
  readonly #canvas: FigureCanvas;

  constructor(canvas: HTMLCanvasElement, options: TimeChartOptions) {
    this.#options = options;
    this.#canvas = new FigureCanvas(canvas, options.palette, ({ ticks, stretches }) => {
      const { ring, span, cursor_s, moments, until_s, flags } = this.view;
      const { locale } = language;
      const { empty: _saidByTheCard, ...figure } = timeFigure(this.#options.spec, ring, {
        ...{ title: '', span, words: reportWords[locale], locale, stretches, ticks, moments },
        ...{ cursor: cursor_s, until_s, flags },
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

  get area(): PlotArea | undefined {
    return this.#canvas.area;
  }

  destroy(): void {
    this.#canvas.destroy();
  }
}
