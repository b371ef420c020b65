/** The helper's one-shot commands: one frame asked for, one frame answered. */
import { AppException } from '#contract/errors';
import type { AppError } from '#contract/errors';
import { errorOf, type Cleaned, type Frame } from '#contract/frames';
import type { Describe } from '#contract/describe';
import { crashed, HelperProcess, SILENCE_LIMIT_MS } from './process.ts';

/** After its answer it has nothing left to do. */
const END_LIMIT_MS = 1000;

/** What this system can do. */
export function describe(helper: string, limit_ms = SILENCE_LIMIT_MS): Promise<Describe> {
  return ask(helper, 'describe', (frame) => (frame.t === 'describe' ? frame : undefined), limit_ms);
}

/** Removes what dead runs left behind, and says what it was. */
export function clean(helper: string, cancel?: AbortSignal): Promise<Cleaned> {
  const wanted = (frame: Frame) => (frame.t === 'cleaned' ? frame : undefined);
  return ask(helper, 'clean', wanted, SILENCE_LIMIT_MS, cancel);
}

function ask<T>(
  helper: string,
  command: string,
  wanted: (frame: Frame) => T | undefined,
  limit_ms: number,
  cancel?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    let refusal: AppError | undefined;
    let overdue: NodeJS.Timeout | undefined;
    const child = new HelperProcess(
      helper,
      [command],
      {
        frame: (frame) => {
          const answer = wanted(frame);
          if (answer !== undefined) {
            resolve(answer);
            overdue = setTimeout(() => child.kill(), END_LIMIT_MS);
          } else if (frame.t === 'error') refusal ??= errorOf(frame);
        },
        badLine: (error) => {
          refusal ??= error;
        },
        end: (end) => {
          clearTimeout(overdue);
          reject(new AppException(end.error ?? refusal ?? crashed(end)));
        },
      },
      limit_ms,
    );
    cancel?.addEventListener('abort', () => child.kill(), { once: true });
    // Nothing more is said to it; a helper that waits for commands ends by this.
    child.closeInput();
  });
}
