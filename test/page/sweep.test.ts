/** Sweeps on the page, with the real helper: started, watched, paused, read, taken away, deleted, for everyone. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { fill, PageWorld } from './open-page.ts';

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

  test('is used by keyboard', async () => {
    const other = await world.newPage({ view: 'sweep' });
    const finished = (await list()).find(({ state }) => state === 'finished');
    await other.evaluate((id) => (location.hash = `#/sweep/${id}`), finished?.id);
    await waitForSweep(other, 'finished');
    await other.locator('[data-chart="sweep-rate"] .plot').focus();
    await other.keyboard.press('End');
    await expect
      .poll(() => other.locator('[data-chart="sweep-rate"] [aria-live]').textContent())
      .toMatch(/1.KiB, .*\/s/);
    const chip = other.getByTestId('channel-pipe-plain');
    const before = await chip.getAttribute('aria-pressed');
    await chip.focus();
    await other.keyboard.press('Space');
    await expect.poll(() => chip.getAttribute('aria-pressed')).toBe(before === 'true' ? 'false' : 'true');
    await other.context().close();
  });
});
