/** The sweeps as the page knows them: the kept ones, the one that is looked at, and the one that runs. */
import type { AppError } from '#contract/errors';
import type { SweepCommand, SweepInfo, SweepProgress, SweepSnapshot } from '#contract/sweep';
import type { Host } from '../../host/host.ts';
import { language } from '../../text/language.svelte.ts';
import type { Toasts } from '../../toasts.svelte.ts';
import { download } from '../runs/download.ts';
import { SweepForm } from './sweep-form.svelte.ts';

export class Sweeps {
  readonly form = new SweepForm();
  list = $state.raw<readonly SweepInfo[]>();
  listError = $state.raw<AppError>();
  shown = $state.raw<SweepSnapshot>();
  /** Why the one that is to be looked at cannot be shown. */
  shownError = $state.raw<AppError>();
  /** Why the last start or command was refused. */
  error = $state.raw<AppError>();
  starting = $state(false);
  readonly #host: Host;
  readonly #toasts: Toasts;
  /** Which one is to be looked at; an answer that comes after a change of mind is dropped. */
  #wanted: string | undefined;
  #fetching = false;
  /** Counts the requests for the list. */
  #listTurn = 0;

  constructor(host: Host, toasts: Toasts) {
    this.#host = host;
    this.#toasts = toasts;
    host.listen((message) => {
      if (message.kind === 'batch' && message.sweep !== undefined) this.#take(message.sweep);
    });
  }

  /** The one that runs here, or stands still for a moment. */
  get active(): SweepInfo | undefined {
    return this.list?.find(({ state }) => state === 'running' || state === 'paused');
  }

  async load(): Promise<void> {
    const turn = ++this.#listTurn;
    const list = await this.#host.call('sweep.list');
    // What was asked before the last change may bring back a sweep that was deleted.
    if (turn !== this.#listTurn) return;
    this.listError = list.ok ? undefined : list.error;
    if (!list.ok) return;
    this.list = list.value;
    const newest = list.value.find(({ spec }) => spec !== null)?.spec;
    if (!this.form.filled && newest) this.form.adopt(newest);
  }

  /** After the connection was lost: nobody knows what was missed. */
  async reload(): Promise<void> {
    if (this.list === undefined) return;
    await this.load();
    if (this.#wanted !== undefined) await this.show(this.#wanted);
  }

  async show(id: string | undefined): Promise<void> {
    this.#wanted = id;
    if (this.shown?.info.id !== id) this.shown = undefined;
    this.shownError = undefined;
    if (id === undefined) return;
    const opened = await this.#host.call('sweep.open', { id });
    if (this.#wanted !== id) return;
    this.shown = opened.ok ? opened.value : undefined;
    this.shownError = opened.ok ? undefined : opened.error;
  }

  /** The started sweep's name; undefined where it was refused. */
  async start(): Promise<string | undefined> {
    if (this.starting) return undefined;
    this.starting = true;
    this.error = undefined;
    const started = await this.#host.call('sweep.start', this.form.spec);
    this.starting = false;
    if (!started.ok) {
      this.error = started.error;
      return undefined;
    }
    await this.load();
    return started.value.id;
  }

  async command(id: string, command: SweepCommand): Promise<void> {
    const done = await this.#host.call('sweep.command', { id, command });
    this.error = done.ok ? undefined : done.error;
    await this.load();
    if (this.#wanted === id) await this.show(id);
  }

  async export(id: string, format: 'markdown' | 'csv'): Promise<void> {
    const file = await this.#host.call('sweep.export', { id, format, locale: language.locale });
    if (file.ok) download(file.value);
    else this.#toasts.complain(file.error);
  }

  async remove({ id }: SweepInfo, name: string): Promise<boolean> {
    const removed = await this.#host.call('sweep.delete', { id });
    if (!removed.ok) {
      this.#toasts.complain(removed.error);
      return false;
    }
    this.list = this.list?.filter((info) => info.id !== id);
    void this.load();
    const { t } = language;
    this.#toasts.show({
      text: t.sweep.deleted(name),
      tone: 'plain',
      action: { label: t.actions.undo, run: () => void this.#restore(id) },
    });
    return true;
  }

  async #restore(id: string): Promise<void> {
    const restored = await this.#host.call('sweep.restore', { id });
    if (!restored.ok) this.#toasts.complain(restored.error);
    await this.load();
    if (this.#wanted === id) await this.show(id);
  }

  #take(progress: SweepProgress): void {
    const { id } = progress;
    // Started elsewhere, by another page or the terminal: the list does not have it yet.
    if (this.list !== undefined && !this.list.some((info) => info.id === id)) void this.load();
    this.list = this.list?.map((info) => (info.id === id ? { ...info, ...progress } : info));
    if (this.shown?.info.id !== id) return;
    this.shown = { ...this.shown, info: { ...this.shown.info, ...progress } };
    void this.#fetch(id);
  }

  /** Gets the results that are new, one request at a time. */
  async #fetch(id: string): Promise<void> {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      for (;;) {
        const { shown } = this;
        if (shown?.info.id !== id || shown.results.length >= shown.info.done) return;
        const from = shown.results.length;
        const more = await this.#host.call('sweep.open', { id, from });
        if (!more.ok || more.value.results.length === 0) return;
        // What is shown may have been loaded anew meanwhile.
        if (this.shown?.info.id === id && this.shown.results.length === from) {
          this.shown = { ...this.shown, results: [...this.shown.results, ...more.value.results] };
        }
      }
    } finally {
      this.#fetching = false;
    }
  }
}
