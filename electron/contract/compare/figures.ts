/** The figures that runs are compared by, and their ratios. */
import type { Summary } from '../frames.ts';
import { errorsOf, type ColumnUnit } from '../series.ts';
import { spreadOf } from '../spread.ts';
import { ratioOfMeans, ratioOfRounds, type Ratio, type Series } from './resample.ts';
import type { Side } from './side.ts';
import { FOLLOWED, type Followed } from './stretches.ts';

export const FIGURES = [
  'messages_per_s',
  'bytes_per_s',
  'p50_ns',
  'p90_ns',
  'p99_ns',
  'p99_9_ns',
  'max_ns',
  'cpu_ns_per_message',
  'switches_per_message',
  'errors',
] as const;
export type Figure = (typeof FIGURES)[number];

export const FIGURE_UNITS: Record<Figure, ColumnUnit | 'number'> = {
  messages_per_s: 'per_second',
  bytes_per_s: 'bytes_per_second',
  p50_ns: 'ns',
  p90_ns: 'ns',
  p99_ns: 'ns',
  p99_9_ns: 'ns',
  max_ns: 'ns',
  cpu_ns_per_message: 'ns',
  switches_per_message: 'number',
  errors: 'count',
};

/** One figure of one session; NaN where it was not measured. */
export function figureOf(summary: Summary, figure: Figure): number {
  const { latency, processes, messages } = summary;
  const total = (of: (process: Summary['processes'][number]) => number): number =>
    processes.reduce((sum, process) => sum + of(process), 0);
  switch (figure) {
    case 'messages_per_s':
    case 'bytes_per_s':
      return summary[figure];
    case 'cpu_ns_per_message':
      return messages > 0 ? total((p) => p.cpu_user_ns + p.cpu_sys_ns) / messages : NaN;
    case 'switches_per_message':
      return messages > 0 ? total((p) => p.voluntary_switches + p.involuntary_switches) / messages : NaN;
    case 'errors':
      return errorsOf(summary.integrity);
    default:
      return latency.samples > 0 ? latency[figure] : NaN;
  }
}

/** The figure of a side: of several rounds their median. */
export function valueOf({ summaries }: Side, figure: Figure): number {
  const values = summaries.map((summary) => figureOf(summary, figure));
  return spreadOf(values.filter((value) => !Number.isNaN(value))).median;
}

/** How many times the other side's figure ours is. */
export function ratioOf(ours: Side, theirs: Side, figure: Figure): Ratio {
  if (ours.summaries.length > 1 || theirs.summaries.length > 1) {
    const rounds = (side: Side): number[] => side.summaries.map((summary) => figureOf(summary, figure));
    return ratioOfRounds(rounds(ours), rounds(theirs));
  }
  const ratio = valueOf(ours, figure) / valueOf(theirs, figure);
  if (!Number.isFinite(ratio)) return { ratio: NaN, low: NaN, high: NaN };
  const followed = FOLLOWED.find((known) => known === figure);
  if (followed === undefined) return { ratio, low: NaN, high: NaN };
  return aroundRatio(ratio, ours, theirs, followed);
}

/**
 * The whole runs' ratio with the relative spread of what was followed over time. A percentile of a stretch is not the
 * whole run's, so only how far it moves is taken from the stretches, on a log scale, as latencies spread.
 */
function aroundRatio(ratio: number, ours: Side, theirs: Side, figure: Followed): Ratio {
  const log = figure.endsWith('_ns');
  const followed = ratioOfMeans(seriesOf(ours, figure, log), seriesOf(theirs, figure, log), log);
  const scale = ratio / followed.ratio;
  return { ratio, low: followed.low * scale, high: followed.high * scale };
}

function seriesOf({ stretches }: Side, figure: Followed, log: boolean): Series {
  const measured = stretches.filter(({ values }) => (log ? values[figure] > 0 : values[figure] >= 0));
  return {
    values: measured.map(({ values }) => (log ? Math.log(values[figure]) : values[figure])),
    weights: measured.map(({ seconds }) => seconds),
  };
}
