import type { AppError } from '#contract/errors';

/**
 * Runs `taken` after the page has drawn a frame: the acknowledgement of a batch, so that a page that cannot keep up
 * slows its own supply. A hidden page gets no animation frames; it answers on a timer, for its notes and its end still count.
 */
export function afterFrame(taken: () => void): void {
  let done = false;
  const once = (): void => {
    if (done) return;
    done = true;
    taken();
  };
  if (!document.hidden) requestAnimationFrame(once);
  setTimeout(once, document.hidden ? 0 : 500);
}

/** The answer that a call gets when there is nobody to ask. */
export function connectionLost(where: string): { ok: false; error: AppError } {
  return {
    ok: false,
    error: {
      code: 'connection_lost',
      message: 'IPC Scope cannot be reached from this page',
      remedy: 'Check that it still runs; the page connects again by itself.',
      where,
    },
  };
}
