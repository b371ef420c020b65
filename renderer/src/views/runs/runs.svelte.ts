/** The library of runs as the list shows it. */
import type { AppError } from '#contract/errors';
import type { ExportFormat, RunInfo, RunLabel } from '#contract/runs';
import type { Host } from '../../host/host.ts';
import { language } from '../../text/language.svelte.ts';
import type { Toasts } from '../../toasts.svelte.ts';
import { download } from './download.ts';
import { takeFile } from './run-files.ts';

export class Runs {
  list = $state.raw<readonly RunInfo[]>();
  error = $state.raw<AppError>();
  /** Runs of which a file is being made. */
  packing = $state.raw<readonly string[]>([]);
  readonly #host: Host;
  readonly #toasts: Toasts;

  constructor(host: Host, toasts: Toasts) {
    this.#host = host;
    this.#toasts = toasts;
  }

  async load(): Promise<void> {
    const list = await this.#host.call('runs.list');
    this.error = list.ok ? undefined : list.error;
    if (list.ok) this.list = list.value;
  }

  async remove(run: RunInfo, name: string): Promise<boolean> {
    const removed = await this.#host.call('runs.delete', { id: run.id });
    if (!removed.ok) {
      this.#toasts.complain(removed.error);
      return false;
    }
    this.list = this.list?.filter(({ id }) => id !== run.id);
    const { t } = language;
    this.#toasts.show({
      text: t.runs.deleted(name),
      tone: 'plain',
      action: { label: t.actions.undo, run: () => void this.#restore(run.id) },
    });
    return true;
  }

  /** Changes what is said about a run; false, with a complaint, where it could not be kept. */
  async label(id: string, change: Partial<RunLabel>): Promise<boolean> {
    const labelled = await this.#host.call('runs.label', { id, change });
    if (!labelled.ok) {
      this.#toasts.complain(labelled.error);
      return false;
    }
    this.list = this.list?.map((run) => (run.id === id ? { ...run, label: labelled.value } : run));
    return true;
  }

  async export(id: string, format: ExportFormat): Promise<void> {
    const file = await this.#host.call('runs.export', { id, format, locale: language.locale });
    if (file.ok) download(file.value);
    else this.#toasts.complain(file.error);
  }

  /** The run as one file that another IPC Scope can import. */
  async exportRecording(id: string): Promise<void> {
    if (this.packing.includes(id)) return;
    this.packing = [...this.packing, id];
    const packed = await this.#host.call('runs.pack', { id });
    const taken = packed.ok ? await takeFile(this.#host, packed.value) : packed;
    if (!taken.ok) this.#toasts.complain(taken.error);
    this.packing = this.packing.filter((one) => one !== id);
  }

  async #restore(id: string): Promise<void> {
    const restored = await this.#host.call('runs.restore', { id });
    if (!restored.ok) this.#toasts.complain(restored.error);
    await this.load();
  }
}
