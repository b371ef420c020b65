/** From the first window to the last: one instance, and an end that stops a running session and keeps its recording. */
import type { App } from 'electron';
import { log } from './log.ts';

/** A quit never takes longer. The helper ends by itself when its input closes, and recordings are append-only. */
const CLOSE_DEADLINE_MS = 2_000;

/** Resolves when the work is done or the time is over, whatever the work does. */
export async function within(ms: number, work: Promise<unknown>): Promise<'done' | 'failed' | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), ms);
  });
  const done = work.then(
    () => 'done' as const,
    () => 'failed' as const,
  );
  const outcome = await Promise.race([done, late]);
  clearTimeout(timer);
  return outcome;
}

/** Holds the quit back until `close` is through. */
export function closeBeforeQuit(app: App, close: () => Promise<void>): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    void within(CLOSE_DEADLINE_MS, close()).then((outcome) => {
      if (outcome !== 'done') log(`the engine did not close in order: ${outcome}`);
      state = 'closed';
      app.quit();
    });
  });
}
