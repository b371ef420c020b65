/** The way to the first window, or a sentence why there is none: the data folder is made and nobody else's. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { toAppError, type AppError } from '#contract/errors';
import type { Locale } from '#contract/settings';
import { errorText } from '#contract/text/error';
import { lockFolder } from '#engine/folder-lock';
import { log } from './log.ts';
import { localeOf } from './text.ts';

/** As among the terminal's exit codes: the system refused. */
const REFUSED = 3;

/** Calls `start` once Electron is ready, unless the app is to end at once. */
export function startUp(folder: string, start: () => void): void {
  const problem = takeFolder(folder);
  if (problem !== undefined) {
    refuseStart(problem);
  } else if (app.requestSingleInstanceLock()) {
    lockThenStart(folder, start);
  } else {
    // The window of the other one comes forward.
    log(sentence({ code: 'already_running', message: 'IPC Scope runs already', remedy: 'Use its window.' }));
    app.quit();
  }
}

/** What keeps the app from its data folder, where something does. */
function takeFolder(folder: string): AppError | undefined {
  // Chromium's own files apart from our runs. The lock of the single instance lies there too, so it is one a data folder.
  const chromium = join(folder, 'chromium');
  try {
    mkdirSync(chromium, { recursive: true, mode: 0o700 });
    app.setPath('userData', chromium);
    return undefined;
  } catch (thrown) {
    return {
      ...toAppError(thrown),
      code: 'data_folder_unusable',
      remedy: 'Name another folder in IPC_SCOPE_DATA.',
      where: folder,
    };
  }
}

/** The lock of the single instance is Electron's own; the same folder may be the web shell's as well. */
function lockThenStart(folder: string, start: () => void): void {
  try {
    const lock = lockFolder(folder);
    app.on('quit', () => lock.release());
    // Not awaited: Electron waits for this module before it is ready.
    void app.whenReady().then(start);
  } catch (thrown) {
    refuseStart(toAppError(thrown));
  }
}

/** Says why there will be no window, and ends. */
function refuseStart(error: AppError): void {
  log(sentence(error));
  // Before it is ready, Electron on Linux would show no dialog.
  void app.whenReady().then(() => {
    const { what, remedy } = errorText(error, systemLanguage());
    dialog.showErrorBox(what, remedy);
    app.exit(REFUSED);
  });
}

/** For the log, also before Electron knows the system's language. */
function sentence(error: AppError): string {
  const { what, remedy } = errorText(error, systemLanguage());
  return `${what} ${remedy}`;
}

function systemLanguage(): Locale {
  return localeOf(
    'system',
    app.getPreferredSystemLanguages()[0] ?? Intl.DateTimeFormat().resolvedOptions().locale,
  );
}
