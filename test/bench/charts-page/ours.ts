/** The app's own charts, in the worker or in the page. */
import { SeriesRing, type Column } from '#contract/series';
import { PlotWorkers, plotWorkers } from '../../../renderer/src/charts/plot-workers.ts';
import { scheduler } from '../../../renderer/src/charts/scheduler.ts';
import type { ChartSpec, Mark } from '../../../renderer/src/charts/specs.ts';
import { NOTHING_TO_SEE, TimeChart } from '../../../renderer/src/charts/time-chart.ts';
import { HEIGHT, places, WIDTH, watch, type Contestant } from './contestant.ts';
import { COLOURS, colourOf, STEP_S, type Load } from './samples.ts';

const MARKS: readonly Mark[] = ['circle', 'square', 'triangle', 'diamond', 'cross'];

function specOf({ series }: Load): ChartSpec {
  return {
    id: 'bytes',
    scale: 'linear',
    series: Array.from({ length: series }, (_, i) => ({
      key: `v${i}`,
      name: 'bytes_per_s',
      unit: 'per_second',
      colour: (colourOf(i, series) + 1) as 1 | 2 | 3 | 4 | 5,
      mark: MARKS[i % MARKS.length] ?? 'circle',
    })),
  };
}

export function ours(load: Load, inPage: boolean): Contestant {
  const columns: Column[] = [
    { key: 'elapsed_s', unit: 's' },
    ...specOf(load).series.map(({ key, unit }) => ({ key, unit })),
  ];
  const ring = new SeriesRing(columns, load.rows);
  const workers = inPage
    ? new PlotWorkers(() => {
        throw new Error('in the page');
      })
    : plotWorkers;
  const palette = {
    ...{ series: COLOURS, grid: '#e6eaed', text: '#68727c', ink: '#171b1f', panel: '#ffffff' },
    accent: '#0072b2',
    font: 'sans-serif',
  };
  const hosts = places(load.charts);
  const charts = hosts.map((host) => {
    const canvas = document.createElement('canvas');
    canvas.style.position = 'absolute';
    host.append(canvas);
    return new TimeChart(canvas, { spec: specOf(load), palette, locale: 'en' }, workers);
  });
  const [first] = charts;
  if (first !== undefined) {
    const draw = first.draw.bind(first);
    first.draw = () => {
      watch.redraw();
      draw();
    };
  }
  return {
    add: (row) => ring.push(row),
    show: () => {
      const to = ring.at(0, ring.length - 1);
      for (const chart of charts) {
        chart.view = { ...NOTHING_TO_SEE, ring, span: { from: to - (load.rows - 1) * STEP_S, to } };
        scheduler.request(chart);
      }
    },
    canvas: (chart) => {
      const canvas = hosts[chart]?.querySelector('canvas');
      if (!canvas) throw new Error(`no chart ${chart} of ${WIDTH} x ${HEIGHT}`);
      return canvas;
    },
    close: () => {
      for (const chart of charts) chart.destroy();
    },
  };
}
