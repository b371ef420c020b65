/** Work of the engine that takes its time: how far it is, asked for a few times a second, and its end on request. */
import type { TaskProgress } from '#contract/run-files';
import type { Host } from '../host/host.ts';

const ASKED_EVERY_MS = 250;

export class WatchedTask {
  /** Undefined until it is known to take a while. */
  progress = $state.raw<TaskProgress>();
  readonly #host: Host;
  readonly #task: string;

  /** @param task A run's id, or a transfer. */
  constructor(host: Host, task: string) {
    this.#host = host;
    this.#task = task;
  }

  /** Watches until the work settles, and answers what it does. */
  async during<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const watch = async (): Promise<void> => {
      const progress = await this.#host.call('runs.progress', { task: this.#task });
      if (settled) return;
      if (progress.ok && progress.value.active) this.progress = progress.value;
      timer = setTimeout(() => void watch(), ASKED_EVERY_MS);
    };
    let timer = setTimeout(() => void watch(), ASKED_EVERY_MS);
    try {
      return await work;
    } finally {
      settled = true;
      clearTimeout(timer);
    }
  }

  cancel(): void {
    void this.#host.call('runs.cancel', { task: this.#task });
  }
}
