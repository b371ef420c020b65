/** A page that crashes or hangs is loaded again, but not for ever; the session lives in the engine and goes on. */
import type { BrowserWindow } from 'electron';
import { log } from './log.ts';

const ATTEMPTS = 3;
const PERIOD_MS = 5 * 60_000;
/** How long a page may hang before it is ended. A debugger or a huge chart export may take a while. */
const PATIENCE_MS = 10_000;

/** At most so many recoveries within a period. */
export class RecoveryBudget {
  #spent: number[] = [];

  /** Whether one more is allowed now; if so it is spent. */
  take(now_ms: number): boolean {
    this.#spent = this.#spent.filter((at) => now_ms - at < PERIOD_MS);
    if (this.#spent.length >= ATTEMPTS) return false;
    this.#spent.push(now_ms);
    return true;
  }
}

export interface RecoveryActions {
  /** Loads the page again. */
  load(): void;
  /** The page is gone: its port with it. */
  lost(): void;
  /** Asks a person, as loading again does not help. */
  giveUp(): void;
}

export function recoverPage(window: BrowserWindow, actions: RecoveryActions): void {
  const budget = new RecoveryBudget();
  let hanging: NodeJS.Timeout | undefined;
  const responsive = (): void => {
    clearTimeout(hanging);
    hanging = undefined;
  };
  window.webContents.on('render-process-gone', (_event, details) => {
    responsive();
    if (details.reason === 'clean-exit') return;
    log(`the page is gone: ${details.reason}, exit code ${details.exitCode}`);
    actions.lost();
    // Electron tells while Chromium is still taking the process down; loading from within brought the app down with it
    // (electron/electron#51900).
    setImmediate(() => {
      if (window.isDestroyed()) return;
      if (budget.take(Date.now())) actions.load();
      else actions.giveUp();
    });
  });
  window.on('unresponsive', () => {
    // Ended, it is gone and comes back by the way above.
    hanging ??= setTimeout(() => {
      hanging = undefined;
      if (!window.isDestroyed()) window.webContents.forcefullyCrashRenderer();
    }, PATIENCE_MS);
  });
  window.on('responsive', responsive);
  window.on('closed', responsive);
}
