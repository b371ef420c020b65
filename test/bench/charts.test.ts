/** What the benchmark of the charts takes, and how it judges. */
import { expect, it } from 'vitest';
import { parseArguments } from './arguments.js';
import { chartVerdicts, percentile } from './charts-goals.js';
import type { Cell, Long } from './charts.js';

const load = { charts: 4, series: 8, rows: 10_000, rows_a_redraw: 10 };
const run = (script: number, beacon: number, long_ms: number[] = []) => ({
  ...{ script_ms: Array.from({ length: 100 }, () => script), long_ms, redraws: 100, due: 100 },
  ...{ beacons_ms: [beacon, beacon], task_ms: 1 },
});
const cell = (...runs: Cell['runs']): Cell => ({ name: 'worker', ratio: 1, load, runs });
const long = (minutes: number, growth: number): Long => ({
  ...{ minutes, before: 10e6, after: 10e6 + growth, page: growth, worker: 0 },
  ...{ script_ms: [], long_ms: [], redraws: 0, due: 0 },
});
const verdictsOf = (cells: Cell[], lasting?: Long): string[] =>
  chartVerdicts(cells, lasting).map(({ verdict }) => verdict);

it('takes minutes, and prints JSON where no file is named', () => {
  expect(parseArguments(['charts', '--json', '--minutes', '10']).options).toMatchObject({
    json: '-',
    minutes: 10,
  });
  expect(parseArguments(['charts', '--json', 'a.json']).options.json).toBe('a.json');
  expect(() => parseArguments(['charts', '--minutes', '0'])).toThrow('from 1');
  expect(() => parseArguments(['peers', '--minutes', '3'])).toThrow('knows no');
});

it('finds percentiles that were really measured', () => {
  expect(percentile([5, 1, 4, 2, 3], 0.5)).toBe(3);
  expect(percentile([1, 2, 3, 100], 0.95)).toBe(100);
  expect(percentile([], 0.95)).toBeNaN();
});

it('judges the charts as the app draws them, and no one else', () => {
  const uplot: Cell = { ...cell(run(50, 500, [400])), name: 'uplot' };
  expect(verdictsOf([cell(run(2, 40)), uplot], long(10, 1e6))).toEqual(['met', 'met', 'met', 'met']);
  expect(verdictsOf([cell(run(9, 140, [60]))], long(10, 6e6))).toEqual([
    'missed',
    'missed',
    'missed',
    'missed',
  ]);
});

it('does not call met what was not measured, and calls missed what never came', () => {
  expect(verdictsOf([uncounted()], long(1, 1e6))).toEqual(['not measured', 'missed', 'met', 'not measured']);
  // Too much after a minute is too much after ten.
  expect(verdictsOf([cell(run(2, 40))], long(1, 7e6)).at(-1)).toBe('missed');
});

function uncounted(): Cell {
  return cell({ ...run(2, Infinity), script_ms: [] });
}
