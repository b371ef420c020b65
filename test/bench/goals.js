/** What the figures are to reach, and whether they do. */
import { figure, integrityOf } from './contest.js';

/**
 * @typedef {import('./contest.js').Result} Result
 * @typedef {import('./contest.js').Ratio} Ratio
 * @typedef {{ label: string; mechanism: string; choices: Record<string, string>; pattern: string; size_bytes: number;
 *   results: Result[]; ratios: Ratio[] }} Row
 * @typedef {{ where: string; value: number; low: number; high: number }} Measured
 * @typedef {{ goal: string; verdict: 'met' | 'missed' | 'not told apart' | 'not measured'; of: number;
 *   missed: Measured[]; unclear: Measured[] }} Verdict `unclear`: the bound lies within the 95 % interval of the median
 */

/**
 * @param {string} goal
 * @param {Measured[]} all
 * @param {(value: number) => boolean} reached
 * @returns {Verdict}
 */
export function judge(goal, all, reached) {
  const failing = all.filter(({ value }) => !reached(value));
  // The median alone decides what is met; a miss is only certain where the whole interval misses.
  const certain = failing.filter(({ low, high }) => !reached(low) && !reached(high));
  const unclear = failing.filter((one) => !certain.includes(one));
  const bad = certain.length > 0 ? 'missed' : unclear.length > 0 ? 'not told apart' : 'met';
  return { goal, verdict: all.length === 0 ? 'not measured' : bad, of: all.length, missed: certain, unclear };
}

/** @param {Row} row */
const nameOf = ({ label, pattern, size_bytes }) => `${label} ${pattern} ${size_bytes} B`;

/**
 * @param {Row[]} rows
 * @param {(ratio: Ratio) => boolean} wanted
 * @returns {Measured[]}
 */
const measuredRatios = (rows, wanted) =>
  rows.flatMap((row) =>
    row.ratios
      .filter(wanted)
      .map(({ of, median, low, high }) => ({ where: `${nameOf(row)} (${of})`, value: median, low, high })),
  );

/**
 * The best of some figures: a goal that one way of using a mechanism is to reach.
 * @param {Measured[]} all
 * @param {(a: Measured, b: Measured) => number} better
 */
const best = (all, better) => all.toSorted(better).slice(0, 1);
const higher = (/** @type {Measured} */ a, /** @type {Measured} */ b) => b.value - a.value;
const lower = (/** @type {Measured} */ a, /** @type {Measured} */ b) => a.value - b.value;

/**
 * Whether the app's text (renderer/src/text/en-tuned.ts) claims that a tuned stream is much faster than a plain one. Unix
 * datagrams are handled one by one by the kernel all the same, and copying is most of what a call with 64 KiB does.
 * @param {Row} row
 */
const claimsMuch = ({ mechanism, choices, size_bytes }) =>
  mechanism !== 'unix' || (choices['kind'] === 'stream' && size_bytes < 65_536);

/** @param {Row[]} rows */
function ringRates(rows) {
  return rows
    .filter(
      ({ mechanism, pattern, size_bytes }) =>
        mechanism === 'shm' && pattern === 'stream' && size_bytes === 64,
    )
    .flatMap((row) =>
      row.results
        // Only what arrived whole, all of it and in order counts.
        .filter(
          (result) => result.kind === 'ours' && integrityOf(result).lost + integrityOf(result).faults === 0,
        )
        .map((result) => {
          const { median, min, max } = figure(result, 'messages_per_s');
          return { where: `${nameOf(row)} (${result.name})`, value: median, low: min, high: max };
        }),
    )
    .filter(({ value }) => Number.isFinite(value));
}

/**
 * @param {Row[]} rows
 * @param {Measured[] | undefined} overheads what measuring costs, as ratios with to without, where that was measured
 * @returns {Verdict[]}
 */
export function verdicts(rows, overheads) {
  const streams = rows.filter(({ pattern }) => pattern === 'stream');
  const conversations = rows.filter(({ pattern }) => pattern === 'pingpong');
  const shm = rows.filter(({ mechanism }) => mechanism === 'shm');
  const toBare = (/** @type {Ratio} */ { of, to }) => of === 'plain' && to === 'bare';
  const copied = measuredRatios(
    shm.filter(({ size_bytes }) => size_bytes === 65_536),
    ({ to }) => to === 'memcpy',
  );
  const passed = measuredRatios(
    shm.filter(({ size_bytes }) => size_bytes === 64),
    ({ to }) => to === 'cache line',
  );
  return [
    judge(
      'plain, throughput: at least 0.98 of the bare loop',
      measuredRatios(streams, toBare),
      (it) => it >= 0.98,
    ),
    judge(
      'plain, round trip: at most 1.03 of the bare loop',
      measuredRatios(conversations, toBare),
      (it) => it <= 1.03,
    ),
    judge(
      'tuned, throughput: at least 1.5 times plain, where that is claimed',
      measuredRatios(streams.filter(claimsMuch), ({ of, to }) => of === 'tuned' && to === 'plain'),
      (it) => it >= 1.5,
    ),
    judge(
      'shared-memory ring: 20 million checked messages of 64 bytes a second',
      best(ringRates(rows), higher),
      (it) => it >= 20e6,
    ),
    judge('shared-memory ring, 64 KiB: at least 0.7 of memcpy', best(copied, higher), (it) => it >= 0.7),
    judge(
      'shared-memory ring, spinning: at most 1.3 round trips of a cache line',
      best(passed, lower),
      (it) => it <= 1.3,
    ),
    judge('what measuring costs: at most 2 %', overheads ?? [], (it) => it >= 0.98),
  ];
}
