/** What the app remembers between starts. */
import * as v from 'valibot';
import { CHART_IDS } from './charts.ts';
import { SessionSpecSchema } from './spec.ts';

export const LOCALES = ['en', 'ko'] as const;
export type Locale = (typeof LOCALES)[number];

/** Strict: an unknown value is refused, as where somebody changes a setting. */
export const SettingsSchema = v.object({
  locale: v.picklist(['system', ...LOCALES]),
  theme: v.picklist(['system', 'light', 'dark']),
  /** The last session asked for, offered again at the next start. */
  last_spec: v.nullable(SessionSpecSchema),
  /** Charts that the person does not want to see; those that a later version adds are shown. */
  hidden_charts: v.array(v.picklist(CHART_IDS)),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  locale: 'system',
  theme: 'system',
  last_spec: null,
  // Messages and bytes a second are one curve while the size stays the same.
  hidden_charts: ['bytes'],
};

const { locale, theme, last_spec, hidden_charts } = SettingsSchema.entries;

/** For what was stored, by another version perhaps: an unknown value becomes its default, and the rest is kept. */
export const StoredSettingsSchema = v.object({
  locale: v.fallback(locale, DEFAULT_SETTINGS.locale),
  theme: v.fallback(theme, DEFAULT_SETTINGS.theme),
  last_spec: v.fallback(last_spec, DEFAULT_SETTINGS.last_spec),
  hidden_charts: v.fallback(hidden_charts, DEFAULT_SETTINGS.hidden_charts),
});
