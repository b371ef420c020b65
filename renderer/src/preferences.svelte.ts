/** The person's settings: kept by the shell, applied to the document here. */
import { DEFAULT_SETTINGS, type Settings } from '#contract/settings';
import type { Host } from './host/host.ts';
import { language, localeOf } from './text/language.svelte.ts';
import type { Toasts } from './toasts.svelte.ts';

const dark = typeof matchMedia === 'undefined' ? undefined : matchMedia('(prefers-color-scheme: dark)');

export class Preferences {
  settings = $state.raw<Settings>(DEFAULT_SETTINGS);
  theme = $state<'light' | 'dark'>('light');
  readonly #host: Host;
  readonly #toasts: Toasts;

  constructor(host: Host, toasts: Toasts) {
    this.#host = host;
    this.#toasts = toasts;
    dark?.addEventListener('change', () => this.#apply());
    this.#apply();
  }

  async load(): Promise<void> {
    const settings = await this.#host.call('settings.get');
    if (settings.ok) this.settings = settings.value;
    this.#apply();
  }

  /** Shown at once, kept as soon as the shell has it. */
  async set(change: Partial<Settings>): Promise<void> {
    this.settings = { ...this.settings, ...change };
    this.#apply();
    const kept = await this.#host.call('settings.set', change);
    if (!kept.ok) this.#toasts.complain(kept.error);
  }

  #apply(): void {
    const { locale, theme } = this.settings;
    language.locale = localeOf(locale, navigator.languages);
    this.theme = theme === 'system' ? (dark?.matches === true ? 'dark' : 'light') : theme;
    document.documentElement.lang = language.locale;
    document.documentElement.dataset['theme'] = this.theme;
  }
}
