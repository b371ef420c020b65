/**
 * What measuring costs: every mechanism's loop with its counters, sampling and checks against the same loop without.
 * Both move the same number of messages to the last: a loop without counters knows its count only at its end, when what
 * lay in the channel has drained, and a session that stops at a point in time leaves that out.
 */
import { million, table } from './markdown.js';
import { runSession } from './measure.js';
import { medianInterval, ratios, spread } from './statistics.js';

const BUDGET = 0.02;

/**
 * Over or within the budget only where the noise lets one tell.
 * @param {import('./statistics.js').Interval} interval of the ratio with to without counters
 */
function verdict({ low, high }) {
  if (1 - high > BUDGET) return `OVER ${BUDGET * 100} %`;
  return 1 - low <= BUDGET ? `within ${BUDGET * 100} %` : `not told apart from ${BUDGET * 100} %`;
}

const MECHANISMS = [
  ['pipe'],
  ['tcp'],
  ['shm', '--sync', 'spin'],
  ['shm', '--sync', 'futex'],
  ['shm', '--sync', 'semaphore'],
];

/**
 * @param {{ helper: string; signal: AbortSignal }} place
 * @param {import('./arguments.js').BenchOptions} options
 */
export async function overhead({ helper, signal }, { repeat, duration_ms, placements, only }) {
  const mechanisms = MECHANISMS.filter((words) => only === undefined || words.join(' ').includes(only));
  const json = [];
  for (const mechanism of mechanisms) {
    const common = [...mechanism, '--size', '64', '--warmup', '100', '--placement', placements[0] ?? 'same'];
    const rate = async (/** @type {string[]} */ ...words) =>
      (await runSession(helper, [...common, ...words], signal)).messages_per_s;
    const messages = String(
      Math.ceil(((await rate('--duration', String(duration_ms))) * duration_ms) / 1000),
    );
    /** @type {Record<'true' | 'false', number[]>} */
    const rates = { true: [], false: [] };
    for (let i = 0; i < repeat; i++) {
      // Alternating which goes first, so that drift of the machine favours neither.
      /** @type {('true' | 'false')[]} */
      const order = i % 2 === 0 ? ['true', 'false'] : ['false', 'true'];
      for (const stats of order) {
        rates[stats].push(await rate('--duration', '0', '--messages', messages, '--stats', stats));
      }
    }
    const pairs = ratios(rates.true, rates.false);
    json.push({
      mechanism: mechanism.join(' '),
      with: spread(rates.true),
      without: spread(rates.false),
      ratio: spread(pairs),
      interval: medianInterval(pairs),
    });
  }
  const percent = (/** @type {number} */ ratio) => `${((1 - ratio) * 100).toFixed(1)} %`;
  const markdown = table(
    [
      '64 B stream, million messages a second',
      'with counters',
      'without',
      'overhead (median)',
      '95 % interval of the median',
      'budget',
    ],
    json.map((row) => [
      row.mechanism,
      million(row.with.median),
      million(row.without.median),
      percent(row.ratio.median),
      `${percent(row.interval.high)} … ${percent(row.interval.low)}`,
      verdict(row.interval),
    ]),
  );
  return { json, markdown, failed: false };
}
