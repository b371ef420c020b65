import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '#contract/settings';
import { SettingsStore } from './settings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipc-scope-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('settings', () => {
  it('are the defaults where there is no file', async () => {
    const { store, problem } = await SettingsStore.open(join(folder, 'not', 'there'));
    expect(store.get()).toEqual(DEFAULT_SETTINGS);
    expect(problem).toBeUndefined();
  });

  it('keep what a partial change leaves out, and outlive the app', async () => {
    const { store } = await SettingsStore.open(folder);
    await store.set({ theme: 'dark' });
    await store.set({ locale: 'ko', theme: undefined });
    expect(store.get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', locale: 'ko' });
    expect((await SettingsStore.open(folder)).store.get()).toEqual(store.get());
  });

  it('end as the last of many changes at once', async () => {
    const { store } = await SettingsStore.open(folder);
    const themes = ['light', 'dark', 'system', 'dark', 'light'] as const;
    await Promise.all(themes.map((theme) => store.set({ theme })));
    expect(JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8'))).toMatchObject({
      theme: 'light',
    });
  });

  it.each([['{"theme":'], ['"text"'], ['null'], ['']])(
    'that are damaged (%s) are set aside',
    async (text) => {
      await writeFile(join(folder, 'settings.json'), text);
      const { store, problem } = await SettingsStore.open(folder);
      expect(store.get()).toEqual(DEFAULT_SETTINGS);
      expect(problem).toMatchObject({ code: 'settings_damaged' });
      const [aside] = await readdir(folder);
      expect(aside).toMatch(/^settings\.damaged-\d{8}T\d{6}\.json$/);
      expect(problem?.where).toBe(aside);
      expect(await readFile(join(folder, aside ?? ''), 'utf8')).toBe(text);
    },
  );

  it('keep the rest where one value is unknown', async () => {
    await writeFile(join(folder, 'settings.json'), '{"theme":"sepia","locale":"ko"}');
    const { store, problem } = await SettingsStore.open(folder);
    expect(store.get()).toEqual({ ...DEFAULT_SETTINGS, locale: 'ko' });
    expect(problem).toBeUndefined();
  });
});
