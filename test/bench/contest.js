/** One cell of the comparison: a mechanism, a pattern and a size, run by everybody who can, in turns. */
import { Stopped } from './processes.js';
import { medianInterval, ratios, rotated, spread, isStable } from './statistics.js';

/**
 * @typedef {import('./measure.js').Figures} Figures
 * @typedef {'ours' | 'bare' | 'limit' | 'tool'} Kind
 * @typedef {{ name: string; kind: Kind; note: string; run: () => Promise<Figures> }} Contender the first is our plain variant
 * @typedef {{ name: string; kind: Kind; note: string; runs: (Figures | null)[]; errors: string[] }} Result
 * @typedef {{ of: string; to: string; kind: Kind; metric: 'messages_per_s' | 'p50_ns' | 'mean_ns';
 *   median: number; min: number; max: number; low: number; high: number; rounds: number }} Ratio
 */

/**
 * Runs everybody `repeat` times, each round in another order. Where one fails, its figure of that round is missing and the
 * others go on. When the benchmark is stopped, answers what there is.
 * @param {Contender[]} contenders
 * @param {number} repeat
 * @param {(name: string, round: number) => void} tell
 * @returns {Promise<Result[]>}
 */
export async function contest(contenders, repeat, tell) {
  /** @type {Result[]} */
  const results = contenders.map(({ name, kind, note }) => ({ name, kind, note, runs: [], errors: [] }));
  for (let round = 0; round < repeat; round++) {
    for (const contender of rotated(contenders, round)) {
      const result = results[contenders.indexOf(contender)];
      if (result === undefined) continue;
      tell(contender.name, round);
      try {
        result.runs[round] = await contender.run();
      } catch (thrown) {
        if (thrown instanceof Stopped) return results;
        result.runs[round] = null;
        result.errors.push(thrown instanceof Error ? thrown.message : String(thrown));
      }
    }
  }
  return results;
}

/**
 * The first of the figures that both have: the median of round trips rather than their mean.
 * @param {string} pattern
 * @param {Result} ours
 * @param {Result} theirs
 */
function commonMetric(pattern, ours, theirs) {
  const has = (/** @type {Result} */ { runs }, /** @type {Ratio['metric']} */ metric) =>
    runs.some((figures) => figures?.[metric]);
  /** @type {Ratio['metric'][]} */
  const candidates = pattern === 'pingpong' ? ['p50_ns', 'mean_ns'] : ['messages_per_s'];
  return candidates.find((metric) => has(ours, metric) && has(theirs, metric));
}

/**
 * Every other variant against plain, plain against everybody else, and every variant against the limits of the machine. Of
 * throughput more than 1 is faster; of round trips less.
 * @param {string} pattern
 * @param {Result[]} results
 * @returns {Ratio[]}
 */
export function ratiosOf(pattern, results) {
  const [plain] = results;
  if (plain === undefined) return [];
  const pairs = results.slice(1).flatMap((other) => {
    if (other.kind === 'ours') return [{ of: other, to: plain }];
    if (other.kind !== 'limit') return [{ of: plain, to: other }];
    return results.filter(({ kind }) => kind === 'ours').map((ours) => ({ of: ours, to: other }));
  });
  return pairs.flatMap(({ of, to }) => {
    const metric = commonMetric(pattern, of, to);
    if (metric === undefined) return [];
    const values = ratios(
      of.runs.map((figures) => figures?.[metric]),
      to.runs.map((figures) => figures?.[metric]),
    );
    if (values.length === 0) return [];
    const set = { ...spread(values), ...medianInterval(values), rounds: values.length };
    return [{ of: of.name, to: to.name, kind: to.kind, metric, ...set }];
  });
}

/**
 * One figure over all runs of a contender.
 * @param {Result} result
 * @param {'messages_per_s' | 'mean_ns' | 'p50_ns' | 'p99_ns'} metric
 */
export const figure = ({ runs }, metric) =>
  spread(runs.flatMap((figures) => (typeof figures?.[metric] === 'number' ? [figures[metric]] : [])));

/**
 * Whether the rates of its runs agree.
 * @param {Result} result
 */
export const stable = (result) => isStable(figure(result, 'messages_per_s'));

/**
 * Messages lost, and those that were damaged, repeated or out of order, over all runs.
 * @param {Result} result
 */
export function integrityOf({ runs }) {
  const sum = (/** @type {'lost' | 'faults'} */ key) =>
    runs.reduce((total, figures) => total + (figures?.[key] ?? 0), 0);
  return { lost: sum('lost'), faults: sum('faults') };
}
