/**
 * `npm run screenshots [-- FOLDER]`: the app with a real session in it, photographed.
 * Without FOLDER the README's picture (docs/screenshot.png) is made; with it every view in both sizes, themes and
 * languages, to be looked at.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from '../build/setup/browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const executablePath = findBrowser();
if (executablePath === undefined) throw new Error('Screenshots need a Chrome, Chromium or Edge.');

const data = mkdtempSync(join(tmpdir(), 'ipc-scope-pictures-'));
// As if it had been opened before: a newcomer's first session starts by itself.
writeFileSync(join(data, 'settings.json'), '{"greeted":true}');
const server = spawn(process.execPath, [join(root, 'build/launch/ipc-scope.js'), 'serve'], {
  env: { ...process.env, IPC_SCOPE_DATA: data },
  stdio: ['ignore', 'pipe', 'pipe'],
});

/** The address that the server prints. */
const address = await new Promise((found, failed) => {
  let printed = '';
  const look = (/** @type {Buffer} */ chunk) => {
    printed += chunk.toString();
    const match = /http:\/\/\S+/.exec(printed);
    if (match !== null) found(match[0]);
  };
  server.stdout.on('data', look);
  server.stderr.on('data', look);
  server.on('exit', () => failed(new Error(`the server ended: ${printed}`)));
});

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });

/**
 * Opens the page, lets a pipe session run for a while and takes the pictures.
 * @param {{ width: number; height: number; theme: 'light' | 'dark'; locale: 'en' | 'ko' }} look
 * @param {(page: import('playwright-core').Page) => Promise<void>} take
 */
async function withSession({ width, height, theme, locale }, take) {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    locale: locale === 'ko' ? 'ko-KR' : 'en-US',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByTestId('view-live').click();
  await page.getByTestId('start').waitFor();
  await take(page);
  await context.close();
}

/** @param {import('playwright-core').Page} page */
async function runSession(page) {
  await page.getByTestId('start').click();
  await page.locator('[data-testid=state][data-state=running]').waitFor();
  await page.waitForTimeout(3500);
}

/** @param {import('playwright-core').Page} page */
async function stopSession(page) {
  const stop = page.getByTestId('stop');
  if (await stop.isVisible()) await stop.click();
  await page.locator('[data-testid=state][data-state=finished]').waitFor();
}

try {
  const folder = process.argv[2];
  if (folder === undefined) {
    mkdirSync(join(root, 'docs'), { recursive: true });
    await withSession({ width: 1280, height: 800, theme: 'light', locale: 'en' }, async (page) => {
      await runSession(page);
      await page.screenshot({ path: join(root, 'docs/screenshot.png') });
      await stopSession(page);
    });
  } else {
    mkdirSync(folder, { recursive: true });
    for (const [width, height] of /** @type {const} */ ([
      [1280, 800],
      [1024, 700],
    ])) {
      for (const theme of /** @type {const} */ (['light', 'dark'])) {
        for (const locale of /** @type {const} */ (['en', 'ko'])) {
          await withSession({ width, height, theme, locale }, async (page) => {
            const shot = (/** @type {string} */ view) =>
              page.screenshot({ path: join(folder, `${view}-${width}-${theme}-${locale}.png`) });
            await shot('before');
            await runSession(page);
            await shot('live');
            await stopSession(page);
            await shot('finished');
            for (const view of ['runs', 'settings']) {
              await page.goto(new URL(`#/${view}`, address.split('?')[0]).href);
              await page.waitForTimeout(400);
              await shot(view);
            }
          });
        }
      }
    }
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((done) => server.once('exit', done));
  rmSync(data, { recursive: true, force: true });
}
