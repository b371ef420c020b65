/** What was deleted, kept for a while so that it can be taken back; gone for good when the app ends. */
import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ownFolder } from './folders.ts';

/** What was deleted takes up the disk so long, for whoever wants it back. */
const KEPT_MS = 10 * 60_000;

export class Trash {
  /** Its owner's number comes first: what the dead left is removed by RunLibrary.emptyTrash. */
  readonly #folder: string;
  readonly #kept_ms: number;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(dataFolder: string, kept_ms = KEPT_MS) {
    this.#folder = join(dataFolder, 'trash', `${process.pid}-${randomBytes(4).toString('hex')}`);
    this.#kept_ms = kept_ms;
  }

  /** Throws where there is no such folder. */
  async take(path: string, name: string): Promise<void> {
    await ownFolder(this.#folder);
    await rename(path, join(this.#folder, name));
    const timer = setTimeout(() => {
      this.#timers.delete(name);
      void this.#drop(join(this.#folder, name)).catch(() => undefined);
    }, this.#kept_ms);
    this.#timers.set(name, timer.unref());
  }

  /** Throws where it is not here any more. */
  async giveBack(name: string, path: string): Promise<void> {
    await rename(join(this.#folder, name), path);
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }

  async empty(): Promise<void> {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    await this.#drop(this.#folder);
  }

  /** Renamed first, so that nobody takes back what is half gone. */
  async #drop(path: string): Promise<void> {
    const gone = `${this.#folder}-${randomBytes(4).toString('hex')}`;
    const moved = await rename(path, gone).then(
      () => true,
      () => false,
    );
    if (moved) await rm(gone, { recursive: true, force: true });
  }
}
