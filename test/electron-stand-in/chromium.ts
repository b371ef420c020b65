/** The Chromium in which windows are pages, and the way of every request that they make. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page, type Route } from 'playwright-core';
import { BROWSER_FLAGS } from '../support/browser.ts';
import { toApp, toShown } from './shown.ts';

const profile = mkdtempSync(join(tmpdir(), 'ipc-scope-stand-in-'));
let context: BrowserContext | undefined;
let starting: Promise<string> | undefined;

/** Who answers for a page: its window, or nobody for a page that was opened without one. */
export interface PageOwner {
  /** Whether a navigation of this frame may go on. */
  mayNavigate(url: string, isMainFrame: boolean): boolean;
}

const owners = new Map<Page, PageOwner>();
/** Windows whose page is being made; a page that nobody makes is a popup. */
let creating = 0;
export type SchemeHandler = (request: Request) => Response | Promise<Response>;
export const schemes = new Map<string, SchemeHandler>();
/** Pages of other origins that a test provides, by URL. */
export const foreign = new Map<string, string>();
/** Requests that left our own origin and were cut off. */
export const blocked: string[] = [];

/** Starts Chromium; answers the address at which a test can reach the same pages. */
export function startChromium(executablePath: string): Promise<string> {
  starting = launch(executablePath);
  return starting;
}

async function launch(executablePath: string): Promise<string> {
  context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: null,
    serviceWorkers: 'block',
    // The test's own connection to the same browser.
    args: [...BROWSER_FLAGS, '--remote-debugging-port=0'],
  });
  context.on('page', (page) => {
    if (creating > 0) creating--;
    // The page's window was asked already (Page.windowOpen), and no window is opened for pages.
    else page.close().catch(() => undefined);
  });
  await context.route('**/*', (route) => answer(route).catch(() => route.abort().catch(() => undefined)));
  const [port, path] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
  return `ws://127.0.0.1:${port}${path}`;
}

export async function stopChromium(): Promise<void> {
  // A second start of the app ends before its browser is there.
  await starting?.catch(() => undefined);
  await context?.close().catch(() => undefined);
  rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

export async function newPage(owner: PageOwner): Promise<Page> {
  if (context === undefined) throw new Error('a window was opened before the app was ready');
  creating++;
  const page = await context.newPage();
  owners.set(page, owner);
  page.on('close', () => owners.delete(page));
  return page;
}

async function answer(route: Route): Promise<void> {
  const request = route.request();
  const frame = request.frame();
  const page = frame.page();
  const owner = owners.get(page);
  const url = toApp(request.url());
  // A popup on its way out.
  if (owner === undefined) return route.abort('blockedbyclient');
  if (request.isNavigationRequest() && !owner.mayNavigate(url, frame === page.mainFrame())) {
    // As a prevented navigation: the page stays as it is.
    return route.abort('aborted');
  }
  const handler = schemes.get(new URL(url).protocol.slice(0, -1));
  if (handler !== undefined) {
    const response = await handler(new Request(url, { method: request.method() }));
    const headers = Object.fromEntries([...response.headers].map(([name, value]) => [name, toShown(value)]));
    return route.fulfill({
      status: response.status,
      headers,
      body: Buffer.from(await response.arrayBuffer()),
    });
  }
  const body = foreign.get(url);
  if (body !== undefined) return route.fulfill({ status: 200, contentType: 'text/html', body });
  blocked.push(url);
  return route.abort('blockedbyclient');
}
