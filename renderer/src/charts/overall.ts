/** Values for the text of a chart: the newest sample alone changes too fast to be read, and the last says nothing. */
import type { Summary } from '#contract/frames';
import { errorsOf } from '#contract/series';
import { sharesOf, type Shares } from '../session/shares.ts';
import type { Figures } from '../session/tick-window.ts';
import type { SeriesSpec } from './specs.ts';

/** What the text of a running session's chart says: the figures of the last second, calmer than the newest sample. */
export function recentValue(figures: Figures, series: SeriesSpec): number | undefined {
  switch (series.key) {
    case 'messages_per_s':
    case 'bytes_per_s':
    case 'p50_ns':
    case 'p90_ns':
    case 'p99_ns':
    case 'p99_9_ns':
    case 'max_ns':
      return figures[series.key];
  }
  const own = ownShare(series);
  return own && meanOf(figures.processes.filter(own.has).map((process) => process[own.part]));
}

/** For a column such as `blocked_share/producer/0`: which part of their time, and of which processes. */
function ownShare({ key }: SeriesSpec) {
  const [name = '', role, index] = key.split('/');
  const part = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  if (part === undefined) return undefined;
  const has = (process: { role: string; index: number }): boolean =>
    process.role === role && (index === undefined || process.index === Number(index));
  return { part, has };
}

const PARTS: Readonly<Record<string, keyof Shares>> = {
  running_share: 'running',
  blocked_share: 'blocked',
  runnable_share: 'waiting',
};

const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** What a column came to over a whole finished session; undefined where one number would say nothing. */
export function overallValue(summary: Summary, series: SeriesSpec): number | undefined {
  const { latency } = summary;
  switch (series.key) {
    case 'messages_per_s':
      return summary.messages_per_s;
    case 'bytes_per_s':
      return summary.bytes_per_s;
    case 'p50_ns':
    case 'p90_ns':
    case 'p99_ns':
    case 'p99_9_ns':
    case 'max_ns':
      return latency.samples > 0 ? latency[series.key] : NaN;
    case 'errors':
      return errorsOf(summary.integrity);
    case 'would_block_per_s':
    case 'voluntary_switches_per_s':
    case 'involuntary_switches_per_s':
    case 'minor_faults_per_s':
    case 'major_faults_per_s': {
      const counter = COUNTERS[series.key];
      const all = summary.processes.reduce((sum, process) => sum + process[counter], 0);
      return summary.duration_ns > 0 ? (all * 1e9) / summary.duration_ns : NaN;
    }
  }
  const own = ownShare(series);
  return (
    own && meanOf(summary.processes.filter(own.has).map((p) => sharesOf(p, summary.duration_ns)[own.part]))
  );
}

const COUNTERS = {
  would_block_per_s: 'would_block',
  voluntary_switches_per_s: 'voluntary_switches',
  involuntary_switches_per_s: 'involuntary_switches',
  minor_faults_per_s: 'minor_faults',
  major_faults_per_s: 'major_faults',
} as const;
