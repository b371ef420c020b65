/** Words for names that come from the helper: ours where we have them, the name itself where we do not. */
import type { OptionValues } from '#contract/frames';
import { formatBytes } from '#contract/text/format';
import { language } from './language.svelte.ts';

export interface Word {
  label: string;
  hint: string;
}

/** `max_open_files` → `Max open files`: an option that no language knows yet still reads well. */
export function humanise(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function word(words: Readonly<Record<string, unknown>>, name: string): Word {
  const found = Object.hasOwn(words, name) ? words[name] : undefined;
  return isWord(found) ? found : { label: humanise(name), hint: '' };
}

function isWord(value: unknown): value is Word {
  return typeof value === 'object' && value !== null && 'label' in value && 'hint' in value;
}

export const mechanismWord = (id: string): Word => word(language.t.mechanisms, id);
export const variantWord = (name: string): Word => word(language.t.variants, name);
/** What the variant does in this mechanism, and where that is described; what variants are for where we do not know. */
export function variantHint(mechanism: string, variant: string): string {
  const tunings: Readonly<Record<string, Readonly<Record<string, string>>>> = language.t.tunings;
  const own = Object.hasOwn(tunings, mechanism) ? tunings[mechanism] : undefined;
  return (
    (own !== undefined && Object.hasOwn(own, variant) ? own[variant] : undefined) ?? variantWord(variant).hint
  );
}
export const patternWord = (name: string): Word => word(language.t.patterns, name);

export const rpcFieldWord = (name: string): Word => word(language.t.rpcFields, name);

export const gaugeWord = (name: string): Word => word(language.t.gauges, name);

export function optionWord(name: string): Word {
  const { t } = language;
  if (name === 'mechanism') return { label: t.setup.mechanism, hint: t.setup.mechanismHint };
  if (name === 'variant') return { label: t.setup.variant, hint: t.variants.tuned.hint };
  if (name === 'pattern') return { label: t.setup.pattern, hint: t.patterns.stream.hint };
  return word(t.options, name);
}

export function valueLabel(value: string): string {
  const values: Readonly<Record<string, string>> = language.t.options.values;
  return (Object.hasOwn(values, value) ? values[value] : undefined) ?? value;
}

export function objectLabel(kind: string): string {
  const objects: Readonly<Record<string, string>> = language.t.objects;
  return (Object.hasOwn(objects, kind) ? objects[kind] : undefined) ?? kind.replaceAll('_', ' ');
}

/** What a sort of OS object is; empty for one that no language knows. */
export const objectMeaning = (kind: string): string => meaningIn(language.t.meanings.objects, kind);

/** What the value of an option does; empty where it needs no words. */
export function valueMeaning(option: string, value: unknown): string {
  const { values } = language.t.meanings;
  return typeof value === 'string' && isOptionWithMeanings(values, option)
    ? meaningIn(values[option], value)
    : '';
}

function isOptionWithMeanings<Values extends object>(
  values: Values,
  name: string,
): name is keyof Values & string {
  return Object.hasOwn(values, name);
}

function meaningIn(meanings: Readonly<Record<string, string>>, name: string): string {
  return (Object.hasOwn(meanings, name) ? meanings[name] : undefined) ?? '';
}

/** The message size of a session, where its options say it. */
export function sizeText(options: OptionValues): string {
  const size = options['size_bytes'];
  return typeof size === 'number' ? formatBytes(size, language.locale) : '';
}
