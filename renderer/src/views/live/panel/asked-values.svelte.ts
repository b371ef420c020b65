/** Values of live options that were asked for and not answered yet: shown until the session says what came of them. */
import type { AppError, Result } from '#contract/errors';
import type { LiveSession } from '../../../session/live-session.svelte.ts';
import type { Draft } from '../setup/setup.svelte.ts';

interface Asked {
  value: Draft;
  /** What was known of the session then; anything newer is the answer. */
  change: object | undefined;
  errors: readonly AppError[];
}

export class AskedValues {
  #asked = $state.raw<Readonly<Record<string, Asked>>>({});
  readonly #session: LiveSession;

  constructor(session: LiveSession) {
    this.#session = session;
  }

  /** Undefined where nothing is open. */
  of(name: string): Draft | undefined {
    const asked = this.#asked[name];
    const { errors } = this.#session;
    return asked?.change === this.#session.changeOf(name) && asked?.errors === errors
      ? asked.value
      : undefined;
  }

  /** Shows the value, and asks for it where there is something to `send`; a value refused is not shown as if it were set. */
  async ask(name: string, value: Draft, send?: () => Promise<Result<unknown>>): Promise<void> {
    const asked = { value, change: this.#session.changeOf(name), errors: this.#session.errors };
    this.#asked = { ...this.#asked, [name]: asked };
    const answer = await send?.();
    if (answer?.ok !== false || this.#asked[name] !== asked) return;
    const { [name]: _refused, ...others } = this.#asked;
    this.#asked = others;
  }
}
