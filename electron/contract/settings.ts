/** What the app remembers between starts. */
import * as v from 'valibot';
import { CHART_IDS } from './charts.ts';
import { REPLAY_SPEEDS } from './replay.ts';
import { KEEP_ALL, RetentionSchema } from './retention.ts';
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
  /** How many times as fast as it was a recorded run is replayed. */
  replay_speed: v.picklist(REPLAY_SPEEDS),
  /** Which recorded runs are kept. */
  retention: RetentionSchema,
  /** Charts that the person does not want to see; those that a later version adds are shown. */
  hidden_charts: v.array(v.picklist(CHART_IDS)),
  /** Keys of one letter, which whoever speaks to the computer may want to be without (WCAG 2.1.4). */
  letter_keys: v.boolean(),
});
export type Settings = v.InferOutput<typeof SettingsSchema>;

export const DEFAULT_SETTINGS: Settings = {
  locale: 'system',
  theme: 'system',
  last_spec: null,
  greeted: false,
  replay_speed: 1,
  retention: KEEP_ALL,
  // Messages and bytes a second are one curve while the size stays the same.
  hidden_charts: ['bytes'],
  letter_keys: true,
};

const { locale, theme, last_spec, greeted, replay_speed, retention, hidden_charts, letter_keys } =
  SettingsSchema.entries;

/** For what was stored, by another version perhaps: an unknown value becomes its default, and the rest is kept. */
export const StoredSettingsSchema = v.object({
  locale: v.fallback(locale, DEFAULT_SETTINGS.locale),
  theme: v.fallback(theme, DEFAULT_SETTINGS.theme),
  last_spec: v.fallback(last_spec, DEFAULT_SETTINGS.last_spec),
  greeted: v.fallback(greeted, DEFAULT_SETTINGS.greeted),
  replay_speed: v.fallback(replay_speed, DEFAULT_SETTINGS.replay_speed),
  retention: v.fallback(retention, DEFAULT_SETTINGS.retention),
  hidden_charts: v.fallback(hidden_charts, DEFAULT_SETTINGS.hidden_charts),
  letter_keys: v.fallback(letter_keys, DEFAULT_SETTINGS.letter_keys),
});
