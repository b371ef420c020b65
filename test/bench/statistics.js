/** The statistics of figures that were measured several times, and the order in which they are measured. */

/** @typedef {{ median: number; min: number; max: number }} Spread */
/** @typedef {{ low: number; high: number }} Interval */

/** A set whose greatest value is more than so many times its least is no measurement of anything (as in contract/spread.ts). */
const UNSTABLE_RATIO = 1.35;

/**
 * Median, least and greatest of some values; NaN where there are none.
 * @param {number[]} values
 * @returns {Spread}
 */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ i) => sorted[i] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}

/** @param {Spread} set */
export const isStable = ({ min, max }) => max <= min * UNSTABLE_RATIO;

/**
 * The 95 % interval of the median, by bootstrap (Efron 1979): how far the median would move if the same were run again.
 * The random numbers are always the same, so that the same values give the same interval.
 * @param {number[]} values
 * @returns {Interval}
 */
export function medianInterval(values) {
  const ROUNDS = 2000;
  let state = 0x2545f491;
  const random = () => {
    // xorshift32 (Marsaglia 2003).
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const draw = () => values.map(() => values[Math.floor(random() * values.length)] ?? NaN);
  const medians = Array.from({ length: ROUNDS }, () => spread(draw()).median).sort((a, b) => a - b);
  return {
    low: medians[Math.floor(ROUNDS * 0.025)] ?? NaN,
    high: medians[Math.floor(ROUNDS * 0.975)] ?? NaN,
  };
}

/**
 * The ratio round by round: of two that ran next to each other, whose median is steadier than the ratio of two medians.
 * Rounds in which either is missing are left out.
 * @param {(number | null | undefined)[]} ours
 * @param {(number | null | undefined)[]} theirs
 */
export function ratios(ours, theirs) {
  return ours.flatMap((value, i) => {
    const other = theirs[i];
    return value && other ? [value / other] : [];
  });
}

/**
 * The list, begun somewhere else in each round, and every second time around from behind: so nobody always runs first, nor
 * always after the same one.
 * @template T
 * @param {T[]} list
 * @param {number} round from 0
 * @returns {T[]}
 */
export function rotated(list, round) {
  const start = list.length === 0 ? 0 : round % list.length;
  const order = [...list.slice(start), ...list.slice(0, start)];
  return Math.floor(round / Math.max(1, list.length)) % 2 === 0 ? order : order.reverse();
}
