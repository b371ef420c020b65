/** Sweeps on the page, with the real helper: started, watched, paused, read, taken away, deleted, for everyone. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { fill, PageWorld, type Look } from './open-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const results = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

async function wider(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [
      document.documentElement,
      ...document.querySelectorAll('main, .stage, .stage-content, .panel, .body, .status'),
    ]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ className, tagName }) => `${tagName} ${className}`),
  );
}

async function waitForSweep(page: Page, state: string): Promise<void> {
  await page.locator(`[data-testid="sweep-state"][data-state="${state}"]`).waitFor({ timeout: 25_000 });
}

const rowsOf = (page: Page) => page.getByTestId('heat-map').locator('tbody tr');

describe.skipIf(!findBrowser())('sweeps on the page', () => {
  let world: PageWorld;
  let page: Page;
  const list = async () => (await world.engine.handlers['sweep.list'](undefined)) ?? [];

  beforeAll(async () => {
    world = await PageWorld.open();
    page = await world.newPage({ view: 'sweep' });
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  test('one is chosen, started, paused, gone on with and finished; results appear while it runs', async () => {
    await page.getByTestId('preset-quick').click();
    await fill(page, 'sweep-duration', '100 ms');
    await fill(page, 'sweep-warmup', '10 ms');
    await fill(page, 'sweep-repetitions', '2');
    await page.getByTestId('channel-unix-plain').click();
    await page.getByTestId('channel-tcp-plain').click();
    await page.getByTestId('size-16384').click();
    await page.getByTestId('size-65536').click();
    await page.getByTestId('channel-signal-plain').click();
    await page.locator('.panel [data-testid="left-out"]').waitFor();
    await page.getByTestId('start-sweep').click();
    await waitForSweep(page, 'running');
    const done = async () => Number(await page.getByTestId('sweep-progress').getAttribute('data-done'));
    await expect.poll(done, { timeout: 15_000 }).toBeGreaterThan(2);
    await page.getByTestId('pause-sweep').click();
    await waitForSweep(page, 'paused');
    const [paused] = await list();
    expect(paused).toMatchObject({ state: 'paused', steps: 8 });
    expect(await rowsOf(page).count()).toBe(2);
    await expect
      .poll(() => page.getByTestId('heat-map').locator('td[data-level="6"]').count())
      .toBeGreaterThan(0);
    await page.getByTestId('resume-sweep').click();
    await waitForSweep(page, 'finished');
    expect(await list()).toMatchObject([{ state: 'finished', done: 8, failed: 0 }]);
    // Its cells are no runs.
    expect(await world.runs()).toEqual([]);
  }, 60_000);

  test('its address leads to it, and shows the same medians as the export', async () => {
    const [sweep] = await list();
    const id = sweep?.id ?? '';
    expect(page.url()).toContain(`#/sweep/${id}`);
    await page.reload();
    await waitForSweep(page, 'finished');
    const markdown = await world.engine.handlers['sweep.export']({ id, format: 'markdown', locale: 'en' });
    const shown = await rowsOf(page).first().locator('td').first().innerText();
    expect(markdown?.text).toContain(
      `| pipe | ${shown
        .replace('†', '')
        .replace(/\s*do not agree/, '')
        .trim()}`,
    );
    for (const [name, end] of [
      ['export-markdown', '.md'],
      ['export-csv', '.csv'],
    ] as const) {
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId(name).click()]);
      expect(file.suggestedFilename()).toBe(`${id}${end}`);
      expect(readFileSync(await file.path(), 'utf8').split('\n').length).toBeGreaterThanOrEqual(10);
    }
  });

  test('a session meanwhile is refused in words, and so is a sweep beside a session', async () => {
    await page.getByTestId('start-sweep').click();
    await waitForSweep(page, 'running');
    await page.getByTestId('view-live').click();
    await page.getByTestId('start').click();
    await page.locator('[role=alert][data-error="sweep_busy"]').waitFor();
    await page.getByTestId('view-sweep').click();
    await page.getByTestId('cancel-sweep').click();
    await waitForSweep(page, 'cancelled');
    const [cancelled] = await list();
    expect(cancelled?.state).toBe('cancelled');
    await page.getByTestId('resume-sweep').waitFor();
  }, 60_000);

  test('past ones are deleted and come back', async () => {
    const before = await list();
    await page.getByTestId('tab-past').click();
    const row = page.locator(`[data-sweep-id="${before[0]?.id}"]`);
    await row.getByTestId('delete-sweep').click();
    await row.waitFor({ state: 'detached' });
    expect(await list()).toHaveLength(before.length - 1);
    await page.getByTestId('toast-action').click();
    await row.waitFor();
    expect(await list()).toEqual(before);
  });

  const looks: Look[] = [
    { theme: 'light', locale: 'en' },
    { theme: 'dark', locale: 'ko' },
    { theme: 'light', locale: 'ko', width: 1024, height: 700 },
    { theme: 'dark', locale: 'en', width: 1024, height: 700 },
  ];
  test.each(looks)('no barriers and no sideways scrolling: $theme, $locale, $width', async (look) => {
    const finished = (await list()).find(({ state }) => state === 'finished');
    const other = await world.newPage({ ...look, view: 'sweep' });
    await other.getByTestId('tab-past').click();
    await other.locator(`[data-sweep-id="${finished?.id}"] a`).click();
    await waitForSweep(other, 'finished');
    expect(await barriers(other)).toEqual([]);
    expect(await wider(other)).toEqual([]);
    await other.getByTestId('tab-form').click();
    await other.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
    expect(await barriers(other)).toEqual([]);
    expect(await wider(other)).toEqual([]);
    await other.context().close();
  });

  test('is used by keyboard, and can be read at twice the size', async () => {
    const other = await world.newPage({ view: 'sweep', width: 640, height: 400 });
    const finished = (await list()).find(({ state }) => state === 'finished');
    await other.evaluate((id) => (location.hash = `#/sweep/${id}`), finished?.id);
    await waitForSweep(other, 'finished');
    await other.locator('[data-chart="sweep-rate"] .plot').focus();
    await other.keyboard.press('End');
    await expect
      .poll(() => other.locator('[data-chart="sweep-rate"] [aria-live]').textContent())
      .toMatch(/1.KiB, .*\/s/);
    const [wide, seen] = await other.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide).toBeLessThanOrEqual(seen ?? 0);
    const chip = other.getByTestId('channel-pipe-plain');
    const before = await chip.getAttribute('aria-pressed');
    await chip.focus();
    await other.keyboard.press('Space');
    await expect.poll(() => chip.getAttribute('aria-pressed')).toBe(before === 'true' ? 'false' : 'true');
    await other.context().close();
  });
});
