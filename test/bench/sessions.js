/** Which sessions there are to measure, from what the helper says it can do: no mechanism is named here. */

/**
 * @typedef {import('../../electron/contract/describe.ts').MechanismInfo} MechanismInfo
 * @typedef {import('../../electron/contract/describe.ts').Describe} Describe
 * @typedef {{ mechanism: string; choices: Record<string, string>; variants: string[]; patterns: string[];
 *   max_bytes: number }} Subject a mechanism with one set of choices: `shm` with sync `futex`
 */

/** Choices that make another channel of a mechanism. All others are left as they are by default. */
const TELLING = ['kind', 'sync'];

/** Patterns for which somebody has to type. */
const TYPED = ['dialogue'];

/**
 * @param {MechanismInfo} mechanism
 * @returns {Subject[]}
 */
function subjectsOf({ id, variants, patterns, options }) {
  /** @type {Record<string, string>[]} */
  let sets = [{}];
  for (const option of options) {
    if (option.kind !== 'choice' || !TELLING.includes(option.name)) continue;
    sets = sets.flatMap((set) => option.values.map((value) => ({ ...set, [option.name]: value })));
  }
  const size = options.find((option) => option.name === 'size_bytes');
  const max_bytes = size?.kind === 'integer' ? size.max : Infinity;
  const measurable = patterns.filter((pattern) => !TYPED.includes(pattern));
  return sets.map((choices) => ({ mechanism: id, choices, variants, patterns: measurable, max_bytes }));
}

/**
 * @param {Subject} subject
 */
export const labelOf = ({ mechanism, choices }) => [mechanism, ...Object.values(choices)].join(' ');

/**
 * @param {Describe} described
 * @param {string} [only] part of a name: what has none of it is left out
 * @returns {Subject[]}
 */
export function subjects(described, only) {
  const all = described.mechanisms.flatMap(subjectsOf);
  return only === undefined ? all : all.filter((subject) => labelOf(subject).includes(only));
}

/**
 * The words of `ipc-helper run` for it.
 * @param {Subject} subject
 * @param {{ variant: string; pattern: string; size: number; placement: string; warmup_ms: number }} run
 */
export function wordsOf({ mechanism, choices }, { variant, pattern, size, placement, warmup_ms }) {
  return [
    mechanism,
    ...Object.entries(choices).flatMap(([name, value]) => [`--${name}`, value]),
    ...['--variant', variant, '--pattern', pattern, '--size', String(size)],
    ...['--placement', placement, '--warmup', String(warmup_ms)],
  ];
}
