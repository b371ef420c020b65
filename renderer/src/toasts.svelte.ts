/** Short messages that offer a way back and go away by themselves. */
import type { AppError } from '#contract/errors';
import { errorText } from '#contract/text/error';
import { language } from './text/language.svelte.ts';

export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  /** Until it is dismissed. */
  stays?: boolean;
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 8_000;
/** Long enough to reach the action by keyboard. */
const WITH_ACTION_MS = 20_000;
const MOST = 3;

export class Toasts {
  shown = $state.raw<readonly Toast[]>([]);
  #timers: Partial<Record<number, ReturnType<typeof setTimeout>>> = {};
  #last = 0;

  show(toast: Omit<Toast, 'id'>): void {
    const shown = { id: ++this.#last, ...toast };
    this.shown = [...this.shown, shown];
    const passing = this.shown.filter(({ stays }) => stays !== true);
    for (const { id } of passing.slice(0, -MOST)) this.dismiss(id);
    this.release(shown.id);
  }

  /** What went wrong with something that has no place of its own on the page. */
  complain(error: AppError, { stays = false } = {}): void {
    const { what, remedy } = errorText(error, language.locale);
    this.show({ text: `${what} ${remedy}`, tone: 'bad', stays });
  }

  /** Somebody is at it: it does not go away meanwhile. */
  hold(id: number): void {
    clearTimeout(this.#timers[id]);
    const { [id]: _stopped, ...others } = this.#timers;
    this.#timers = others;
  }

  /** Lets it go away after its time, counted from now. */
  release(id: number): void {
    this.hold(id);
    const toast = this.shown.find((shown) => shown.id === id);
    if (toast === undefined || toast.stays === true) return;
    const time_ms = toast.action === undefined ? SHOWN_MS : WITH_ACTION_MS;
    this.#timers[id] = setTimeout(() => this.dismiss(id), time_ms);
  }

  dismiss(id: number): void {
    this.hold(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}
