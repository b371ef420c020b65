/** BrowserWindow: bounds and states kept as numbers, since headless Chromium has no window manager. */
import { EventEmitter } from 'node:events';
import { allWindowsClosed, app, nativeTheme } from './app.ts';
import { preventable, strict } from './strict.ts';
import { WebContentsStandIn } from './web-contents.ts';

const windows = new Set<WindowStandIn>();

class WindowStandIn
  extends EventEmitter
  implements
    Pick<
      Electron.BrowserWindow,
      | 'loadURL'
      | 'show'
      | 'focus'
      | 'restore'
      | 'minimize'
      | 'isMinimized'
      | 'isMaximized'
      | 'isFullScreen'
      | 'isVisible'
      | 'isFocused'
      | 'isDestroyed'
      | 'maximize'
      | 'setFullScreen'
      | 'getNormalBounds'
      | 'setBounds'
      | 'close'
      | 'destroy'
    >
{
  /** What the app sees of this object. */
  readonly self: WindowStandIn;
  readonly options: Electron.BrowserWindowConstructorOptions;
  readonly contents: WebContentsStandIn;
  #bounds: Electron.Rectangle;
  #visible = false;
  #focused = false;
  #minimized = false;
  #maximized = false;
  #fullScreen = false;
  #destroyed = false;
  #shownOnce = false;

  constructor(options: Electron.BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    const { x = 0, y = 0, width = 800, height = 600, webPreferences: wanted } = options;
    // The stand-in has no other way to run a preload, so an app that asks for less is refused.
    if (wanted?.sandbox === false || wanted?.contextIsolation === false || wanted?.nodeIntegration === true) {
      throw new Error('the stand-in for Electron has only sandboxed, isolated pages');
    }
    this.#bounds = { x, y, width, height };
    this.contents = new WebContentsStandIn(wanted?.preload, { width, height });
    this.self = strict('BrowserWindow', this);
    windows.add(this);
    app.emit('web-contents-created', {}, this.contents.seen);
    app.emit('browser-window-created', {}, this.self);
    if (nativeTheme.shouldUseDarkColors) this.themeChanged(true);
  }

  get webContents(): Electron.WebContents {
    return this.contents.seen;
  }

  async loadURL(url: string): Promise<void> {
    await this.contents.loadURL(url);
    if (this.#shownOnce || this.#destroyed) return;
    this.#shownOnce = true;
    this.emit('ready-to-show');
  }

  show(): void {
    this.#visible = true;
    this.focus();
  }
  focus(): void {
    this.#focused = true;
  }
  /** Not Electron's: another program's window comes forward. */
  blurred(): void {
    this.#focused = false;
  }
  minimize(): void {
    this.#minimized = true;
  }
  restore(): void {
    this.#minimized = false;
  }
  maximize(): void {
    this.#maximized = true;
  }
  setFullScreen(flag: boolean): void {
    this.#fullScreen = flag;
  }
  isVisible(): boolean {
    return this.#visible;
  }
  isFocused(): boolean {
    return this.#focused;
  }
  isMinimized(): boolean {
    return this.#minimized;
  }
  isMaximized(): boolean {
    return this.#maximized;
  }
  isFullScreen(): boolean {
    return this.#fullScreen;
  }
  isDestroyed(): boolean {
    return this.#destroyed;
  }
  getNormalBounds(): Electron.Rectangle {
    return { ...this.#bounds };
  }
  setBounds(bounds: Partial<Electron.Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds };
    void this.contents.resize({ width: this.#bounds.width, height: this.#bounds.height });
  }

  themeChanged(dark: boolean): void {
    void this.contents.emulateDark(dark);
  }

  close(): void {
    if (this.#destroyed) return;
    const event = preventable({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    windows.delete(this);
    void this.contents.destroy();
    this.emit('closed');
    if (windows.size === 0) allWindowsClosed();
  }
}

/** A constructor that answers the guarded object. */
export const BrowserWindow = Object.assign(
  function BrowserWindow(options: Electron.BrowserWindowConstructorOptions = {}) {
    return new WindowStandIn(options).self;
  } as unknown as new (options?: Electron.BrowserWindowConstructorOptions) => WindowStandIn,
  { getAllWindows: () => [...windows].map((window) => window.self) },
);
