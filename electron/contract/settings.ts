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
  /** A newcomer has been shown a session; it never starts by itself again. */
  greeted: v.boolean(),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  locale: 'system',
  theme: 'system',
  last_spec: null,
  greeted: false,
};

const { locale, theme, last_spec, greeted } = SettingsSchema.entries;

/** For what was stored, by another version perhaps: an unknown value becomes its default, and the rest is kept. */
export const StoredSettingsSchema = v.object({
  locale: v.fallback(locale, DEFAULT_SETTINGS.locale),
  theme: v.fallback(theme, DEFAULT_SETTINGS.theme),
  last_spec: v.fallback(last_spec, DEFAULT_SETTINGS.last_spec),
  greeted: v.fallback(greeted, DEFAULT_SETTINGS.greeted),
});
