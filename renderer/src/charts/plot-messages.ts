/** What page and drawing worker say to each other. */
import type { Column } from '#contract/series';
import type { PlotFrame, PlotSize, PlotView, TimeChartOptions } from './time-plot.ts';

/** Rows that the worker's copy of a ring lacks. */
export interface Rows {
  /** Where the copy begins anew: its columns and its room. */
  anew?: { columns: Column[]; capacity: number };
  count: number;
  /** Rows may stand for several samples: behind the values follow the least, the greatest, and how many they are. */
  widened: boolean;
  /** Column after column, the oldest row first; may be longer than what it holds. Comes back to be filled again. */
  values: Float64Array<ArrayBuffer>;
}

export interface PaintMessage {
  kind: 'paint';
  chart: number;
  view: Omit<PlotView, 'ring'>;
  /** Undefined while there is no session. */
  rows: Rows | undefined;
  /** Where they have changed. */
  size: PlotSize | undefined;
  options: TimeChartOptions | undefined;
}

export type ToPlotWorker =
  | { kind: 'open'; chart: number; canvas: OffscreenCanvas; options: TimeChartOptions }
  | PaintMessage
  | { kind: 'close'; chart: number };

export type FromPlotWorker =
  | { kind: 'ready' }
  | {
      kind: 'painted';
      chart: number;
      frame: PlotFrame;
      cost_ms: number;
      values: Float64Array<ArrayBuffer> | undefined;
    };
