/** What `ipc-scope compare` measures, and in which order. */
import type { Describe } from '#contract/describe';
import { AppException, fail } from '#contract/errors';
import { mechanismOf, type SessionSpec } from '#contract/spec';
import type { Arguments } from './arguments.ts';
import { specOf } from './option-flags.ts';
import type { Texts } from './text.ts';

/** Flags of its own, which `run` does not hand to the helper. */
const COMPARE_FLAGS = ['--json', '--repeat', '--record'] as const;
/** As many as there are letters. */
export const MOST_SIDES = 26;
const USUAL_DURATION = '1s';

/** Sessions that are held against each other, the first being the baseline. */
export type Group = SessionSpec[];

/**
 * One group a size where there are several mechanisms, for messages of different sizes are different messages; one group
 * of all sizes where there is only one mechanism.
 */
export function groupsOf(
  describe: Describe,
  words: readonly string[],
  given: Arguments,
  { compare: say }: Texts,
): Group[] {
  const sizes = sizesOf(given);
  const of = (word: string, size: string | undefined): SessionSpec => {
    const [name = '', variant] = word.split(':');
    const mechanism = mechanismOf(describe, name);
    if (!mechanism.ok) throw new AppException(mechanism.error);
    const flags = new Map(given.flags);
    if (size !== undefined) flags.set('--size', size);
    if (variant !== undefined) flags.set('--variant', variant);
    if (!flags.has('--duration') && !flags.has('--messages')) flags.set('--duration', USUAL_DURATION);
    return specOf(mechanism.value, { words: [], flags }, COMPARE_FLAGS);
  };
  const groups =
    words.length === 1
      ? [sizes.map((size) => of(words[0] ?? '', size))]
      : sizes.map((size) => words.map((word) => of(word, size)));
  if (groups.some((group) => group.length < 2)) fail('usage', say.needsTwo, say.needsTwoRemedy);
  if (groups.some((group) => group.length > MOST_SIDES)) {
    fail('usage', say.tooMany(String(MOST_SIDES)), say.fewer);
  }
  return groups;
}

/** The sizes that were asked for; one undefined where none was. */
function sizesOf({ flags }: Arguments): (string | undefined)[] {
  const text = flags.get('--size');
  if (typeof text !== 'string') return [undefined];
  const sizes = [...new Set(text.split(',').map((size) => size.trim()))].filter((size) => size !== '');
  return sizes.length === 0 ? [text] : sizes;
}

/**
 * The list, begun somewhere else in each round, and every second time around from behind: so nobody always runs first,
 * nor always after the same one.
 */
export function inTurns<T>(list: readonly T[], round: number): T[] {
  const start = list.length === 0 ? 0 : round % list.length;
  const order = [...list.slice(start), ...list.slice(0, start)];
  return Math.floor(round / Math.max(1, list.length)) % 2 === 0 ? order : order.reverse();
}
