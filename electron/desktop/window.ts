/** The one window: locked down, put where it was, shown when it has something to show. */
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { log } from './log.ts';
import { PAGE_URL } from './rules.ts';
import { LEAST, placeWindow, readWindowState, writeWindowState, type WindowState } from './window-state.ts';

/** The page's own background, so that nothing flashes while it loads (renderer/src/parts/tokens.css). */
const BACKGROUND = { dark: '#0f1214', light: '#f3f5f6' } as const;

export interface WindowOptions {
  preload: string;
  stateFile: string;
  development: boolean;
}

export function openWindow({ preload, stateFile, development }: WindowOptions): BrowserWindow {
  const main = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter((display) => display.id !== main.id);
  const place = placeWindow(
    readWindowState(stateFile),
    [main, ...others].map((display) => display.workArea),
  );
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: LEAST.width,
    minHeight: LEAST.height,
    title: 'IPC Scope',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: development,
    },
  });
  window.once('ready-to-show', () => {
    if (place.maximized) window.maximize();
    if (place.full_screen) window.setFullScreen(true);
    window.show();
  });
  window.on('close', () => writeWindowState(stateFile, stateOf(window)));
  loadPage(window);
  return window;
}

export function loadPage(window: BrowserWindow): void {
  window.loadURL(PAGE_URL).catch((thrown: unknown) => {
    // A window closed while it loads is no fault.
    if (!window.isDestroyed()) log('the page did not load', thrown);
  });
}

/** What a second start of the app does. */
export function bringForward(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

function stateOf(window: BrowserWindow): WindowState {
  return {
    bounds: window.getNormalBounds(),
    maximized: window.isMaximized(),
    full_screen: window.isFullScreen(),
  };
}
