/** The built page in a real browser, served by the real web shell, on the real engine and helper. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { RunInfo } from '#contract/runs';
import { DEFAULT_SETTINGS } from '#contract/settings';
import type { View } from '#contract/stream';
import { openEngine, type Engine } from '#engine/engine';
import { startWebShell, type WebShell } from '../../electron/web/server.ts';
import { BROWSER_FLAGS, findBrowser } from '../support/browser.ts';
import { helper } from '../support/helper.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rendererFolder = join(root, 'dist/renderer');

export interface Look {
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  locale?: 'en' | 'ko';
  /** Where the visit begins; the live view where a test does not say. */
  view?: View;
  /** Somebody who has never opened the app: its first session may start by itself. */
  newcomer?: boolean;
  /** Before the page is opened. */
  prepare?: (page: Page) => Promise<void>;
}

/** One shell and one browser; each test opens a page of its own. */
export class PageWorld {
  readonly folder: string;
  readonly engine: Engine;
  /** What any page said on its console that is no mere remark: a violated policy, an exception. */
  readonly complaints: string[] = [];
  readonly #shell: WebShell;
  readonly #browser: Browser;

  private constructor(folder: string, engine: Engine, shell: WebShell, browser: Browser) {
    this.folder = folder;
    this.engine = engine;
    this.#shell = shell;
    this.#browser = browser;
  }

  static async open(): Promise<PageWorld> {
    bundleIfOlder();
    const executablePath = findBrowser();
    if (executablePath === undefined) throw new Error('no browser');
    const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-page-'));
    const engine = await openEngine({
      helper,
      folder,
      app: {
        host: 'web',
        version: '0.0.0-test',
        runtime: `Node ${process.versions.node}`,
        platform: process.platform,
        system_locale: 'en',
        data_folder: folder,
      },
    });
    const shell = await startWebShell({ engine, rendererFolder, port: 0, metrics: false });
    const browser = await chromium.launch({ executablePath, args: [...BROWSER_FLAGS] });
    return new PageWorld(folder, engine, shell, browser);
  }

  async newPage({
    width = 1280,
    height = 800,
    theme = 'light',
    locale = 'en',
    view = 'live',
    newcomer = false,
    prepare,
  }: Look = {}): Promise<Page> {
    // Every test starts with the defaults, not with what the one before it asked for.
    await this.engine.handlers['settings.set']({ ...DEFAULT_SETTINGS, greeted: !newcomer });
    const context = await this.#browser.newContext({
      viewport: { width, height },
      colorScheme: theme,
      locale: locale === 'ko' ? 'ko-KR' : 'en-US',
      acceptDownloads: true,
    });
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    await prepare?.(page);
    await page.goto(this.#shell.url);
    await page.getByTestId(`view-${view}`).click();
    if (view === 'live') await page.getByTestId('start').and(page.locator(':enabled')).waitFor();
    return page;
  }

  /** The recorded runs as the engine knows them, the newest first. */
  async runs(): Promise<RunInfo[]> {
    const list = (await this.engine.handlers['runs.list'](undefined)) ?? [];
    return list.toSorted((a, b) => b.created_ms - a.created_ms);
  }

  async newestRun(): Promise<RunInfo> {
    const [run] = await this.runs();
    if (run === undefined) throw new Error('nothing was recorded');
    return run;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#shell.close();
    await this.engine.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Fills a field of the setup or the controls, as a person does. */
export async function fill(page: Page, id: string, text: string): Promise<void> {
  await page.locator(`#${id}`).fill(text);
  await page.locator(`#${id}`).press('Enter');
}

export async function waitForState(page: Page, state: string): Promise<void> {
  await page.locator(`[data-testid="state"][data-state="${state}"]`).waitFor({ timeout: 20_000 });
}

export async function valueOf(page: Page, testid: string): Promise<number> {
  return Number(await page.getByTestId(testid).getAttribute('data-value'));
}

/** Waits until a figure of the page satisfies the condition, and answers it. */
export async function figure(page: Page, testid: string, fits: (value: number) => boolean): Promise<number> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await valueOf(page, testid);
    if (fits(value)) return value;
    if (Date.now() > deadline) throw new Error(`${testid} stayed at ${value}`);
    await page.waitForTimeout(50);
  }
}

/** `npm test` has bundled the page; who runs this suite alone gets it bundled where a source is newer. */
function bundleIfOlder(): void {
  const newest = (folder: string): number =>
    Math.max(
      0,
      ...readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs),
    );
  let built = 0;
  try {
    built = statSync(join(rendererFolder, 'index.html')).mtimeMs;
  } catch {
    // Not built yet.
  }
  const sources = ['renderer/src', 'electron/contract', 'electron/report'];
  if (Math.max(...sources.map((folder) => newest(join(root, folder)))) > built) {
    execFileSync(process.execPath, [join(root, 'build/bundle.js'), 'renderer'], { cwd: root });
  }
}
