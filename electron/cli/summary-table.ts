/** The figures of a session as a person reads them after it. */
import type { Summary } from '#contract/frames';
import type { Locale } from '#contract/settings';
import {
  formatBytes,
  formatBytesRate,
  formatCount,
  formatDuration,
  formatRate,
  formatShare,
} from '#contract/text/format';
import { warningText } from '#contract/text/warning';
import { table } from './table.ts';
import type { Texts } from './text.ts';

export function summaryTable(summary: Summary, locale: Locale, text: Texts, recording?: string): string {
  const say = text.summary;
  const time = (ns: number): string => formatDuration(ns, locale);
  const { latency } = summary;
  const size = summary.options['size_bytes'];
  const title = [summary.mechanism, summary.variant, summary.pattern];
  if (typeof size === 'number') title.push(formatBytes(size, locale));
  const facts = [
    [
      latency.kind === 'round_trip' ? say.roundTrips : say.messages,
      `${formatCount(summary.messages, locale)}   ${formatRate(summary.messages_per_s, locale)}`,
    ],
    [say.data, `${formatBytes(summary.bytes, locale)}   ${formatBytesRate(summary.bytes_per_s, locale)}`],
    [say.time, time(summary.duration_ns)],
    [say.latency, latencyLine(summary, locale, text)],
    [say.integrity, integrityLine(summary, locale, text)],
    [say.endedBy, say.end[summary.ended_by]],
  ];
  if (recording !== undefined) facts.push([say.recording, recording]);
  const percentiles = [
    ['min', say.mean, 'p50', 'p90', 'p99', 'p99.9', 'max'],
    [
      latency.min_ns,
      latency.mean_ns,
      latency.p50_ns,
      latency.p90_ns,
      latency.p99_ns,
      latency.p99_9_ns,
      latency.max_ns,
    ].map(time),
  ];
  const parts = [
    `${title.join(' · ')}\n`,
    table(facts, ['left', 'left']),
    latency.samples === 0 ? '' : table(percentiles, Array(7).fill('right')),
    table([say.columns, ...processRows(summary, locale, text)], PROCESS_ALIGNS),
    ...summary.warnings.map((warning) => {
      const { cause, effect, remedy } = warningText(warning, locale);
      return `${text.warningLabel}: ${cause} ${effect}\n  ${remedy}\n`;
    }),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

const PROCESS_ALIGNS = ['left', 'right', 'left', ...Array<'right'>(8).fill('right'), 'left'] as const;

function latencyLine({ latency }: Summary, locale: Locale, { summary: say }: Texts): string {
  if (latency.samples === 0) return say.noSamples;
  const kind = latency.kind === 'round_trip' ? say.roundTrip : say.oneWay;
  const samples = say.samples(
    formatCount(latency.samples, locale),
    formatShare(latency.sampling_ratio, locale),
  );
  return `${kind} (${samples})`;
}

function integrityLine({ integrity }: Summary, locale: Locale, { summary: say }: Texts): string {
  const faults = (['lost', 'corrupt', 'torn', 'duplicated', 'reordered'] as const)
    .filter((name) => integrity[name] > 0)
    .map((name) => `${say.faults[name]} ${formatCount(integrity[name], locale)}`);
  if (faults.length > 0) return faults.join(', ');
  const { verified, verified_at_times: most } = integrity;
  if (most !== undefined) return say.partly(say.intact[most]);
  return verified === 'none' ? say.notVerified : say.intact[verified];
}

function processRows({ processes }: Summary, locale: Locale, { summary: say }: Texts): string[][] {
  return processes.map((process) => [
    `${say.role[process.role]} ${process.index}`,
    String(process.pid),
    process.exit,
    formatCount(process.messages, locale),
    formatCount(process.calls, locale),
    formatCount(process.would_block, locale),
    formatCount(process.waits, locale),
    formatDuration(process.blocked_ns, locale),
    formatDuration(process.cpu_user_ns, locale),
    formatDuration(process.cpu_sys_ns, locale),
    `${formatCount(process.voluntary_switches, locale)} + ${formatCount(process.involuntary_switches, locale)}`,
    process.cpus.join(', '),
  ]);
}
