/** What the measurements of a sweep amount to: a middle and a spread for each cell, and the time that is left. */
import { UNSTABLE_RATIO } from './spread.ts';
import type { SweepFigures, SweepResult, SweepStep } from './sweep.ts';

/** What a sweep can be looked at by. */
export const METRICS = ['messages_per_s', 'bytes_per_s', 'p50_ns', 'p99_ns'] as const;
export type Metric = (typeof METRICS)[number];

/** Five numbers of one metric over the repetitions; NaN where there are none. */
export interface Quartiles {
  least: number;
  q1: number;
  median: number;
  q3: number;
  greatest: number;
}

export interface CellStatistics {
  /** Repetitions that were measured, and those that failed. */
  measured: number;
  failed: number;
  figures: Record<Metric, Quartiles>;
  /** The greatest rate over the least; NaN with fewer than two. */
  ratio: number;
  /** The rates lie further apart than UNSTABLE_RATIO: compare them with nothing. */
  unstable: boolean;
  /** Faults of all repetitions: messages lost, corrupt and the like. */
  faults: number;
  /** Codes of warnings that any repetition had. */
  warnings: string[];
  /** The last thing that went wrong. */
  error: SweepResult['error'];
}

/** Linear between the two values around the place, as R and NumPy do by default (Hyndman and Fan, type 7). */
export function quartilesOf(values: readonly number[]): Quartiles {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const at = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = sorted[Math.floor(place)] ?? NaN;
    const above = sorted[Math.ceil(place)] ?? NaN;
    return below + (above - below) * (place - Math.floor(place));
  };
  return { least: at(0), q1: at(0.25), median: at(0.5), q3: at(0.75), greatest: at(1) };
}

function valueOf(figures: SweepFigures, metric: Metric): number {
  const latency = metric === 'p50_ns' || metric === 'p99_ns';
  return latency && figures.samples === 0 ? NaN : figures[metric];
}

/** One entry a cell, in the plan's order, also for cells that nothing is known of yet. */
export function statisticsOf(cells: number, results: readonly SweepResult[]): CellStatistics[] {
  const byCell: SweepResult[][] = Array.from({ length: cells }, () => []);
  for (const result of results) byCell[result.cell]?.push(result);
  return byCell.map(cellStatistics);
}

function cellStatistics(results: readonly SweepResult[]): CellStatistics {
  const figures = results.flatMap((result) => result.figures ?? []);
  const of = (metric: Metric): Quartiles => quartilesOf(figures.map((each) => valueOf(each, metric)));
  const rates = of('messages_per_s');
  // Nothing at all got through once: no ratio tells that.
  const ratio = figures.length < 2 ? NaN : rates.least > 0 ? rates.greatest / rates.least : Infinity;
  return {
    measured: figures.length,
    failed: results.length - figures.length,
    figures: {
      messages_per_s: rates,
      bytes_per_s: of('bytes_per_s'),
      p50_ns: of('p50_ns'),
      p99_ns: of('p99_ns'),
    },
    ratio,
    unstable: ratio > UNSTABLE_RATIO,
    faults: figures.reduce((sum, { faults }) => sum + faults, 0),
    warnings: [...new Set(figures.flatMap(({ warnings }) => warnings))],
    error: results.findLast(({ error }) => error !== null)?.error ?? null,
  };
}

/**
 * Expected time of the measurements that are left, ms: what the same cell took before, or what cells take in the mean,
 * or, before the first one, what was asked for.
 */
export function timeLeft(
  left: readonly SweepStep[],
  results: readonly SweepResult[],
  nominal_ms: number,
): number {
  const ofCell = new Map<number, { sum: number; times: number }>();
  let sum = 0;
  for (const { cell, took_ms } of results) {
    const known = ofCell.get(cell) ?? { sum: 0, times: 0 };
    ofCell.set(cell, { sum: known.sum + took_ms, times: known.times + 1 });
    sum += took_ms;
  }
  const usual = results.length === 0 ? nominal_ms : sum / results.length;
  return left.reduce((total, { cell }) => {
    const known = ofCell.get(cell);
    return total + (known === undefined ? usual : known.sum / known.times);
  }, 0);
}
