/** app, protocol, screen, theme and the rest of what has no page. */
import { EventEmitter } from 'node:events';
import {
  existsSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  watch,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { BrowserWindow } from './browser-window.ts';
import { schemes, stopChromium, type SchemeHandler } from './chromium.ts';
import { preventable, strict } from './strict.ts';

const root = process.env['IPC_SCOPE_STAND_IN_ROOT'] ?? process.cwd();
const paths: Record<string, string> = {};
let lockFile: string | undefined;
let ready = false;
let quitting = false;
let announceReady: () => void = () => undefined;
const whenReady = new Promise<void>((resolve) => (announceReady = resolve));

/** What tests look at, because a person would see it or the system would get it. */
export const seen = {
  sandboxed: false,
  privileged: [] as Electron.CustomScheme[],
  aboutShown: 0,
  openedExternally: [] as string[],
  openedPaths: [] as string[],
};

export function setReady(): void {
  ready = true;
  announceReady();
  appEvents.emit('ready', {}, {});
}

const appEvents = new EventEmitter();
const appMethods = {
  isPackaged: false,
  commandLine: strict('CommandLine', {
    hasSwitch: (name) => process.argv.includes(`--${name}`),
  } satisfies Partial<Electron.CommandLine>) as Electron.CommandLine,
  whenReady: () => whenReady,
  isReady: () => ready,
  getVersion: () =>
    (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version,
  getLocale: () => process.env['IPC_SCOPE_STAND_IN_LOCALE'] ?? 'en-US',
  getPreferredSystemLanguages: () => [process.env['IPC_SCOPE_STAND_IN_LOCALE'] ?? 'en-US'],
  getPath: (name) => {
    const path = paths[name];
    if (path === undefined) throw new Error(`Failed to get '${name}' path`);
    return path;
  },
  setPath: (name, path) => {
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist`);
    paths[name] = path;
  },
  enableSandbox: () => {
    if (ready) throw new Error('app.enableSandbox() can only be called before app is ready');
    seen.sandboxed = true;
  },
  requestSingleInstanceLock: () => {
    const folder = paths['userData'];
    if (folder === undefined) throw new Error('the stand-in for Electron locks only a folder that was set');
    return takeLock(folder);
  },
  setAboutPanelOptions: () => undefined,
  showAboutPanel: () => void seen.aboutShown++,
  quit: () => void setImmediate(quit),
  exit: (code = 0) => void stopChromium().finally(() => process.exit(code)),
} satisfies Partial<Electron.App>;
export const app = strict('app', Object.assign(appEvents, appMethods));

/** As Electron: listeners may hold it back, then every window may, then it is over. */
function quit(): void {
  const event = preventable({});
  app.emit('before-quit', event);
  if (event.defaultPrevented) return;
  quitting = true;
  for (const window of BrowserWindow.getAllWindows()) {
    window.close();
    if (!window.isDestroyed()) {
      quitting = false;
      return;
    }
  }
  app.emit('will-quit', preventable({}));
  app.emit('quit', {}, 0);
  if (lockFile !== undefined) rmSync(lockFile, { force: true });
  void stopChromium().finally(() => process.exit(0));
}

export function allWindowsClosed(): void {
  if (quitting) return;
  if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
  else app.quit();
}

/** A second start writes into the first one's lock file, and the first one sees it. */
function takeLock(folder: string): boolean {
  const file = join(folder, 'stand-in.lock');
  try {
    writeSync(openSync(file, 'wx', 0o600), `${process.pid}\n`);
  } catch {
    const owner = Number(readFileSync(file, 'utf8').split('\n')[0]);
    if (isAlive(owner)) {
      writeFileSync(file, `${JSON.stringify(process.argv)}\n`, { flag: 'a' });
      return false;
    }
    writeFileSync(file, `${process.pid}\n`);
  }
  lockFile = file;
  let size = statSync(file).size;
  watch(file, () => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (text.length <= size) return;
    size = text.length;
    const argv = JSON.parse(text.trim().split('\n').at(-1) ?? '[]') as string[];
    void whenReady.then(() => app.emit('second-instance', preventable({}), argv, process.cwd(), null));
  }).unref();
  return true;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export const protocol = strict('protocol', {
  registerSchemesAsPrivileged: (customSchemes) => {
    if (ready) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
    // Electron keeps only the last call.
    seen.privileged = customSchemes;
  },
  handle: (scheme, handler) => {
    if (!ready) throw new Error('protocol.handle can only be used after the app is ready');
    if (schemes.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
    schemes.set(scheme, handler as unknown as SchemeHandler);
  },
} satisfies Partial<Electron.Protocol>);

function display(id: number, workArea: Electron.Rectangle): Electron.Display {
  return { id, workArea } as Partial<Electron.Display> as Electron.Display;
}

export const screen = strict('screen', {
  getPrimaryDisplay: () => display(1, { x: 0, y: 0, width: 1600, height: 1000 }),
  getAllDisplays: () => [display(1, { x: 0, y: 0, width: 1600, height: 1000 })],
} satisfies Partial<Electron.Screen>);

let themeSource: Electron.NativeTheme['themeSource'] = 'system';
export const nativeTheme = strict('nativeTheme', {
  get themeSource() {
    return themeSource;
  },
  set themeSource(source) {
    themeSource = source;
    for (const window of BrowserWindow.getAllWindows()) window.themeChanged(source === 'dark');
  },
  get shouldUseDarkColors() {
    return themeSource === 'dark';
  },
} satisfies Partial<Electron.NativeTheme>);

export const shell = strict('shell', {
  openExternal: async (url) => void seen.openedExternally.push(url),
  openPath: async (path) => {
    seen.openedPaths.push(path);
    return '';
  },
} satisfies Partial<Electron.Shell>);

/** Message boxes that were shown, and the button that a person presses; until it is set they stay open. */
export const messageBoxes: { shown: Electron.MessageBoxOptions[]; press: number | undefined } = {
  shown: [],
  press: undefined,
};

async function showMessageBox(
  first: Electron.BaseWindow | Electron.MessageBoxOptions,
  second?: Electron.MessageBoxOptions,
): Promise<Electron.MessageBoxReturnValue> {
  messageBoxes.shown.push(second ?? (first as Electron.MessageBoxOptions));
  while (messageBoxes.press === undefined) await new Promise((resolve) => setTimeout(resolve, 20));
  return { response: messageBoxes.press, checkboxChecked: false };
}

/** Stays open in Electron until a person closes it. */
function showErrorBox(title: string, content: string): void {
  process.stdout.write(`error box: ${title}\n${content}\n`);
}
export const dialog = strict('dialog', { showMessageBox, showErrorBox } satisfies Partial<Electron.Dialog>);
