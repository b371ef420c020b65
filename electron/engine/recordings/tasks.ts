/** Work that takes its time: how far it is, and its end on request. */
import type { TaskProgress } from '#contract/run-files';

export interface Task {
  readonly signal: AbortSignal;
  /** Says how much of the whole is done, bytes. */
  done(bytes: number): void;
}

interface Running extends Task {
  readonly total_bytes: number;
  readonly abort: AbortController;
  done_bytes: number;
}

export class Tasks {
  /** Two pages may open the same run at the same time. */
  readonly #running = new Map<string, Set<Running>>();

  async run<T>(name: string, total_bytes: number, work: (task: Task) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    const task: Running = {
      total_bytes,
      abort,
      signal: abort.signal,
      done_bytes: 0,
      done: (bytes) => (task.done_bytes = Math.min(bytes, total_bytes)),
    };
    const all = this.#running.get(name) ?? new Set();
    this.#running.set(name, all.add(task));
    try {
      return await work(task);
    } finally {
      all.delete(task);
      if (all.size === 0) this.#running.delete(name);
    }
  }

  progress(name: string): TaskProgress {
    const [task] = this.#running.get(name) ?? [];
    return {
      active: task !== undefined,
      done_bytes: task?.done_bytes ?? 0,
      total_bytes: task?.total_bytes ?? 0,
    };
  }

  cancel(name: string): void {
    for (const { abort } of this.#running.get(name) ?? []) abort.abort();
  }

  cancelAll(): void {
    for (const name of this.#running.keys()) this.cancel(name);
  }
}
