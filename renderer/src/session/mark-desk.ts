/** A person's marks of one session or recorded run: kept by the shell first, shown once it has them. */
import type { AppError } from '#contract/errors';
import { byTime, type Mark } from '#contract/marks';
import { momentText } from '../charts/moment-text.ts';
import type { Host } from '../host/host.ts';
import { language } from '../text/language.svelte.ts';
import type { Toasts } from '../toasts.svelte.ts';
import type { LiveSession } from './live-session.svelte.ts';

/** The moment of the mark: `12.3 s`, `2:05.5`. */
export function markTime({ elapsed_ns }: Pick<Mark, 'elapsed_ns'>): string {
  return momentText(elapsed_ns / 1e9, language.locale);
}

export class MarkDesk {
  readonly #host: Host;
  readonly #toasts: Toasts;
  readonly #session: LiveSession;

  constructor(host: Host, toasts: Toasts, session: LiveSession) {
    this.#host = host;
    this.#toasts = toasts;
    this.#session = session;
  }

  /** Sets a new mark; answers why it was refused, if it was. */
  add(elapsed_s: number, text: string): Promise<AppError | undefined> {
    return this.#put({ id: newId(), elapsed_ns: Math.max(0, Math.round(elapsed_s * 1e9)), text });
  }

  /** Gives a mark another note, which can be taken back. */
  async edit(mark: Mark, text: string): Promise<AppError | undefined> {
    if (text === mark.text) return undefined;
    const error = await this.#put({ ...mark, text });
    if (error === undefined) this.#offerBack(language.t.timeline.changed(markTime(mark)), mark);
    return error;
  }

  async remove(mark: Mark): Promise<void> {
    const removed = await this.#host.call('runs.unmark', { id: this.#session.id, mark: mark.id });
    if (!removed.ok) {
      this.#toasts.complain(removed.error);
      return;
    }
    this.#session.marks = this.#session.marks.filter(({ id }) => id !== mark.id);
    this.#offerBack(language.t.timeline.removed(markTime(mark)), mark);
  }

  #offerBack(text: string, before: Mark): void {
    const run = (): void =>
      void this.#put(before).then((error) => {
        if (error !== undefined) this.#toasts.complain(error);
      });
    this.#toasts.show({ text, tone: 'plain', action: { label: language.t.actions.undo, run } });
  }

  async #put(mark: Mark): Promise<AppError | undefined> {
    const kept = await this.#host.call('runs.mark', { id: this.#session.id, mark });
    if (!kept.ok) return kept.error;
    const others = this.#session.marks.filter(({ id }) => id !== mark.id);
    this.#session.marks = [...others, kept.value].sort(byTime);
    return undefined;
  }
}

/** Different from all others, whichever page sets them. */
function newId(): string {
  const random = crypto.getRandomValues(new Uint32Array(3));
  return [...random].map((n) => n.toString(36).padStart(7, '0')).join('');
}
