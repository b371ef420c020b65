/** Why values cannot be chosen, in words. */
import type { Choice } from '#contract/describe';
import { language } from '../../../text/language.svelte.ts';
import { optionWord, patternWord, valueLabel, variantWord } from '../../../text/words.ts';

function labelOf({ name, value }: Choice): string {
  if (name === 'variant') return variantWord(value).label;
  return name === 'pattern' ? patternWord(value).label : valueLabel(value);
}

/** One sentence for each choice that others do not go with; nothing where all may be chosen. */
export function excludedText(name: string, excluded: ReadonlyMap<string, Choice> | undefined): string {
  const byRival = new Map<string, string[]>();
  for (const [value, rival] of excluded ?? []) {
    const words = language.t.setup.rival(optionWord(rival.name).label, labelOf(rival));
    byRival.set(words, [...(byRival.get(words) ?? []), labelOf({ name, value })]);
  }
  return [...byRival].map(([rival, values]) => language.t.setup.excluded(values.join(', '), rival)).join(' ');
}
