/** Past runs on the page: the same numbers again, files to take away, and a way back from a deletion. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { fill, PageWorld, valueOf, waitForState } from './open-page.ts';

describe.skipIf(!findBrowser())('past runs on the page', () => {
  let world: PageWorld;
  let page: Page;

  beforeAll(async () => {
    world = await PageWorld.open();
    page = await world.newPage();
    await fill(page, 'option-duration_ms', '600 ms');
    await page.getByTestId('start').click();
    await waitForState(page, 'finished');
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  test('a run opens again with exactly its recorded numbers and its charts', async () => {
    const { id, summary } = await world.newestRun();
    await page.getByTestId('view-runs').click();
    await page.locator(`[data-run-id="${id}"]`).click();
    await waitForState(page, 'finished');
    expect(await valueOf(page, 'messages')).toBe(summary?.messages);
    expect(await valueOf(page, 'p99')).toBe(summary?.latency.p99_ns);
    const recorded = await world.engine.handlers['runs.open']({ id });
    const pid = recorded?.summary?.processes[0]?.pid;
    await page.getByText(`pid ${pid}`).waitFor();
    await page.getByRole('button', { name: /^Show as a table: Throughput, messages/ }).click();
    await expect.poll(() => page.locator('[role=dialog] tbody tr').count()).toBeGreaterThan(5);
    await page.keyboard.press('Escape');
  });

  test('its address leads to it, and is remembered', async () => {
    const { id, summary } = await world.newestRun();
    expect(page.url()).toContain(`#/runs/${id}`);
    await page.goto(page.url().replace(/#.*/, ''));
    await page.waitForURL(`**/#/runs/${id}`);
    await expect.poll(() => valueOf(page, 'messages')).toBe(summary?.messages);
  });

  async function exportAs(format: string): Promise<void> {
    await page.getByTestId('export').click();
    await page.locator(`[data-item="${format.toLowerCase()}"]`).click();
  }

  test('is exported as CSV and JSON', async () => {
    const { summary } = await world.newestRun();
    for (const format of ['CSV', 'JSON'] as const) {
      const [file] = await Promise.all([page.waitForEvent('download'), exportAs(format)]);
      expect(file.suggestedFilename()).toMatch(new RegExp(`\\.${format.toLowerCase()}$`));
      const text = readFileSync(await file.path(), 'utf8');
      expect(text.length).toBeGreaterThan(100);
      if (format === 'JSON') expect(text).toContain(String(summary?.messages));
    }
  });

  test('is deleted, and comes back', async () => {
    const { id } = await world.newestRun();
    await page.getByTestId('view-runs').click();
    const row = page.locator(`[data-run-id="${id}"]`);
    await row.getByTestId('delete-run').click();
    await row.waitFor({ state: 'detached' });
    expect(await world.runs()).toEqual([]);
    await page.getByTestId('toast-action').click();
    await row.waitFor();
    expect((await world.newestRun()).id).toBe(id);
  });

  test('a run that is not there any more is refused in words', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/runs/20200101-000000-pipe-0000`);
    await page.reload();
    await page.locator('[role=alert][data-error="recording_missing"]').waitFor();
  });
});
