/** What a person types while a dialogue runs, as commands to the session. */
import { AppException, toAppError, type AppError } from '#contract/errors';
import type { Role } from '#contract/frames';
import type { SessionCommand } from '#contract/session';
import { utteranceFault } from '#contract/utterance';
import type { Terminal } from './terminal.ts';

const NAMES: Readonly<Record<string, Role>> = {
  a: 'producer',
  b: 'consumer',
  producer: 'producer',
  consumer: 'consumer',
};

/** `a: text`, `b: text`, or the roles' own names; undefined for a line that names nobody. */
export function speakerOf(line: string): { role: Role; text: string } | undefined {
  const found = /^\s*(a|b|producer|consumer)\s*:\s*(.*)$/iu.exec(line);
  const role = NAMES[(found?.[1] ?? '').toLowerCase()];
  return role === undefined ? undefined : { role, text: found?.[2] ?? '' };
}

/**
 * Lines in the order in which they are typed, each said when the one before it has been heard. Those that name nobody are
 * said by whoever did not speak last.
 */
export class Talk {
  readonly #send: (command: SessionCommand) => Promise<unknown>;
  readonly #refused: (error: AppError) => void;
  readonly #unsubscribe: () => void;
  /** Lines that came before the session could take them. */
  #waiting: (string | undefined)[] | undefined = [];
  #turn: Role = 'producer';
  #settle: (() => void) | undefined;
  #work: Promise<void> = Promise.resolve();

  constructor(
    terminal: Terminal,
    send: (command: SessionCommand) => Promise<unknown>,
    refused: (error: AppError) => void,
  ) {
    this.#send = send;
    this.#refused = refused;
    this.#unsubscribe = terminal.onLine((line) => this.#take(line));
  }

  /** The session takes lines from now on. */
  begin(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const line of waiting) this.#take(line);
  }

  /** The line that was said has arrived or was refused, or nobody is left to hear it. */
  settled(): void {
    this.#settle?.();
    this.#settle = undefined;
  }

  close(): void {
    this.#unsubscribe();
    this.settled();
  }

  #take(line: string | undefined): void {
    if (this.#waiting !== undefined) {
      this.#waiting.push(line);
      return;
    }
    // One after the other, so that what was typed first is said first.
    this.#work = this.#work
      .then(() => this.#carryOut(line))
      .catch((thrown) => this.#refused(toAppError(thrown)));
  }

  async #carryOut(line: string | undefined): Promise<void> {
    if (line === undefined) {
      // A dialogue that is over need not be stopped.
      await this.#send({ command: 'stop' }).catch(() => undefined);
      return;
    }
    if (line.trim() === '') return;
    const { role, text } = speakerOf(line) ?? { role: this.#turn, text: line };
    const fault = utteranceFault(text);
    if (fault !== undefined) throw new AppException(fault);
    const heard = new Promise<void>((resolve) => (this.#settle = resolve));
    await this.#send({ command: 'say', role, text });
    await heard;
    this.#turn = role === 'producer' ? 'consumer' : 'producer';
  }
}
