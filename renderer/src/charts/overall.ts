/** Values for the text of a chart: the newest sample alone changes too fast to be read, and the last says nothing. */
import type { Summary } from '#contract/frames';
import { errorsOf } from '#contract/series';
import { sharesOf } from '../session/shares.ts';
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
  return figures.processes.find(
    ({ role, index }) => role === series.process?.role && index === series.process.index,
  )?.blocked;
}

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
    case 'would_block_per_s': {
      const refused = summary.processes.reduce((sum, p) => sum + p.would_block, 0);
      return summary.duration_ns > 0 ? (refused * 1e9) / summary.duration_ns : NaN;
    }
  }
  const own = summary.processes.find(
    ({ role, index }) => role === series.process?.role && index === series.process.index,
  );
  return own && sharesOf(own, summary.duration_ns).blocked;
}
