/** The page's language: one for the whole page, switchable while it runs. */
import type { Locale } from '#contract/settings';
import { en } from './en.ts';
import { ko } from './ko.ts';

export type Text = typeof en;

const texts: Record<Locale, Text> = { en, ko };

class Language {
  locale = $state<Locale>('en');

  get t(): Text {
    return texts[this.locale];
  }
}

/** Read in components and getters as `language.t…`; a change of `locale` shows everywhere at once. */
export const language = new Language();

/** The language of a setting; `system` follows the first language of the browser that we speak. */
export function localeOf(setting: Locale | 'system', preferred: readonly string[]): Locale {
  if (setting !== 'system') return setting;
  for (const tag of preferred) {
    const primary = tag.toLowerCase().split('-')[0];
    if (primary === 'ko' || primary === 'en') return primary;
  }
  return 'en';
}
