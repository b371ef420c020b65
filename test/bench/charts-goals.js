/** What the charts are to reach, and whether they do. */
import { judge } from './goals.js';

/**
 * @typedef {import('./charts.js').Cell} Cell
 * @typedef {import('./charts.js').Long} Long
 */

const SCRIPT_MS = 8;
const LATENCY_MS = 100;
const LONG_TASK_MS = 50;
const GROWTH_BYTES = 5e6;
const GROWTH_MINUTES = 10;

/**
 * The value below which a share of all lies; NaN of none.
 * @param {number[]} values
 * @param {number} share
 */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? NaN;
}

/** @param {Cell} cell */
export const cellName = ({ name, ratio, load }) => `${name}, ${load.rows} samples, ratio ${ratio}`;

/**
 * The 95th percentile of all rounds together, and how it differs between them.
 * @param {Cell} cell
 * @param {(run: Cell['runs'][number]) => number[]} values
 */
function measured(cell, values) {
  const rounds = cell.runs
    .map((run) => percentile(values(run), 0.95))
    .filter((value) => !Number.isNaN(value));
  return {
    where: cellName(cell),
    value: percentile(cell.runs.flatMap(values), 0.95),
    low: Math.min(...rounds),
    high: Math.max(...rounds),
  };
}

/** What was never measured is neither met nor missed; what never came (Infinity) is missed. */
const told = (/** @type {{ value: number }} */ { value }) => !Number.isNaN(value);

/** @param {number[]} long_ms */
const longest = (long_ms) => Math.max(0, ...long_ms);

/**
 * Only the app's own charts as it uses them are judged; the others are there to compare with.
 * @param {Cell[]} cells
 * @param {Long | undefined} long
 */
export function chartVerdicts(cells, long) {
  const own = cells.filter(({ name, runs }) => name === 'worker' && runs.length > 0);
  const tasks = own.map((cell) => {
    const value = longest(cell.runs.flatMap(({ long_ms }) => long_ms));
    return { where: cellName(cell), value, low: value, high: value };
  });
  const lasting = longest(long?.long_ms ?? []);
  const growth = long === undefined ? NaN : long.after - long.before;
  // Less than the whole time can show that too much is left behind, and not that it is not.
  const judged = long !== undefined && (long.minutes >= GROWTH_MINUTES - 0.01 || growth >= GROWTH_BYTES);
  return [
    judge(
      `script of the page's thread, 95th percentile: below ${SCRIPT_MS} ms a redraw of four charts`,
      own.map((cell) => measured(cell, ({ script_ms }) => script_ms)).filter(told),
      (it) => it < SCRIPT_MS,
    ),
    judge(
      `from sample to pixel, 95th percentile: below ${LATENCY_MS} ms`,
      own.map((cell) => measured(cell, ({ beacons_ms }) => beacons_ms)).filter(told),
      (it) => it < LATENCY_MS,
    ),
    judge(
      `no task of the page above ${LONG_TASK_MS} ms`,
      long === undefined
        ? tasks
        : [
            ...tasks,
            { where: `${long.minutes.toFixed(1)} min`, value: lasting, low: lasting, high: lasting },
          ],
      (it) => it <= LONG_TASK_MS,
    ),
    judge(
      `heap growth in ${GROWTH_MINUTES} minutes: below ${GROWTH_BYTES / 1e6} MB`,
      judged
        ? [{ where: 'page and worker, MB', value: growth / 1e6, low: growth / 1e6, high: growth / 1e6 }]
        : [],
      (it) => it < GROWTH_BYTES / 1e6,
    ),
  ];
}
