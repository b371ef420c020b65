/** Charts of a real session, taken away as files: the pictures, the data and the report, opened as their reader would. */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Download, Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { fill, PageWorld, waitForState } from './open-page.ts';

describe.skipIf(!findBrowser())('what can be taken away of a session', () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await PageWorld.open();
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  async function session(look: Parameters<PageWorld['newPage']>[0], duration: string): Promise<Page> {
    const page = await world.newPage(look);
    await fill(page, 'option-duration_ms', duration);
    await page.getByTestId('start').click();
    await waitForState(page, 'running');
    return page;
  }

  /** The file that an item of a menu gives. */
  async function taken(page: Page, menu: ReturnType<Page['locator']>, item: string): Promise<Download> {
    await menu.click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`[data-item="${item}"]`).click(),
    ]);
    return file;
  }

  test('while it runs: a picture and the data so far', async () => {
    const page = await session({}, '0');
    await expect.poll(async () => (await world.newestRun()).state).toBe('running');
    await page.waitForTimeout(500);
    const picture = await taken(page, page.locator('[data-chart="messages"] .menu-button'), 'png');
    expect(picture.suggestedFilename()).toBe('Pipe-Stream-64-B-Throughput-messages.png');
    const png = readFileSync(await picture.path());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    // IHDR: width and height, twice 720 by 400.
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1440, 800]);
    const csv = await taken(page, page.getByTestId('export'), 'csv');
    expect(readFileSync(await csv.path(), 'utf8').split('\r\n').length).toBeGreaterThan(3);
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    await page.context().close();
  });

  test('every chart as SVG, in the theme that is looked at, with Korean words', async () => {
    const page = await session({ locale: 'ko', theme: 'dark' }, '800 ms');
    await waitForState(page, 'finished');
    for (const chart of await page.locator('[data-chart]').all()) {
      const file = await taken(page, chart.locator('.menu-button'), 'svg');
      const svg = readFileSync(await file.path(), 'utf8');
      expect(svg).toMatch(/^<svg xmlns=/);
      expect(svg).toContain('fill="#16191c"');
      expect(svg).toMatch(/<title>[^<]*[가-힣]/);
      expect(svg).not.toContain('NaN');
    }
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)(
    'the report opens by itself, in %s: no request, no script',
    async (theme) => {
      const page = await session({ theme }, '800 ms');
      await waitForState(page, 'finished');
      const { id, summary } = await world.newestRun();
      const file = await taken(page, page.getByTestId('export'), 'html');
      expect(file.suggestedFilename()).toBe(`${id}.html`);
      const path = `${world.folder}/report.html`;
      await file.saveAs(path);
      const reader = await page.context().newPage();
      const asked: string[] = [];
      const said: string[] = [];
      reader.on('request', (request) => asked.push(request.url()));
      reader.on('console', (message) => said.push(message.text()));
      const address = pathToFileURL(path).href;
      await reader.goto(address);
      expect(asked).toEqual([address]);
      expect(said).toEqual([]);
      expect(await reader.locator('figure > svg').count()).toBe(10);
      expect(
        await reader.getByText(new Intl.NumberFormat('en').format(summary?.messages ?? NaN)).count(),
      ).toBeGreaterThan(0);
      const [ground, line] = await reader.evaluate(() => {
        const path = document.querySelector('figure > svg .stroke-series-1');
        return [
          getComputedStyle(document.body).backgroundColor,
          path === null ? '' : getComputedStyle(path).stroke,
        ];
      });
      expect(ground).toBe(theme === 'dark' ? 'rgb(22, 25, 28)' : 'rgb(255, 255, 255)');
      expect(line).toBe(theme === 'dark' ? 'rgb(86, 180, 233)' : 'rgb(0, 114, 178)');
      // Narrow as a telephone: tables scroll on their own, the page does not.
      await reader.setViewportSize({ width: 400, height: 800 });
      expect(await reader.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(400);
      await page.context().close();
    },
  );

  test('which charts are shown is remembered', async () => {
    const page = await world.newPage();
    await page.getByTestId('choose-charts').click();
    await page.locator('[data-item="errors"]').click();
    await page.locator('[data-chart="errors"]').waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('[data-chart="messages"]').waitFor();
    expect(await page.locator('[data-chart="errors"]').count()).toBe(0);
    expect(await world.engine.handlers['settings.get'](undefined)).toMatchObject({
      hidden_charts: ['bytes', 'errors'],
    });
    await page.context().close();
  });
});
