/**
 * `npm run screenshots [-- FOLDER [WORD]]`: the app with real sessions in it, photographed.
 * Without FOLDER the README's picture (docs/screenshot.png) is made; with it every view in both sizes, themes and
 * languages, to be looked at; with WORD only the pictures whose name begins with it.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from '../build/setup/browser.mjs';

/** @typedef {import('playwright-core').Page} Page */
/** @typedef {(name: string) => Promise<void>} Shoot Takes the page as it stands now. */

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

/** @param {'en' | 'ko'} locale */
async function open(locale) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: locale === 'ko' ? 'ko-KR' : 'en-US',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(address);
  await page.getByTestId('view-live').click();
  await page.getByTestId('start').waitFor();
  return page;
}

/**
 * @param {Page} page
 * @param {string} option
 * @param {string} text
 */
async function fill(page, option, text) {
  await page.locator(`#${option}`).fill(text);
  await page.locator(`#${option}`).press('Enter');
}

/** @param {Page} page @param {string} state */
const waitForState = (page, state) =>
  page.locator(`[data-testid=state][data-state=${state}]`).waitFor({ timeout: 60_000 });

/** @param {Page} page @param {string} state */
const waitForSweep = (page, state) =>
  page.locator(`[data-testid=sweep-state][data-state=${state}]`).waitFor({ timeout: 120_000 });

/**
 * A session of the Live view, left running.
 * @param {Page} page
 * @param {Record<string, string>} options
 */
async function startSession(page, options) {
  await page.getByTestId('view-live').click();
  if (await page.getByTestId('tab-setup').isVisible()) await page.getByTestId('tab-setup').click();
  await page.getByTestId('mechanism').selectOption('pipe');
  for (const [option, text] of Object.entries(options)) await fill(page, `option-${option}`, text);
  await page.getByTestId('start').click();
  await waitForState(page, 'running');
}

/** Messages pile up before a slow consumer, and the producer is blocked. */
const SLOW = { size_bytes: '4 KiB', duration_ms: '0', consumer_delay_us: '200 us' };

/** What the pictures of runs show: two runs to compare, one of them named, marked and pinned, and a sweep. @param {Page} page */
async function makeRecordings(page) {
  for (const options of [
    { size_bytes: '64', duration_ms: '2 s', consumer_delay_us: '0' },
    { ...SLOW, duration_ms: '3 s' },
  ]) {
    await startSession(page, options);
    for (const note of ['buffer is full', '']) {
      await page.waitForTimeout(600);
      await page.locator('body').press('m');
      await page.locator('#mark-note').fill(note);
      await page.locator('#mark-note').press('Enter');
      await page.locator('#mark-note').waitFor({ state: 'detached' });
    }
    await waitForState(page, 'finished');
  }
  await page.getByTestId('view-runs').click();
  await page.getByTestId('pin-run').first().click();
  await page.getByTestId('edit-run').first().click();
  await page.locator('#run-name').fill('느린 소비자, slow consumer');
  await page.locator('#run-tags').fill('lecture 7, 과제');
  await page.locator('#run-tags').press('Enter');
  await page.locator('#run-tags').waitFor({ state: 'detached' });
  await page.getByTestId('view-sweep').click();
  await page.getByTestId('preset-quick').click();
  await fill(page, 'sweep-duration', '100 ms');
  await fill(page, 'sweep-warmup', '10 ms');
  await fill(page, 'sweep-repetitions', '2');
  await page.getByTestId('start-sweep').click();
  await waitForSweep(page, 'finished');
}

/**
 * Every view before anything was recorded.
 * @param {Page} page
 * @param {Shoot} shoot
 */
async function emptyViews(page, shoot) {
  for (const view of ['start', 'live', 'compare', 'sweep', 'runs', 'labs', 'settings']) {
    await page.getByTestId(`view-${view}`).click();
    await shoot(`empty-${view}`);
  }
}

/**
 * Every view with runs.
 * @param {Page} page
 * @param {Shoot} shoot
 */
async function fullViews(page, shoot) {
  await page.getByTestId('view-start').click();
  await page.getByTestId('last-run').first().waitFor();
  await shoot('start');
  await startSession(page, SLOW);
  await page.waitForTimeout(3000);
  await shoot('live');
  await page.getByTestId('flow').hover();
  await page.mouse.wheel(0, 2000);
  await shoot('live-below');
  await page.mouse.wheel(0, -2000);
  for (const tab of ['processes', 'calls', 'integrity']) {
    await page.getByTestId(`tab-${tab}`).click();
    await shoot(`live-${tab}`);
  }
  await page.getByTestId('view-start').click();
  await shoot('start-running');
  await page.getByTestId('view-live').click();
  await page.getByTestId('view-freeze').click();
  await page.waitForTimeout(1200);
  await shoot('live-frozen');
  await page.getByTestId('mark').click();
  await shoot('live-marking');
  await page.keyboard.press('Escape');
  await page.getByTestId('choose-charts').click();
  await shoot('live-charts');
  await page.keyboard.press('Escape');
  await page.getByTestId('stop').click();
  await waitForState(page, 'finished');
  await page.getByTestId('tab-summary').click();
  await shoot('live-over');

  await page.getByTestId('view-runs').click();
  await page.getByTestId('run-row').first().waitFor();
  await shoot('runs');
  await page.getByTestId('edit-run').first().click();
  await shoot('runs-label');
  await page.keyboard.press('Escape');
  for (const pick of (await page.locator('[data-pick]').all()).slice(0, 2)) await pick.click();
  await shoot('runs-picked');
  await page.getByTestId('compare-picked').click();
  await page.getByTestId('difference').waitFor();
  await shoot('compare');
  await page.locator('.content').evaluate((content) => (content.scrollTop = content.scrollHeight));
  await shoot('compare-below');
  await page.getByTestId('add-run').click();
  await shoot('compare-add');
  await page.keyboard.press('Escape');

  await page.getByTestId('view-runs').click();
  await page.locator('[data-run-id]', { hasText: '느린' }).locator('a').click();
  await page.getByTestId('scrubber').waitFor();
  await page.waitForTimeout(500);
  await shoot('run');
  await page.getByTestId('export').click();
  await shoot('run-export');
  const [report] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('[data-item="html"]').click(),
  ]);
  const file = join(data, 'report.html');
  await report.saveAs(file);

  await page.getByTestId('view-sweep').click();
  await waitForSweep(page, 'finished');
  await shoot('sweep');
  await page.locator('.stage-content').evaluate((stage) => (stage.scrollTop = stage.scrollHeight));
  await shoot('sweep-below');
  await page.getByTestId('tab-past').click();
  await shoot('sweep-past');
  for (const view of ['labs', 'settings']) {
    await page.getByTestId(`view-${view}`).click();
    await shoot(view);
  }
  await page.goto(pathToFileURL(file).href);
  await shoot('report');
}

/** @param {string} folder @param {string} wanted */
async function everything(folder, wanted) {
  mkdirSync(folder, { recursive: true });
  const pages = { en: await open('en'), ko: await open('ko') };
  /** @type {(locale: 'en' | 'ko') => Shoot} */
  const shooting = (locale) => async (name) => {
    if (!name.startsWith(wanted)) return;
    const page = pages[locale];
    for (const [width, height] of /** @type {const} */ ([
      [1280, 800],
      [1024, 700],
    ])) {
      for (const theme of /** @type {const} */ (['light', 'dark'])) {
        await page.setViewportSize({ width, height });
        await page.emulateMedia({ colorScheme: theme });
        await page.waitForTimeout(300);
        await page.screenshot({ path: join(folder, `${name}-${width}-${theme}-${locale}.png`) });
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  };
  for (const locale of /** @type {const} */ (['en', 'ko'])) await emptyViews(pages[locale], shooting(locale));
  await makeRecordings(pages.en);
  for (const locale of /** @type {const} */ (['en', 'ko'])) await fullViews(pages[locale], shooting(locale));
}

try {
  const [folder, wanted = ''] = process.argv.slice(2);
  if (folder !== undefined) await everything(folder, wanted);
  else {
    const page = await open('en');
    await startSession(page, SLOW);
    // Long enough for the charts to show a course.
    await page.waitForTimeout(8000);
    await page.screenshot({ path: join(root, 'docs/screenshot.png') });
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
  }
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await new Promise((done) => server.once('exit', done));
  rmSync(data, { recursive: true, force: true });
}
