/** A sweep as a table: one row a cell, medians with the spread of their rates. */
import type { Locale } from '#contract/settings';
import { UNSTABLE_RATIO } from '#contract/spread';
import type { SweepSnapshot } from '#contract/sweep';
import { channelName } from '#contract/sweep-plan';
import { METRICS, statisticsOf } from '#contract/sweep-results';
import { formatBytes, NO_VALUE } from '#contract/text/format';
import { formatMetric, sweepText } from '#contract/text/sweep';
import { table } from './table.ts';

export function sweepTable({ info, plan, results }: SweepSnapshot, locale: Locale): string {
  const text = sweepText[locale];
  const statistics = statisticsOf(plan.cells.length, results);
  const head = [
    text.channel,
    text.pattern,
    text.size,
    text.metrics.messages_per_s,
    text.spread,
    ...METRICS.slice(1).map((metric) => text.metrics[metric]),
  ];
  const rows = plan.cells.map((cell, i) => {
    const found = statistics[i];
    const name = [channelName(cell), cell.pattern, formatBytes(cell.size_bytes, locale)];
    if (found === undefined || found.measured === 0) {
      return [...name, (found?.failed ?? 0) > 0 ? text.failed : NO_VALUE];
    }
    const of = (metric: (typeof METRICS)[number], which: 'median' | 'least' | 'greatest'): string =>
      formatMetric(found.figures[metric][which], metric, locale);
    const mark = found.unstable ? '†' : '';
    const spread = `${of('messages_per_s', 'least')} – ${of('messages_per_s', 'greatest')}${mark}`;
    const rest = METRICS.slice(1).map((metric) => of(metric, 'median'));
    return [...name, of('messages_per_s', 'median'), spread, ...rest];
  });
  const lines = table(
    [head, ...rows],
    ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
  );
  const notes = [
    ...(statistics.some(({ unstable }) => unstable) ? [text.unstable(String(UNSTABLE_RATIO))] : []),
    ...(info.done < info.steps ? [text.unfinished(String(info.done), String(info.steps))] : []),
  ];
  return lines + notes.map((note) => `${note}\n`).join('');
}
