/** What the app remembers between starts. */
import * as v from 'valibot';
import { SessionSpecSchema } from './spec.ts';

export const LOCALES = ['en', 'ko'] as const;
export type Locale = (typeof LOCALES)[number];

/** Strict: an unknown value is refused, as where somebody changes a setting. */
export const SettingsSchema = v.object({
  locale: v.picklist(['system', ...LOCALES]),
  theme: v.picklist(['system', 'light', 'dark']),
  /** The last session asked for, offered again at the next start. */
  last_spec: v.nullable(SessionSpecSchema),
  /** Keys of one letter, which whoever speaks to the computer may want to be without (WCAG 2.1.4). */
  letter_keys: v.boolean(),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  locale: 'system',
  theme: 'system',
  last_spec: null,
  letter_keys: true,
};

const { locale, theme, last_spec, letter_keys } = SettingsSchema.entries;

/** For what was stored, by another version perhaps: an unknown value becomes its default, and the rest is kept. */
export const StoredSettingsSchema = v.object({
  locale: v.fallback(locale, DEFAULT_SETTINGS.locale),
  theme: v.fallback(theme, DEFAULT_SETTINGS.theme),
  last_spec: v.fallback(last_spec, DEFAULT_SETTINGS.last_spec),
  letter_keys: v.fallback(letter_keys, DEFAULT_SETTINGS.letter_keys),
});
