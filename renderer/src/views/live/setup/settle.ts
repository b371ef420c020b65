/** Which choices of a session go together: those that come first in the panel stand, the others yield to them. */
import type { Choice, MechanismInfo } from '#contract/describe';

export interface Settled {
  /** The value wanted, or the nearest one that goes with what comes before. */
  value: string;
  /** Values that cannot be chosen, and what each does not go with. */
  excluded: ReadonlyMap<string, Choice>;
}

/**
 * Variant, pattern and choices of a mechanism, in the order of the panel.
 * @param wanted What the person chose, or the default; one of `values`.
 */
export function settle(
  mechanism: MechanismInfo,
  wanted: (name: string, values: readonly string[]) => string,
): ReadonlyMap<string, Settled> {
  const { variants, patterns, options, exclusions = [] } = mechanism;
  const settled = new Map<string, Settled>();
  const rivalOf = (choice: Choice): Choice | undefined => {
    for (const [one, other] of exclusions) {
      const rival = same(one, choice) ? other : same(other, choice) ? one : undefined;
      if (rival !== undefined && settled.get(rival.name)?.value === rival.value) return rival;
    }
    return undefined;
  };
  const take = (name: string, values: readonly string[]): void => {
    const excluded = new Map<string, Choice>();
    for (const value of values) {
      const rival = rivalOf({ name, value });
      if (rival !== undefined) excluded.set(value, rival);
    }
    settled.set(name, { value: nearest(wanted(name, values), values, excluded), excluded });
  };
  take('variant', variants);
  take('pattern', patterns);
  const pattern = settled.get('pattern')?.value ?? '';
  for (const option of options) {
    const applies = option.patterns?.includes(pattern) ?? true;
    if (option.kind === 'choice' && applies) take(option.name, option.values);
  }
  return settled;
}

const same = (one: Choice, other: Choice): boolean => one.name === other.name && one.value === other.value;

function nearest(wanted: string, values: readonly string[], excluded: ReadonlyMap<string, unknown>): string {
  if (!excluded.has(wanted)) return wanted;
  const place = values.indexOf(wanted);
  const distance = (value: string): number => Math.abs(values.indexOf(value) - place);
  const allowed = values.filter((value) => !excluded.has(value));
  // Where nothing is left the helper says what is wrong.
  return allowed.sort((a, b) => distance(a) - distance(b))[0] ?? wanted;
}
