/** The settings of several runs beside each other. */
import type { OptionValues } from '../frames.ts';
import type { Side } from './side.ts';

export interface SettingRow {
  /** mechanism, variant, pattern, or the name of an option. */
  name: string;
  /** By side; undefined where the mechanism has no such option. */
  values: (OptionValues[string] | undefined)[];
  /** Whether two sides that have it have it differently. */
  differs: boolean;
}

/** What says most about a session comes first; then the options as the helper lists them. */
const FIRST = ['mechanism', 'variant', 'pattern', 'size_bytes', 'rate_per_s'];

/** Every setting that any side has; those that differ first. */
export function settingRows(sides: readonly Side[]): SettingRow[] {
  const settings = sides.map(({ summaries: [{ mechanism, variant, pattern, options }] }): OptionValues => ({
    mechanism,
    variant,
    pattern,
    ...options,
  }));
  const names = [...new Set([...FIRST, ...settings.flatMap((own) => Object.keys(own))])];
  const rows = names.map((name): SettingRow => {
    const values = settings.map((own) => (Object.hasOwn(own, name) ? own[name] : undefined));
    const known = values.filter((value) => value !== undefined);
    return { name, values, differs: known.some((value) => value !== known[0]) };
  });
  const there = rows.filter(({ values }) => values.some((value) => value !== undefined));
  return there.sort((a, b) => Number(b.differs) - Number(a.differs));
}
