/** Where a command writes and what it is told: results to `out`, everything else to `err`. */
import { createInterface } from 'node:readline';
import type { Locale } from '#contract/settings';
import type { Environment } from '#engine/folders';
import { texts, type Texts } from './text.ts';

export interface Terminal {
  locale: Locale;
  text: Texts;
  /** Whether a person watches `err`, so that a line may be drawn again and again. */
  live: boolean;
  /** Columns of the screen. */
  columns(): number;
  out(text: string): void;
  err(text: string): void;
  /** Calls back at Ctrl-C and at a polite end; the answer ends that. */
  onInterrupt(run: () => void): () => void;
  /** Calls back with each line of stdin, and with undefined at its end; the answer ends that. */
  onLine(run: (line: string | undefined) => void): () => void;
}

/** The language that the environment asks for, in the order that POSIX gives the variables. */
export function localeOf(env: Environment): Locale {
  const name = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return /^ko(?![a-z])/i.test(name) ? 'ko' : 'en';
}

export function processTerminal(): Terminal {
  const locale = localeOf(process.env);
  // A reader that has seen enough (`| head`) closes the pipe; that is no fault of ours.
  const closed = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
  };
  process.stdout.on('error', closed);
  process.stderr.on('error', closed);
  return {
    locale,
    text: texts[locale],
    live: process.stderr.isTTY === true,
    columns: () => process.stderr.columns || 80,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    onInterrupt(run) {
      process.on('SIGINT', run);
      process.on('SIGTERM', run);
      return () => {
        process.off('SIGINT', run);
        process.off('SIGTERM', run);
      };
    },
    onLine(run) {
      const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
      lines.on('line', run);
      lines.once('close', () => run(undefined));
      return () => {
        lines.removeAllListeners();
        lines.close();
        // Somebody may hold the other end open for ever.
        process.stdin.destroy();
      };
    },
  };
}
