/** settings.json: read once, written whole at every change, set aside where it cannot be read. */
import { readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { toAppError, type AppError } from '#contract/errors';
import { DEFAULT_SETTINGS, StoredSettingsSchema, type Settings } from '#contract/settings';
import { ownFolder } from './folders.ts';

export class SettingsStore {
  readonly #folder: string;
  readonly #path: string;
  #settings: Settings;
  #saved: Promise<void> = Promise.resolve();

  private constructor(folder: string, settings: Settings) {
    this.#folder = folder;
    this.#path = join(folder, 'settings.json');
    this.#settings = settings;
  }

  /** The store, and what was wrong with the file where something was; defaults are used then. */
  static async open(folder: string): Promise<{ store: SettingsStore; problem?: AppError }> {
    const path = join(folder, 'settings.json');
    try {
      const settings = v.parse(StoredSettingsSchema, JSON.parse(await readFile(path, 'utf8')));
      return { store: new SettingsStore(folder, settings) };
    } catch (thrown) {
      const store = new SettingsStore(folder, DEFAULT_SETTINGS);
      const { errno, message } = toAppError(thrown);
      if (errno === 'ENOENT' || errno === 'ENOTDIR') return { store };
      return { store, problem: await setAside(path, message) };
    }
  }

  get(): Settings {
    return this.#settings;
  }

  /** Changes what is given and keeps the rest; settles when it is on disk. */
  async set(change: { [Name in keyof Settings]?: Settings[Name] | undefined }): Promise<Settings> {
    const given = Object.entries(change).filter(([, value]) => value !== undefined);
    const settings: Settings = { ...this.#settings, ...Object.fromEntries(given) };
    this.#settings = settings;
    // One after the other, so that the last change is the one on disk.
    const save = this.#saved.then(() => this.#save(settings));
    this.#saved = save.catch(() => undefined);
    await save;
    return settings;
  }

  async #save(settings: Settings): Promise<void> {
    await ownFolder(this.#folder);
    await writeFileAtomic(this.#path, `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
  }
}

async function setAside(path: string, message: string): Promise<AppError> {
  const time = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '');
  const aside = path.replace(/\.json$/, `.damaged-${time}.json`);
  const moved = await rename(path, aside).then(
    () => true,
    () => false,
  );
  return {
    code: 'settings_damaged',
    message,
    remedy: 'Defaults are used; the old file is kept.',
    where: moved ? basename(aside) : basename(path),
  };
}
