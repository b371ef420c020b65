/** Files that are being imported, one after the other, also while another view is looked at. */
import type { AppError } from '#contract/errors';
import type { Imported } from '#contract/run-files';
import { formatCount } from '#contract/text/format';
import type { Host } from '../../host/host.ts';
import { formatRoute } from '../../route.ts';
import { WatchedTask } from '../../session/watched-task.svelte.ts';
import { language } from '../../text/language.svelte.ts';
import type { Toasts } from '../../toasts.svelte.ts';
import { sendFile } from './run-files.ts';

export interface RefusedFile {
  name: string;
  error: AppError;
}

export class Imports {
  /** The file that is being taken in. */
  name = $state.raw<string>();
  /** Bytes that have gone; once all have, what the engine says of its checking counts. */
  sent = $state.raw({ done_bytes: 0, total_bytes: 0 });
  checking = $state.raw<WatchedTask>();
  waiting = $state.raw<readonly File[]>([]);
  /** Stays until the person has read it. */
  refused = $state.raw<readonly RefusedFile[]>([]);
  /** Grows with every run that has come in. */
  version = $state.raw(0);
  readonly #host: Host;
  readonly #toasts: Toasts;
  #abort = new AbortController();

  constructor(host: Host, toasts: Toasts) {
    this.#host = host;
    this.#toasts = toasts;
  }

  async add(files: Iterable<File>): Promise<void> {
    this.waiting = [...this.waiting, ...files];
    if (this.name !== undefined) return;
    for (let [file] = this.waiting; file !== undefined; [file] = this.waiting) {
      this.waiting = this.waiting.slice(1);
      await this.#import(file);
    }
  }

  /** Ends the one that is under way; those that wait are not begun. */
  cancel(): void {
    this.waiting = [];
    this.#abort.abort();
    this.checking?.cancel();
  }

  dismiss(refused: RefusedFile): void {
    this.refused = this.refused.filter((one) => one !== refused);
  }

  async #import(file: File): Promise<void> {
    this.name = file.name;
    this.sent = { done_bytes: 0, total_bytes: file.size };
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const error = await this.#carry(file, signal).catch((thrown: unknown): AppError => ({
      code: 'import_refused',
      message: String(thrown),
      remedy: 'Choose a file that can be read.',
      where: 'unreadable',
    }));
    if (error !== undefined && error.code !== 'cancelled') {
      this.refused = [...this.refused, { name: file.name, error }];
    }
    this.checking = undefined;
    this.name = undefined;
  }

  async #carry(file: File, signal: AbortSignal): Promise<AppError | undefined> {
    const received = await this.#host.call('runs.receive', { size_bytes: file.size });
    if (!received.ok) return received.error;
    const transfer = received.value;
    const sent = await sendFile(this.#host, file, transfer, {
      signal,
      sent: (done_bytes) => (this.sent = { done_bytes, total_bytes: file.size }),
    });
    if (!sent.ok || signal.aborted) {
      void this.#host.call('runs.cancel', { task: transfer });
      return sent.ok ? undefined : sent.error;
    }
    this.checking = new WatchedTask(this.#host, transfer);
    const imported = await this.checking.during(this.#host.call('runs.import', { transfer }));
    if (!imported.ok) return imported.error;
    this.version++;
    this.#tell(file.name, imported.value);
    return undefined;
  }

  #tell(name: string, { id, missing_frames }: Imported): void {
    const { t, locale } = language;
    this.#toasts.show({
      text:
        missing_frames === 0
          ? t.recordings.imported(name)
          : t.recordings.importedMissing(name, formatCount(missing_frames, locale)),
      tone: missing_frames === 0 ? 'plain' : 'bad',
      action: {
        label: t.recordings.showRun,
        run: () => (location.hash = formatRoute({ view: 'run', id })),
      },
    });
  }
}
