/** The calls that are kept to be looked at: the first ones, which show how a session begins, and the newest. */
import type { Call } from '#contract/frames';

export const FIRST_CALLS = 200;
export const NEWEST_CALLS = 800;

export class CallLog {
  readonly #first: Call[] = [];
  readonly #newest: Call[] = [];

  push(call: Call): void {
    if (this.#first.length < FIRST_CALLS) {
      this.#first.push(call);
      return;
    }
    this.#newest.push(call);
    // Trimmed in blocks, so that not every call moves hundreds.
    if (this.#newest.length >= 2 * NEWEST_CALLS) this.#newest.splice(0, NEWEST_CALLS);
  }

  get length(): number {
    return this.#first.length + Math.min(NEWEST_CALLS, this.#newest.length);
  }

  get last(): Call | undefined {
    return this.#newest.at(-1) ?? this.#first.at(-1);
  }

  /** In the order in which they happened. */
  all(): Call[] {
    return [...this.#first, ...this.#newest.slice(-NEWEST_CALLS)];
  }
}
