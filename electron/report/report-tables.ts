/** The figures of a run as the rows of the report's tables. */
import type { OptionValues, Summary } from '#contract/frames';
import type { SessionSnapshot } from '#contract/session';
import type { Locale } from '#contract/settings';
import {
  formatBytes,
  formatBytesRate,
  formatCount,
  formatDuration,
  formatRate,
  formatShare,
  NO_VALUE,
} from '#contract/text/format';
import { code, element, table, type Html } from './html-parts.ts';
import type { DocumentWords } from './report-words.ts';

type Facts = (readonly [string | Html, string | Html])[];

export function summaryFacts(summary: Summary, words: DocumentWords, locale: Locale): Facts {
  const { latency, share_of_limit } = summary;
  return [
    [
      latency.kind === 'round_trip' ? words.roundTrips : words.messages,
      formatCount(summary.messages, locale),
    ],
    [words.rate, formatRate(summary.messages_per_s, locale)],
    [words.data, formatBytes(summary.bytes, locale)],
    [words.bandwidth, formatBytesRate(summary.bytes_per_s, locale)],
    [words.time, formatDuration(summary.duration_ns, locale)],
    [words.endedBy, words.ends[summary.ended_by]],
    ...(share_of_limit === undefined
      ? []
      : [[words.shareOfLimit[share_of_limit.limit], formatShare(share_of_limit.share, locale)] as const]),
  ];
}

export function latencyRow({ latency }: Summary, words: DocumentWords, locale: Locale): string {
  if (latency.samples === 0) return element('p', words.noSamples);
  const samples = words.samples(
    formatCount(latency.samples, locale),
    formatShare(latency.sampling_ratio, locale),
  );
  const { min_ns, mean_ns, p50_ns, p90_ns, p99_ns, p99_9_ns, max_ns } = latency;
  const times = [min_ns, mean_ns, p50_ns, p90_ns, p99_ns, p99_9_ns, max_ns];
  const head = ['', words.min, words.mean, 'p50', 'p90', 'p99', 'p99.9', words.max];
  const row = [words.latency, ...times.map((ns) => formatDuration(ns, locale))];
  return element('p', samples, 'soft') + table(head, [row], 'numbers');
}

export function integrityFacts({ integrity }: Summary, words: DocumentWords, locale: Locale): Facts {
  const kinds = ['lost', 'corrupt', 'torn', 'duplicated', 'reordered'] as const;
  return [
    [words.verified, verifiedWords(integrity, words)],
    ...kinds.map((kind) => [words[kind], formatCount(integrity[kind], locale)] as const),
  ];
}

function verifiedWords(
  { verified, verified_at_times: most }: Summary['integrity'],
  words: DocumentWords,
): string {
  return words.verify[verified] + (most === undefined ? '' : words.atTimes(words.verify[most]));
}

export function processTable(summary: Summary, words: DocumentWords, locale: Locale): string {
  const share = (ns: number): string => formatShare(ns / summary.duration_ns, locale);
  const pair = (one: number, other: number): string =>
    `${formatCount(one, locale)} + ${formatCount(other, locale)}`;
  return table(
    [
      words.process,
      'pid',
      words.exit,
      words.messages,
      words.calls,
      words.wouldBlock,
      words.running,
      words.blocked,
      words.waiting,
      words.switches,
      words.faults,
      words.cpus,
    ],
    summary.processes.map((process) => [
      `${words[process.role]} ${process.index}`,
      String(process.pid),
      process.exit,
      formatCount(process.messages, locale),
      formatCount(process.calls, locale),
      formatCount(process.would_block, locale),
      share(process.cpu_user_ns + process.cpu_sys_ns),
      share(process.blocked_ns),
      share(process.runnable_ns),
      pair(process.voluntary_switches, process.involuntary_switches),
      pair(process.minor_faults, process.major_faults),
      process.cpus.join(', '),
    ]),
    'numbers',
  );
}

export function settingFacts({ hello, info }: SessionSnapshot, words: DocumentWords, locale: Locale): Facts {
  const { mechanism, variant, pattern, options } = hello ?? info.spec;
  const named: Facts = [[code('mechanism'), mechanism]];
  if (variant !== undefined) named.push([code('variant'), variant]);
  if (pattern !== undefined) named.push([code('pattern'), pattern]);
  return [
    ...named,
    ...Object.entries(options).map(
      ([name, value]) => [code(name), optionText(name, value, words, locale)] as const,
    ),
  ];
}

/** The unit of an option is the end of its name. */
function optionText(name: string, value: OptionValues[string], words: DocumentWords, locale: Locale): string {
  if (typeof value === 'boolean') return value ? words.yes : words.no;
  if (typeof value === 'string') return value;
  if (name === 'rate_per_s') return value === 0 ? words.fullSpeed : formatRate(value, locale);
  if (value === 0) return '0';
  if (name.endsWith('_bytes')) return formatBytes(value, locale);
  if (name.endsWith('_ms')) return formatDuration(value * 1e6, locale);
  if (name.endsWith('_us')) return formatDuration(value * 1e3, locale);
  return formatCount(value, locale);
}

export function machineFacts({ machine }: Summary, words: DocumentWords, locale: Locale): Facts {
  if (machine === undefined) return [];
  const time = (ns: number | null | undefined): string =>
    ns === null || ns === undefined ? NO_VALUE : formatDuration(ns, locale);
  return [
    [words.cacheLine, time(machine.cache_line_round_trip_ns)],
    [words.memcpy, formatBytesRate(machine.memcpy_bytes_per_s, locale)],
    [words.syscall, time(machine.syscall_ns)],
    [words.clock, time(machine.clock_ns)],
    [words.wakeOther, time(machine.wake_other_cpu_ns)],
    [words.wakeSame, time(machine.wake_same_cpu_ns)],
  ];
}
