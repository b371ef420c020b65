/** Recordings on the page, with the real engine: out as one file, in again by drop, and replayed to their end. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { makeRuns } from '../support/recordings.ts';
import { figure, fill, PageWorld, valueOf, waitForState } from './open-page.ts';

describe.skipIf(!findBrowser())('recordings on the page', () => {
  let world: PageWorld;
  let page: Page;
  let file: string;

  beforeAll(async () => {
    world = await PageWorld.open();
    page = await world.newPage();
    await fill(page, 'option-duration_ms', '2 s');
    await page.getByTestId('start').click();
    await waitForState(page, 'finished');
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  test('a run goes through its session again, and ends with the same numbers', async () => {
    const { id, summary } = await world.newestRun();
    await page.getByTestId('view-runs').click();
    await page.locator(`[data-run-id="${id}"]`).click();
    await page.getByTestId('scrubber').waitFor();
    await page.getByTestId('play').click();
    await waitForState(page, 'running');
    const early = await figure(page, 'messages', (n) => n > 0);
    await figure(page, 'messages', (n) => n > early);
    // What the flow and the charts show is the recording's own.
    const recorded = await world.engine.handlers['runs.open']({ id });
    await page.getByText(`pid ${recorded?.summary?.processes[0]?.pid}`).waitFor();
    await waitForState(page, 'finished');
    expect(await valueOf(page, 'messages')).toBe(summary?.messages);

    await page.getByTestId('scrubber').focus();
    await page.keyboard.press('Home');
    await waitForState(page, 'running');
    await page.keyboard.press('PageUp');
    await figure(page, 'replay-time', (s) => s > 1);
    await page.keyboard.press('End');
    await waitForState(page, 'finished');
  });

  test('is taken away as one file', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('export-recording').click(),
    ]);
    const { id } = await world.newestRun();
    expect(download.suggestedFilename()).toBe(`${id}.ipcscope`);
    file = await download.path();
    expect([...readFileSync(file).subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  });

  test('and dropped on the page of another visit it is there again', async () => {
    const [before] = await world.runs();
    await page.getByTestId('view-runs').click();
    const base64 = readFileSync(file).toString('base64');
    const dropped = await page.evaluateHandle((data) => {
      const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], 'mine.ipcscope'));
      return transfer;
    }, base64);
    await page.getByTestId('import-area').dispatchEvent('drop', { dataTransfer: dropped });
    await page.getByText('Imported: mine.ipcscope').waitFor();
    const copy = (await world.runs()).find(({ imported }) => imported);
    expect(copy?.id).not.toBe(before?.id);
    expect(copy?.summary).toEqual(before?.summary);
    await page.locator(`[data-run-id="${copy?.id}"]`).click();
    await waitForState(page, 'finished');
    expect(await valueOf(page, 'messages')).toBe(before?.summary?.messages);
    await page.getByTestId('back').click();
  });

  test('what is no recording is refused, and nothing is left of it', async () => {
    const before = (await world.runs()).length;
    await page.getByTestId('import-file').setInputFiles({
      name: 'letter.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('Dear all,\n'),
    });
    await page.locator('[role=alert][data-error="import_refused"]').waitFor();
    expect(await world.runs()).toHaveLength(before);
  });

  test('ten thousand runs are listed, with no more rows in the page than are seen', async () => {
    makeRuns(world.folder, 10_000);
    await page.getByTestId('view-live').click();
    await page.getByTestId('view-runs').click();
    const all = (await world.runs()).length;
    expect(all).toBeGreaterThanOrEqual(10_000);
    await page.locator(`table[aria-rowcount="${all + 1}"]`).waitFor({ timeout: 60_000 });
    const rows = page.getByTestId('run-row');
    expect(await rows.count()).toBeLessThan(80);
    const scroller = page.locator('.content');
    const first = await rows.first().getAttribute('data-run-id');
    await scroller.evaluate((element) => (element.scrollTop = element.scrollHeight / 2));
    await expect.poll(() => rows.first().getAttribute('data-run-id')).not.toBe(first);
    expect(await rows.count()).toBeLessThan(80);
    await page.getByTestId('search-runs').fill('tag-30');
    await expect.poll(() => page.locator('table').getAttribute('aria-rowcount')).toBe('101');
  }, 120_000);
});
