/** The comparison as Markdown. */
import { figure, integrityOf, stable } from './contest.js';
import { micro, million, NONE, size, table, times } from './markdown.js';

/**
 * @typedef {import('./goals.js').Row} Row
 * @typedef {import('./goals.js').Verdict} Verdict
 * @typedef {import('./contest.js').Result} Result
 * @typedef {{ label: string; pattern: string; size_bytes: number; why: string }} LeftOut
 * @typedef {{ date: string; helper: string; system: { os: string; release: string; arch: string; cpus: number[] };
 *   cpu: string; placement: string; repeat: number; duration_ms: number }} Circumstances
 */

/** @param {import('./contest.js').Ratio | undefined} ratio */
export function ratioText(ratio) {
  if (ratio === undefined) return NONE;
  return `${times(ratio.median)} (${times(ratio.min)} … ${times(ratio.max)})`;
}

/**
 * @param {Row} row
 * @param {Result} result
 */
function line(row, result) {
  const rate = figure(result, 'messages_per_s');
  const median = figure(result, 'p50_ns').median;
  const mean = figure(result, 'mean_ns').median;
  const time = Number.isFinite(median)
    ? micro(median)
    : Number.isFinite(mean)
      ? `${micro(mean)} (mean)`
      : NONE;
  const { lost, faults } = integrityOf(result);
  const against = row.ratios.find(({ of, to }) =>
    result.kind === 'ours' ? of === result.name && to === 'plain' : of === 'plain' && to === result.name,
  );
  const failed = result.errors.length > 0 ? `${result.errors.length} failed` : '';
  const notes = [
    lost > 0 ? `${lost} lost` : '',
    faults > 0 ? `${faults} damaged or out of order` : '',
    failed,
  ];
  if (result.runs.length > 1 && Number.isFinite(rate.median) && !stable(result)) notes.push('unstable');
  return [
    `${row.label} ${row.pattern}`,
    size(row.size_bytes),
    result.name,
    million(rate.median),
    // A share of a limit is no latency.
    row.pattern === 'stream' && result.kind !== 'ours' ? NONE : time,
    result.name === 'plain' ? '' : ratioText(against),
    notes.filter(Boolean).join(', '),
  ];
}

/** @param {Verdict} verdict */
function goalLine({ goal, verdict, of, missed, unclear }) {
  const list = [...missed, ...unclear.map((one) => ({ ...one, where: `${one.where}, within the noise` }))];
  const figures = list.map(({ where, value, low, high }) => {
    const write = value > 1000 ? million : times;
    return `${where}: ${write(value)} (${write(low)} … ${write(high)})`;
  });
  return [goal, verdict, `${of - list.length} of ${of}`, figures.join('; ') || NONE];
}

/** @param {Verdict[]} verdicts */
export function goalTable(verdicts) {
  return table(
    ['goal', 'verdict', 'reached by', 'by whom not: median (95 % interval)'],
    verdicts.map(goalLine),
  );
}

/** @param {Circumstances} circumstances */
function heading({ date, helper, system, cpu, placement, repeat, duration_ms }) {
  return [
    `# IPC Scope ${helper} beside bare loops and the field's own tools`,
    `${date}, ${system.os} ${system.release} ${system.arch}, ${cpu}, ${system.cpus.length} CPUs, placement ${placement}, ` +
      `${repeat} rounds of about ${duration_ms} ms each, in turns.`,
    'Machines are noisy and differ: read the ratios, which come from neighbouring runs.',
    ...(repeat < 5 ? ['**Fewer than five rounds: the verdicts say nothing.**'] : []),
  ];
}

/**
 * @param {{ circumstances: Circumstances; rows: Row[]; left_out: LeftOut[]; verdicts: Verdict[];
 *   tools: { name: string; installed: boolean; note: string }[]; install: string | undefined; stopped: boolean }} all
 */
export function report({ circumstances, rows, left_out, verdicts, tools, install, stopped }) {
  const head = ['mechanism', 'size', 'who', 'million/s', 'p50 µs', 'ratio (least … greatest)', 'notes'];
  const parts = [
    ...heading(circumstances),
    ...(stopped ? ['**Stopped before the end: what follows is what was done until then.**'] : []),
    '## Goals',
    goalTable(verdicts),
    '## Figures',
    'Ratio: of another variant to plain, of plain to anybody else. Of streams it is that of messages a second, and more than 1 is ' +
      'faster; of ping-pong that of the median round trip (of the mean where a tool tells no other), and less than 1 is faster.',
    table(
      head,
      rows.flatMap((row) => row.results.map((result) => line(row, result))),
    ),
    "## The field's own tools",
    table(
      ['tool', '', 'what may be compared'],
      tools.map(({ name, installed, note }) => [name, installed ? 'installed' : 'not installed', note]),
    ),
    ...(install === undefined ? [] : [`Those that are missing: \`${install}\``]),
  ];
  if (left_out.length > 0) {
    parts.push('## Left out');
    const reasons = left_out.map(({ label, pattern, size_bytes, why }) => [
      `${label} ${pattern}`,
      size(size_bytes),
      why,
    ]);
    parts.push(table(['mechanism', 'size', 'why'], reasons));
  }
  return parts.join('\n\n');
}
