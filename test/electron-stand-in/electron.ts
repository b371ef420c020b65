/** The module that stands for `electron` in the main process. What is not exported here, the app cannot import. */
import { app, dialog, messageBoxes, nativeTheme, protocol, screen, seen, setReady, shell } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { blocked, foreign, startChromium, stopChromium } from './chromium.ts';
import { ipcMain as ipcMainStandIn } from './ipc-main.ts';
import { Menu } from './menu.ts';
import { MessageChannelMain } from './ports.ts';
import { defaultSession, downloads, handlers } from './session.ts';
import { strict } from './strict.ts';

const ipcMain = strict('ipcMain', ipcMainStandIn);
const session = strict('session', { defaultSession });
export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
};

const electron = {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  nativeTheme,
  protocol,
  screen,
  session,
  shell,
};

/** What a test may look at and set beside what Electron itself offers. */
const standIn = {
  blocked,
  downloads,
  foreign,
  messageBoxes,
  permissions: handlers,
  seen,
  invoke: (channel: string, event: Parameters<typeof ipcMainStandIn.invoke>[1], ...args: unknown[]) =>
    ipcMainStandIn.invoke(channel, event, args),
};
export type StandIn = typeof standIn;
export type ElectronStandIn = typeof electron;

interface Command {
  id: number;
  source: string;
  argument: unknown;
}

process.on('message', ({ id, source, argument }: Command) => {
  void (async () => {
    try {
      // The test's own function, sent as text.
      const run = new Function(`return (${source})`)() as (...args: unknown[]) => unknown;
      const value = await run(electron, argument, standIn);
      process.send?.({ id, ok: true, value });
    } catch (thrown) {
      process.send?.({ id, ok: false, message: thrown instanceof Error ? thrown.stack : String(thrown) });
    }
  })();
});

// A test that ends without good-bye leaves nothing running.
process.on('disconnect', () => void stopChromium().finally(() => process.exit(0)));
process.on('SIGTERM', () => app.quit());
process.on('SIGINT', () => app.quit());

Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '45.4.1' } });

void startChromium(process.env['IPC_SCOPE_BROWSER'] ?? 'chromium').then(
  (endpoint) => {
    process.send?.({ endpoint });
    setReady();
  },
  (thrown: unknown) => {
    process.stderr.write(`${String(thrown)}\n`);
    process.exit(70);
  },
);
