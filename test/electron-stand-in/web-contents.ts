/** WebContents: one Chromium page, its preload world, and its messages. */
import { randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { CDPSession, Page } from 'playwright-core';
import { newPage, type PageOwner } from './chromium.ts';
import { createCodec } from './codec.ts';
import { ipcMain } from './ipc-main.ts';
import { portBehind, type PortStandIn } from './ports.ts';
import { defaultSession, offerDownload } from './session.ts';
import { toApp, toShown } from './shown.ts';
import { preventable, strict } from './strict.ts';
import { mainWorld, preloadWorld, type FromWorld, type ToWorld } from './worlds.ts';

const codec = createCodec();
const PRELOAD_WORLD = 'Electron Isolated Context';

/** A page whose process is not lost. */
interface LivePage {
  page: Page;
  cdp: CDPSession;
  /** The preload world of the document there is now; the id comes with the world. */
  world: number | undefined;
}

export class WebContentsStandIn
  extends EventEmitter
  implements
    PageOwner,
    Pick<
      Electron.WebContents,
      'setWindowOpenHandler' | 'forcefullyCrashRenderer' | 'isDestroyed' | 'getURL' | 'reload' | 'id'
    >
{
  static #count = 0;
  readonly id = ++WebContentsStandIn.#count;
  readonly session = defaultSession;
  readonly mainFrame = strict('WebFrameMain', new FrameStandIn(this));
  /** What the app sees of this object. */
  readonly seen = strict('WebContents', this) as unknown as Electron.WebContents;
  readonly #nonce = `standIn${randomBytes(12).toString('hex')}`;
  readonly #preload: string;
  readonly #ports = new Map<number, PortStandIn>();
  /** Pages whose process is gone; Playwright does not use them again. */
  readonly #lost = new WeakSet<Page>();
  #live: Promise<LivePage>;
  #url = '';
  #destroyed = false;
  /** Addresses that the main process itself is loading. */
  readonly #loading = new Set<string>();
  #openHandler: ((details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse) | undefined;
  #portCount = 0;
  #size: { width: number; height: number };

  constructor(preload: string | undefined, size: { width: number; height: number }) {
    super();
    this.#preload = preload === undefined ? '' : readFileSync(preload, 'utf8');
    this.#size = size;
    this.#live = this.#open();
  }

  async loadURL(url: string): Promise<void> {
    let live = await this.#live;
    if (this.#lost.has(live.page)) {
      this.#live = this.#open();
      live = await this.#live;
    }
    this.#loading.add(url);
    try {
      await live.page.goto(toShown(url), { waitUntil: 'load' });
    } finally {
      this.#loading.delete(url);
    }
    this.emit('did-finish-load');
  }

  reload(): void {
    void this.loadURL(this.#url).catch(() => undefined);
  }

  getURL(): string {
    return this.#url;
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  setWindowOpenHandler(
    handler: (details: Electron.HandlerDetails) => Electron.WindowOpenHandlerResponse,
  ): void {
    this.#openHandler = handler;
  }

  /** window.open and links with a target; Chromium's own popup is closed when it asks for its first file. */
  #windowOpened(url: string, frameName: string, features: readonly string[]): void {
    const referrer: Electron.Referrer = { url: this.#url, policy: 'no-referrer' };
    const details = {
      url,
      frameName,
      features: features.join(),
      disposition: 'foreground-tab',
      referrer,
    } as const;
    const answer = this.#openHandler?.(details);
    if (answer?.action !== 'deny') throw new Error('the stand-in for Electron opens no window for a page');
  }

  forcefullyCrashRenderer(): void {
    void this.#live.then(({ page, cdp }) => {
      // A page in an endless loop no longer listens, so its tab is closed if it does not crash by itself.
      cdp.send('Page.crash').catch(() => undefined);
      setTimeout(() => void page.close().catch(() => undefined), 1_000);
    });
  }

  mayNavigate(url: string, isMainFrame: boolean): boolean {
    if (isMainFrame && this.#loading.has(url)) return true;
    const details = preventable({ url, isMainFrame, isSameDocument: false, frame: this.mainFrame });
    this.emit('will-frame-navigate', details);
    if (isMainFrame) this.emit('will-navigate', details);
    return !details.defaultPrevented;
  }

  async resize(size: { width: number; height: number }): Promise<void> {
    this.#size = size;
    const { page } = await this.#live;
    await page.setViewportSize(size).catch(() => undefined);
  }

  async emulateDark(dark: boolean): Promise<void> {
    const { page } = await this.#live;
    await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' }).catch(() => undefined);
  }

  async destroy(): Promise<void> {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#losePorts();
    const live = await this.#live.catch(() => undefined);
    await live?.page.close().catch(() => undefined);
    this.emit('destroyed');
  }

  /** Sends to the preload, with ports if there are any. */
  post(channel: string, args: unknown[], transfer: readonly object[]): void {
    const ports = transfer.map((port) => {
      const behind = portBehind(port);
      const id = ++this.#portCount;
      behind.carrier = {
        post: (data) => this.#send({ kind: 'port', port: id, data }),
        close: () => {
          this.#ports.delete(id);
          this.#send({ kind: 'port-close', port: id });
        },
      };
      this.#ports.set(id, behind);
      return id;
    });
    this.#send({ kind: 'message', channel, args, ports });
  }

  async #open(): Promise<LivePage> {
    const page = await newPage(this);
    const cdp = await page.context().newCDPSession(page);
    const live: LivePage = { page, cdp, world: undefined };
    await page.setViewportSize(this.#size);
    cdp.on('Runtime.executionContextCreated', ({ context }) => {
      const own = context.auxData as { frameId?: string } | undefined;
      if (context.name !== PRELOAD_WORLD || own?.frameId !== mainFrameId) return;
      // A new document: the ports of the one before are gone with it.
      this.#losePorts();
      live.world = context.id;
    });
    cdp.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name === `${this.#nonce}Post` && executionContextId === live.world) {
        this.#receive(codec.decode(payload) as FromWorld);
      }
    });
    cdp.on('Page.windowOpen', ({ url, windowName, windowFeatures }) =>
      this.#windowOpened(toApp(url), windowName, windowFeatures),
    );
    const { frameTree } = await cdp.send('Page.getFrameTree');
    const mainFrameId = frameTree.frame.id;
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Runtime.addBinding', {
      name: `${this.#nonce}Post`,
      executionContextName: PRELOAD_WORLD,
    });
    const nonce = JSON.stringify(this.#nonce);
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: `(${mainWorld})(${nonce})` });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', {
      source: `(${preloadWorld})(${nonce}, (${createCodec})(), (require) => {${this.#preload}\n})`,
      worldName: PRELOAD_WORLD,
    });
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#url = toApp(frame.url());
    });
    page.on('crash', () => this.#gone(page));
    page.on('close', () => this.#gone(page));
    page.on('download', (download) => void offerDownload(download, this.seen));
    page.on('console', (message) => {
      if (message.type() === 'error') process.stderr.write(`[page] ${message.text()}\n`);
    });
    page.on('pageerror', (error) => process.stderr.write(`[page] ${error.stack ?? error.message}\n`));
    return live;
  }

  #gone(page: Page): void {
    if (this.#destroyed || this.#lost.has(page)) return;
    this.#lost.add(page);
    this.#losePorts();
    void page.close().catch(() => undefined);
    this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
  }

  #losePorts(): void {
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  #send(message: ToWorld): void {
    const text = JSON.stringify(codec.encode(message));
    void this.#live.then(({ cdp, world }) => {
      if (world === undefined) return;
      const expression = `globalThis[${JSON.stringify(`${this.#nonce}Receive`)}](${text})`;
      // The document may just be going away.
      cdp.send('Runtime.evaluate', { expression, contextId: world }).catch(() => undefined);
    });
  }

  #receive(message: FromWorld): void {
    this.#url = toApp(message.url);
    const event = {
      type: 'frame' as const,
      sender: this.seen,
      senderFrame: this.mainFrame as unknown as Electron.WebFrameMain,
      frameId: 1,
      processId: this.id,
      ports: [],
    };
    switch (message.kind) {
      case 'invoke':
        void ipcMain.invoke(message.channel, preventable(event), message.args).then(
          (value) => this.#reply(message.id, true, value),
          (thrown: unknown) =>
            this.#reply(message.id, false, `Error invoking remote method '${message.channel}': ${thrown}`),
        );
        break;
      case 'send':
        ipcMain.emit(message.channel, preventable(event), ...message.args);
        break;
      case 'port':
        this.#ports.get(message.port)?.peer?.receive(message.data);
        break;
    }
  }

  #reply(id: number, ok: boolean, value: unknown): void {
    try {
      this.#send({ kind: 'reply', id, ok, value });
    } catch (thrown) {
      this.#send({ kind: 'reply', id, ok: false, value: String(thrown) });
    }
  }
}

class FrameStandIn
  extends EventEmitter
  implements Pick<Electron.WebFrameMain, 'postMessage' | 'url' | 'parent'>
{
  readonly parent = null;
  readonly #contents: WebContentsStandIn;

  constructor(contents: WebContentsStandIn) {
    super();
    this.#contents = contents;
  }

  get url(): string {
    return this.#contents.getURL();
  }

  postMessage(channel: string, message: unknown, transfer: Electron.MessagePortMain[] = []): void {
    this.#contents.post(channel, [message], transfer);
  }
}
