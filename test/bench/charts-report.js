/** What the charts cost, as Markdown and JSON. */
import { percentile } from './charts-goals.js';
import { NONE, table } from './markdown.js';
import { goalTable } from './report.js';

/**
 * @typedef {import('./charts.js').Cell} Cell
 * @typedef {import('./charts.js').Long} Long
 * @typedef {import('./goals.js').Verdict} Verdict
 * @typedef {{ date: string; system: string; cpu: string; cpus: number; repeat: number; duration_ms: number; stopped: boolean }} Circumstances
 */

const NAMES = { worker: 'IPC Scope, in the worker', page: 'IPC Scope, in the page', uplot: 'uPlot' };

/** @param {number} value */
const ms = (value) => (Number.isFinite(value) ? value.toFixed(value < 10 ? 2 : 1) : NONE);
/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(2);

/** @param {Cell} cell */
function sums({ name, ratio, load, runs }) {
  const script = runs.flatMap(({ script_ms }) => script_ms);
  const beacons = runs.flatMap(({ beacons_ms }) => beacons_ms);
  const total = (/** @type {'redraws' | 'due'} */ key) => runs.reduce((sum, run) => sum + run[key], 0);
  return {
    ...{ name, ratio, ...load, rounds: runs.length, redraws: total('redraws'), due: total('due') },
    dropped: Math.max(0, total('due') - total('redraws')),
    script_p50_ms: percentile(script, 0.5),
    script_p95_ms: percentile(script, 0.95),
    script_max_ms: percentile(script, 1),
    task_ms: percentile(
      runs.map(({ task_ms }) => task_ms),
      0.5,
    ),
    long_tasks: runs.flatMap(({ long_ms }) => long_ms).filter((it) => it > 50).length,
    sample_to_pixel_p50_ms: percentile(beacons, 0.5),
    sample_to_pixel_p95_ms: percentile(beacons, 0.95),
  };
}

/** @param {ReturnType<typeof sums>} cell */
const cells = (cell) => [
  NAMES[cell.name],
  String(cell.rows),
  String(cell.ratio),
  ms(cell.script_p50_ms),
  ms(cell.script_p95_ms),
  ms(cell.script_max_ms),
  ms(cell.task_ms),
  String(cell.long_tasks),
  ms(cell.sample_to_pixel_p50_ms),
  ms(cell.sample_to_pixel_p95_ms),
  `${cell.dropped} of ${cell.due}`,
];

/** @param {{ circumstances: Circumstances; cells: Cell[]; long: Long | undefined; verdicts: Verdict[] }} all */
export function chartsReport({ circumstances, cells: measured, long, verdicts }) {
  const rows = measured.filter(({ runs }) => runs.length > 0).map(sums);
  const { date, system, cpu, cpus, repeat, duration_ms, stopped } = circumstances;
  const first = rows.find(({ name, ratio }) => name === 'worker' && ratio === 1);
  const heap = long && {
    minutes: long.minutes,
    growth_bytes: long.after - long.before,
    page_bytes: long.page,
    worker_bytes: long.worker ?? null,
    long_tasks: long.long_ms.filter((it) => it > 50).length,
    script_p95_ms: percentile(long.script_ms, 0.95),
    redraws: long.redraws,
    due: long.due,
  };
  const json = {
    ...{ script_p95_ms: first?.script_p95_ms ?? null, ...circumstances },
    ...{ charts: rows, heap: heap ?? null, goals: verdicts },
  };
  const head = [
    'who',
    'samples',
    'ratio',
    'script p50 ms',
    'p95',
    'max',
    'all tasks, ms a redraw',
    'tasks > 50 ms',
  ];
  const markdown = [
    '# Charts at speed',
    `${date}, ${system}, ${cpu}, ${cpus} CPUs, no graphics card; four charts of eight series, fed 30 times a second with ten ` +
      `samples each; ${repeat} rounds of ${duration_ms / 1000} s each, in turns. Script: of the page's thread, a redraw of all four.`,
    ...(stopped ? ['**Stopped before the end: what follows is what was done until then.**'] : []),
    '## Goals',
    goalTable(verdicts),
    '## Figures',
    table([...head, 'sample to pixel p50 ms', 'p95', 'not drawn'], rows.map(cells)),
    ...(heap === undefined
      ? []
      : [
          `After ${heap.minutes.toFixed(1)} minutes page and worker together held ${megabytes(heap.growth_bytes)} MB more than ` +
            `before (page ${megabytes(heap.page_bytes)}, worker ${heap.worker_bytes === null ? NONE : megabytes(heap.worker_bytes)}), with ` +
            `${heap.long_tasks} tasks above 50 ms and ${Math.max(0, heap.due - heap.redraws)} of ${heap.due} pictures not drawn.`,
        ]),
  ].join('\n\n');
  return { json, markdown };
}
