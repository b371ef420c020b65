/** Removes the runs beyond the limits that were set: into the trash, from where they can be taken back. */
import { surplus, type Retention } from '#contract/retention';
import type { RunInfo } from '#contract/runs';
import type { RunLibrary } from './library.ts';

export class Tidier {
  readonly #library: RunLibrary;
  readonly #retention: () => Retention;
  /** Removed, and nobody has been told yet. */
  #untold: RunInfo[] = [];
  #work: Promise<void> = Promise.resolve();

  constructor(library: RunLibrary, retention: () => Retention) {
    this.#library = library;
    this.#retention = retention;
  }

  /** Once `first` has settled; one after the other, and never a failure of anything else. */
  tidy(first?: Promise<unknown>): Promise<void> {
    this.#work = this.#work
      .then(() => first)
      .then(() => this.#removeSurplus())
      .catch(() => undefined);
    return this.#work;
  }

  /** What was removed since somebody asked last, after what is under way. */
  async told(): Promise<RunInfo[]> {
    await this.#work;
    const removed = this.#untold;
    this.#untold = [];
    return removed;
  }

  async #removeSurplus(): Promise<void> {
    const { runs, gigabytes, days } = this.#retention();
    if (runs === null && gigabytes === null && days === null) return;
    for (const run of surplus(await this.#library.list(), { runs, gigabytes, days }, Date.now())) {
      // One that cannot be removed, because another app records it for instance, stays where it is.
      const gone = await this.#library.delete(run.id).then(
        () => true,
        () => false,
      );
      if (gone) this.#untold.push(run);
    }
  }
}
