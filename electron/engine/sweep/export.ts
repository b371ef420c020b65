/** Sweeps as files for other programs and for papers: every measurement as CSV, medians with their spread as Markdown. */
import { csv } from '#contract/csv';
import type { ExportedFile } from '#contract/runs';
import type { Locale } from '#contract/settings';
import { UNSTABLE_RATIO } from '#contract/spread';
import type { SweepCell, SweepSnapshot } from '#contract/sweep';
import { channelName } from '#contract/sweep-plan';
import { METRICS, statisticsOf, type CellStatistics, type Metric } from '#contract/sweep-results';
import { errorText } from '#contract/text/error';
import { formatBytes, formatCount, formatDuration, NO_VALUE } from '#contract/text/format';
import { formatMetric, sweepText } from '#contract/text/sweep';

export function exportSweep(sweep: SweepSnapshot, format: 'markdown' | 'csv', locale: Locale): ExportedFile {
  const { id } = sweep.info;
  if (format === 'csv') return { name: `${id}.csv`, mime: 'text/csv', text: toCsv(sweep) };
  return { name: `${id}.md`, mime: 'text/markdown', text: toMarkdown(sweep, locale) };
}

/** One row a measurement, in the order in which they were made; times with their unit in the column's name. */
function toCsv({ plan, results }: SweepSnapshot): string {
  const head = [
    'mechanism',
    'variant',
    'pattern',
    'size_bytes',
    'repetition',
    'began',
    'took_ms',
    'messages',
    'messages_per_s',
    'bytes_per_s',
    'latency_kind',
    'latency_samples',
    'p50_ns',
    'p99_ns',
    'faults',
    'warnings',
    'error',
  ];
  const rows = results.map(({ cell: index, repetition, began_ms, took_ms, figures, error }) => {
    const cell = plan.cells[index];
    const timed = figures !== null && figures.samples > 0;
    return [
      cell?.mechanism,
      cell?.variant,
      cell?.pattern,
      cell?.size_bytes,
      repetition + 1,
      new Date(began_ms).toISOString(),
      took_ms,
      figures?.messages,
      figures?.messages_per_s,
      figures?.bytes_per_s,
      figures?.latency_kind,
      figures?.samples,
      timed ? figures.p50_ns : undefined,
      timed ? figures.p99_ns : undefined,
      figures?.faults,
      figures?.warnings.join(' '),
      error?.code,
    ];
  });
  return csv([head, ...rows]);
}

function toMarkdown(sweep: SweepSnapshot, locale: Locale): string {
  const { info, plan, machine, seed, results } = sweep;
  const { spec } = info;
  const text = sweepText[locale];
  const when = new Date(info.created_ms).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const statistics = statisticsOf(plan.cells.length, results);
  const time = (ms: number): string => formatDuration(ms * 1e6, locale);
  const lines = [
    `# ${text.title(when)}`,
    '',
    `${machine.os} ${machine.release}, ${machine.arch}, ${machine.cpus} CPU, ipc-helper ${machine.helper}`,
    '',
    text.howMeasured(
      formatCount(spec.repetitions, locale),
      time(spec.duration_ms),
      time(spec.warmup_ms),
      String(seed),
    ),
  ];
  const options = Object.entries(spec.options).map(([name, value]) => `${name} = ${value}`);
  if (options.length > 0) lines.push('', text.options(options.join(', ')));
  if (info.done < info.steps) {
    lines.push('', text.unfinished(formatCount(info.done, locale), formatCount(info.steps, locale)));
  }
  for (const pattern of new Set(plan.cells.map((cell) => cell.pattern))) {
    lines.push('', `## ${pattern}`);
    for (const metric of METRICS) {
      lines.push('', `### ${text.median(text.metrics[metric])}`, '');
      lines.push(...matrix(plan.cells, statistics, pattern, metric, locale));
    }
  }
  if (statistics.some(({ unstable }) => unstable)) lines.push('', text.unstable(String(UNSTABLE_RATIO)));
  const cells = plan.cells.flatMap((cell, i) => {
    const found = statistics[i];
    return found === undefined ? [] : [{ cell, found }];
  });
  const section = (title: string, items: string[]): void => {
    if (items.length > 0) lines.push('', `## ${title}`, '', ...items.map((item) => `- ${item}`));
  };
  const named = (cell: SweepCell): string =>
    `${channelName(cell)}, ${cell.pattern}, ${formatBytes(cell.size_bytes, locale)}`;
  section(
    text.faults,
    cells
      .filter(({ found }) => found.faults > 0)
      .map(({ cell, found }) => `${named(cell)}: ${formatCount(found.faults, locale)}`),
  );
  section(
    text.failures,
    cells.flatMap(({ cell, found: { failed, error } }) =>
      error === null ? [] : [`${named(cell)} (${failed}×): ${errorText(error, locale).what}`],
    ),
  );
  section(
    text.leftOut,
    plan.left_out.map((left) => {
      const sizes = left.sizes_bytes.map((size) => formatBytes(size, locale)).join(', ');
      return `${channelName(left)}, ${left.pattern}, ${sizes}: ${errorText(left.error, locale).what}`;
    }),
  );
  return `${lines.join('\n')}\n`;
}

/** Channels down, sizes across. */
function matrix(
  cells: readonly SweepCell[],
  statistics: readonly CellStatistics[],
  pattern: string,
  metric: Metric,
  locale: Locale,
): string[] {
  const text = sweepText[locale];
  const here = cells.flatMap((cell, i) => (cell.pattern === pattern ? [{ cell, found: statistics[i] }] : []));
  const sizes = [...new Set(here.map(({ cell }) => cell.size_bytes))].sort((a, b) => a - b);
  const channels = [...new Set(here.map(({ cell }) => channelName(cell)))];
  const rows = channels.map((channel) => [
    channel,
    ...sizes.map((size) => {
      const at = here.find(({ cell }) => cell.size_bytes === size && channelName(cell) === channel);
      if (at === undefined) return NO_VALUE;
      const { found } = at;
      if (found === undefined || found.measured === 0)
        return (found?.failed ?? 0) > 0 ? text.failed : text.notYet;
      return `${formatMetric(found.figures[metric].median, metric, locale)}${found.unstable ? ' †' : ''}`;
    }),
  ]);
  const head = [text.channel, ...sizes.map((size) => formatBytes(size, locale))];
  const row = (parts: readonly string[]): string => `| ${parts.join(' | ')} |`;
  return [row(head), row(['---', ...sizes.map(() => '---:')]), ...rows.map(row)];
}
