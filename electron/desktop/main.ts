/** The desktop app's main process: wires the parts together and decides nothing itself. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  app,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  protocol,
  session,
  shell,
  type BrowserWindow,
} from 'electron';
import type { Handlers } from '#contract/channels';
import type { Settings } from '#contract/settings';
import { openEngine } from '#engine/engine';
import { dataFolder, helperPath } from '#engine/folders';
import { closeBeforeQuit } from './lifecycle.ts';
import { log } from './log.ts';
import { menuTemplate } from './menu.ts';
import { hardenContents, hardenSession } from './permissions.ts';
import { declareScheme, servePages } from './protocol.ts';
import { recoverPage } from './recovery.ts';
import { registerCalls } from './registrar.ts';
import { startUp } from './start-up.ts';
import { StreamPorts } from './stream-port.ts';
import { localeOf, textOf, type DesktopText } from './text.ts';
import { bringForward, loadPage, openWindow } from './window.ts';

/** dist/, in the clone as in the packaged app. */
const dist = join(import.meta.dirname, '..');
const folder = dataFolder(process.platform, process.env, homedir());

declareScheme(protocol);
// It would take back --no-sandbox, without which Chromium refuses to run as root (containers, CI).
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
startUp(folder, start);

function start(): void {
  const systemLocale = app.getPreferredSystemLanguages()[0] ?? app.getLocale();
  const engine = openEngine({
    helper: helperPath({
      ...(app.isPackaged ? { resourcesPath: process.resourcesPath } : {}),
      root: join(dist, '..'),
      platform: process.platform,
      arch: process.arch,
      env: process.env,
    }),
    folder,
    tidy: true,
    app: {
      host: 'desktop',
      version: app.getVersion(),
      runtime: `Electron ${process.versions.electron}`,
      platform: process.platform,
      system_locale: systemLocale,
      data_folder: folder,
    },
  });
  // The page is told by its first call, in its own language; here is only the log.
  engine.catch((thrown: unknown) => log('the engine did not open', thrown));

  const streams = new StreamPorts(engine);
  let text = textOf(localeOf('system', systemLocale));
  let window: BrowserWindow | undefined;

  hardenSession(session.defaultSession);
  hardenContents(app, (url) => shell.openExternal(url));
  servePages(protocol, join(dist, 'renderer'));
  registerCalls(
    ipcMain,
    engine.then(({ handlers }): Handlers => ({
      ...handlers,
      'settings.set': async (change) => {
        const settings = await handlers['settings.set'](change);
        if (settings !== undefined) applySettings(settings);
        return settings;
      },
    })),
  );
  streams.listen(ipcMain);
  closeBeforeQuit(app, async () => (await engine).close());
  app.setAboutPanelOptions({
    applicationName: 'IPC Scope',
    applicationVersion: app.getVersion(),
    copyright: 'MIT License',
  });

  function open(): void {
    const opened = openWindow({
      preload: join(dist, 'preload', 'preload.cjs'),
      stateFile: join(folder, 'window.json'),
      development: !app.isPackaged,
    });
    window = opened;
    const { webContents } = opened;
    recoverPage(opened, {
      lost: () => streams.close(webContents),
      load: () => loadPage(opened),
      giveUp: () => void askWhatNext(opened, text),
    });
    opened.on('closed', () => {
      streams.close(webContents);
      if (window === opened) window = undefined;
    });
  }

  function buildMenu(): void {
    const template = menuTemplate({
      platform: process.platform,
      development: !app.isPackaged,
      text,
      act: (action) => {
        if (window !== undefined) streams.action(window.webContents, action);
      },
      about: () => app.showAboutPanel(),
      openFolder: () => void shell.openPath(folder),
      openManual: () => void shell.openExternal('https://man7.org/linux/man-pages/man7/pipe.7.html'),
    });
    Menu.setApplicationMenu(Menu.buildFromTemplate(template));
  }

  function applySettings(settings: Settings): void {
    nativeTheme.themeSource = settings.theme;
    text = textOf(localeOf(settings.locale, systemLocale));
    buildMenu();
  }

  app.on('second-instance', () => {
    if (window === undefined) open();
    else bringForward(window);
  });
  app.on('activate', () => {
    if (window === undefined) open();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  app.on('child-process-gone', (_event, details) => {
    // Chromium starts its own processes again; a page that is gone has its own way back (recovery.ts).
    log(`a process of Chromium is gone: ${details.type}, ${details.reason}`);
  });

  buildMenu();
  engine
    .then(async ({ handlers }) => (await handlers['settings.get'](undefined)) ?? undefined)
    .then((settings) => settings && applySettings(settings))
    .catch(() => undefined);
  open();
}

/** The page ended too often: a person decides. The session is not touched either way, unless they quit. */
async function askWhatNext(window: BrowserWindow, text: DesktopText): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: text.page_lost_title,
    message: text.page_lost_message,
    detail: text.page_lost_detail,
    buttons: [text.load_again, text.quit],
    defaultId: 0,
    cancelId: 0,
  });
  if (response === 1) app.quit();
  else if (!window.isDestroyed()) loadPage(window);
}
