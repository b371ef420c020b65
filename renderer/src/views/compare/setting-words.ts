/** Settings in the reader's words, for a comparison. */
import type { SettingWords } from '#contract/text/comparison';
import { mechanismWord, optionWord, patternWord, variantWord } from '../../text/words.ts';
import { optionText } from '../live/panel/option-text.ts';

const NAMES: Readonly<Record<string, typeof mechanismWord>> = {
  mechanism: mechanismWord,
  variant: variantWord,
  pattern: patternWord,
};

export const settingWords: SettingWords = {
  setting: (name) => optionWord(name).label,
  value: (name, value) =>
    Object.hasOwn(NAMES, name) ? (NAMES[name]?.(String(value)).label ?? '') : optionText(name, value),
};
