/** Errors on the terminal: what was wrong, and below it what would be right. */
import type { AppError } from '#contract/errors';
import { errorText } from '#contract/text/error';
import type { Terminal } from './terminal.ts';

export function sayError(terminal: Terminal, error: AppError): void {
  const { what, remedy } = errorText(error, terminal.locale);
  terminal.err(`${terminal.text.errorLabel}: ${what}\n  ${remedy}\n`);
}
