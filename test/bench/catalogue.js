/** The whole catalogue, one short run each: mechanism, pattern, variant, size and placement. */
import { describe, figuresOf, Refused, runSession } from './measure.js';
import { Stopped } from './processes.js';
import { micro, million, NONE, size as sizeText, table } from './markdown.js';
import { Progress } from './progress.js';
import { labelOf, subjects, wordsOf } from './sessions.js';
import { spread } from './statistics.js';

/**
 * @typedef {import('./arguments.js').BenchOptions} BenchOptions
 * @typedef {import('./measure.js').Figures} Figures
 * @typedef {{ subject: import('./sessions.js').Subject; variant: string; pattern: string; size: number; placement: string }} Task
 * @typedef {Task & { runs: Figures[]; why?: string }} Row `why`: the reason for which there are no figures
 */

/**
 * @param {import('./measure.js').Describe} described
 * @param {BenchOptions} options
 * @returns {Row[]}
 */
export function cataloguedRows(described, { only, sizes, placements }) {
  return subjects(described, only).flatMap((subject) =>
    subject.patterns.flatMap((pattern) =>
      subject.variants.flatMap((variant) =>
        sizes
          .filter((size) => size <= subject.max_bytes)
          .flatMap((size) =>
            placements.map((placement) => ({ subject, variant, pattern, size, placement, runs: [] })),
          ),
      ),
    ),
  );
}

/** @param {Row} row */
function markdownCells({ subject, variant, pattern, size, placement, runs, why }) {
  const of = (/** @type {'messages_per_s' | 'p50_ns' | 'p99_ns'} */ key) =>
    spread(runs.flatMap((figures) => (figures[key] === null ? [] : [figures[key]]))).median;
  const sum = (/** @type {'lost' | 'faults'} */ key) =>
    runs.reduce((total, figures) => total + (figures[key] ?? 0), 0);
  const measured = runs.length > 0;
  return [
    `${labelOf(subject)}, ${variant}`,
    pattern,
    sizeText(size),
    placement,
    million(of('messages_per_s')),
    micro(of('p50_ns')),
    micro(of('p99_ns')),
    measured ? String(sum('lost')) : NONE,
    measured ? String(sum('faults')) : NONE,
    why ?? '',
  ];
}

/**
 * @param {{ helper: string; signal: AbortSignal }} place
 * @param {BenchOptions} options
 */
export async function catalogue({ helper, signal }, options) {
  const described = describe(helper);
  const rows = cataloguedRows(described, options);
  const progress = new Progress(rows.length * options.repeat);
  let failed = false;
  const warmup_ms = Math.min(100, options.duration_ms);
  try {
    // One round after the other, so that a spell of the machine does not fall on all runs of one row.
    for (let round = 0; round < options.repeat; round++) {
      for (const row of rows) {
        const { subject, variant, pattern, size, placement } = row;
        if (row.why !== undefined) continue;
        progress.step(`${labelOf(subject)} ${variant} ${pattern} ${size} B ${placement}`);
        const words = wordsOf(subject, { variant, pattern, size, placement, warmup_ms });
        try {
          const summary = await runSession(
            helper,
            [...words, '--duration', String(options.duration_ms)],
            signal,
          );
          row.runs.push(figuresOf(summary));
        } catch (thrown) {
          if (thrown instanceof Stopped) throw thrown;
          // One that cannot be measured must not keep the others from it; refused wishes are no failures.
          failed ||= !(thrown instanceof Refused && thrown.refused);
          row.why = (thrown instanceof Error ? thrown.message : String(thrown)).replace(
            /^ipc-helper run .*?: /,
            '',
          );
        }
      }
    }
  } catch (thrown) {
    // What is done is kept.
    if (!(thrown instanceof Stopped)) throw thrown;
  }
  progress.end();
  const head = [
    'mechanism',
    'pattern',
    'size',
    'placement',
    'million/s',
    'p50 µs',
    'p99 µs',
    'lost',
    'faults',
    '',
  ];
  const done = rows.filter(({ runs, why }) => runs.length > 0 || why !== undefined);
  const json = {
    date: new Date().toISOString(),
    helper: described.helper,
    system: described.system,
    repeat: options.repeat,
    duration_ms: options.duration_ms,
    stopped: signal.aborted,
    rows: done.map(({ subject: { mechanism, choices }, variant, pattern, size, placement, runs, why }) => ({
      ...{ mechanism, choices, variant, pattern, size_bytes: size, placement, runs },
      ...(why === undefined ? {} : { why }),
    })),
  };
  const note =
    'Times are those of round trips for ping-pong, one way for all others. Faults: damaged, torn, repeated or out of order.';
  return { json, markdown: `${table(head, done.map(markdownCells))}\n\n${note}`, failed };
}
