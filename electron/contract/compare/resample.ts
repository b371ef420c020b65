/**
 * How far a ratio of two measured figures would move if both were measured again, told from what was measured once or a
 * few times. The random numbers are always the same, so that the same runs give the same interval.
 */
import { spreadOf } from '../spread.ts';

export interface Ratio {
  ratio: number;
  /** Ends of the 95 % interval; NaN where too little was measured to tell. */
  low: number;
  high: number;
}

/** A figure over time: one value a stretch, each with the length of its stretch. */
export interface Series {
  values: readonly number[];
  weights: readonly number[];
}

const ROUNDS = 1000;
/** Of a long run so many neighbours are taken together that no more stretches are left than this. */
const MOST_STRETCHES = 240;
/** Fewer stretches than this tell nothing of their spread. */
export const LEAST_STRETCHES = 8;
/** Below this number of rounds an interval of resampled medians would be narrower than what was seen. */
const FEW_ROUNDS = 6;

/** xorshift32 (Marsaglia 2003): 0..1. */
function randomNumbers(): () => number {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function middle95(values: readonly number[]): [low: number, high: number] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1) + 0.5)] ?? NaN;
  return [at(0.025), at(0.975)];
}

/** The weighted mean; NaN of nothing. */
function meanOf({ values, weights }: Series): number {
  let sum = 0;
  let weight = 0;
  values.forEach((value, i) => {
    sum += value * (weights[i] ?? 0);
    weight += weights[i] ?? 0;
  });
  return weight > 0 ? sum / weight : NaN;
}

/** Neighbours taken together, as many each time. */
function taken(series: Series): Series {
  const each = Math.ceil(series.values.length / MOST_STRETCHES);
  if (each <= 1) return series;
  const starts = Array.from({ length: Math.ceil(series.values.length / each) }, (_, i) => i * each);
  const parts = starts.map((start) => ({
    values: series.values.slice(start, start + each),
    weights: series.weights.slice(start, start + each),
  }));
  return {
    values: parts.map(meanOf),
    weights: parts.map(({ weights }) => weights.reduce((sum, weight) => sum + weight, 0)),
  };
}

/**
 * Means of resampled series. Neighbouring stretches resemble each other, so whole blocks of them are drawn (Künsch 1989),
 * around the end as well (Politis and Romano 1992), n^(1/3) stretches long (Hall, Horowitz and Jing 1995).
 */
function resampledMeans(series: Series, random: () => number): number[] {
  const { values, weights } = taken(series);
  const n = values.length;
  const block = Math.max(1, Math.round(n ** (1 / 3)));
  return Array.from({ length: ROUNDS }, () => {
    let sum = 0;
    let weight = 0;
    for (let drawn = 0; drawn < n; drawn += block) {
      const start = Math.floor(random() * n);
      for (let i = 0; i < Math.min(block, n - drawn); i++) {
        const at = (start + i) % n;
        const w = weights[at] ?? 0;
        sum += (values[at] ?? 0) * w;
        weight += w;
      }
    }
    return weight > 0 ? sum / weight : NaN;
  });
}

/**
 * The ratio of the means of two runs, with its interval from the changes within each of them. Of logarithms it is the
 * ratio of geometric means, as fits figures that spread over decades.
 */
export function ratioOfMeans(ours: Series, theirs: Series, logarithms = false): Ratio {
  const over = (a: number, b: number): number => (logarithms ? Math.exp(a - b) : a / b);
  const ratio = over(meanOf(ours), meanOf(theirs));
  const few = ours.values.length < LEAST_STRETCHES || theirs.values.length < LEAST_STRETCHES;
  if (few || !Number.isFinite(ratio)) return { ratio, low: NaN, high: NaN };
  const random = randomNumbers();
  const others = resampledMeans(theirs, random);
  const ratios = resampledMeans(ours, random)
    .map((mean, i) => over(mean, others[i] ?? NaN))
    .filter((value) => Number.isFinite(value));
  const [low, high] = middle95(ratios);
  return { ratio, low, high };
}

/**
 * The ratio of two figures that were measured in turns, round by round: of two that ran next to each other, whose median
 * is steadier than the ratio of two medians. Its interval is that of resampled medians (Efron 1979), or of few rounds all
 * that was seen. Rounds in which either is missing are left out.
 */
export function ratioOfRounds(ours: readonly number[], theirs: readonly number[]): Ratio {
  const ratios = ours
    .map((value, i) => value / (theirs[i] ?? NaN))
    .filter((ratio) => Number.isFinite(ratio) && ratio > 0);
  const { median, least, greatest } = spreadOf(ratios);
  if (ratios.length < 2) return { ratio: median, low: NaN, high: NaN };
  if (ratios.length < FEW_ROUNDS) return { ratio: median, low: least, high: greatest };
  const random = randomNumbers();
  const medians = Array.from(
    { length: ROUNDS },
    () => spreadOf(ratios.map(() => ratios[Math.floor(random() * ratios.length)] ?? NaN)).median,
  );
  const [low, high] = middle95(medians);
  return { ratio: median, low, high };
}

/** Whether the figures can be told apart: the whole interval lies on one side of 1. */
export function isApart({ low, high }: Ratio): boolean {
  return low > 1 || high < 1;
}

export function hasSpread({ low, high }: Ratio): boolean {
  return !Number.isNaN(low) && !Number.isNaN(high);
}
