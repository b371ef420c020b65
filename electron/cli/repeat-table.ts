/** Several runs of one session side by side, and whether they agree. */
import type { Summary } from '#contract/frames';
import type { Locale } from '#contract/settings';
import { isStable, spreadOf, UNSTABLE_RATIO, type Spread } from '#contract/spread';
import { formatDuration, formatRate } from '#contract/text/format';
import { warningText } from '#contract/text/warning';
import { table } from './table.ts';
import type { Texts } from './text.ts';

/** What `run --repeat N --json` prints. */
export interface Repeated {
  messages_per_s: Spread;
  p50_ns: Spread;
  p99_ns: Spread;
  stable: boolean;
  /** Codes of warnings that any of the runs had: what made the set unstable, where it is. */
  causes: string[];
  runs: Summary[];
}

export function repeated(runs: Summary[]): Repeated {
  const messages_per_s = spreadOf(runs.map((run) => run.messages_per_s));
  return {
    messages_per_s,
    p50_ns: spreadOf(runs.map(({ latency }) => latency.p50_ns)),
    p99_ns: spreadOf(runs.map(({ latency }) => latency.p99_ns)),
    stable: isStable(messages_per_s),
    causes: [...new Set(runs.flatMap(({ warnings }) => warnings.map(({ code }) => code)))],
    runs,
  };
}

export function repeatTable(set: Repeated, locale: Locale, text: Texts): string {
  const say = text.repeat;
  const time = (ns: number): string => formatDuration(ns, locale);
  const rate = (perSecond: number): string => formatRate(perSecond, locale);
  const rows = [
    [say.run, say.rate, 'p50', 'p99'],
    ...set.runs.map((run, i) => [
      String(i + 1),
      rate(run.messages_per_s),
      time(run.latency.p50_ns),
      time(run.latency.p99_ns),
    ]),
    ...(['median', 'least', 'greatest'] as const).map((end) => [
      say[end],
      rate(set.messages_per_s[end]),
      time(set.p50_ns[end]),
      time(set.p99_ns[end]),
    ]),
  ];
  const ratio = (set.messages_per_s.greatest / set.messages_per_s.least).toFixed(2);
  const lines = [
    table(rows, ['left', 'right', 'right', 'right']),
    `${set.stable ? say.stable(ratio) : say.unstable(ratio, String(UNSTABLE_RATIO))}\n`,
  ];
  if (!set.stable) {
    const warnings = set.runs.flatMap((run) => run.warnings);
    const causes = set.causes.flatMap((code) => warnings.find((warning) => warning.code === code) ?? []);
    lines.push(...causes.map((warning) => `  ${warningText(warning, locale).cause}\n`));
    if (causes.length === 0) lines.push(`  ${say.noCause}\n`);
  }
  return lines.join('');
}
