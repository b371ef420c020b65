/** Charts of the built page: painted in a worker under the page's own policy, and only while somebody can see them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { fill, figure, PageWorld, waitForState } from './open-page.ts';

/** Paints that the page has asked its worker for, counted before the page's own scripts run. */
async function countPaints(page: Page): Promise<void> {
  await page.addInitScript(`
    globalThis.paints = 0;
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, transfer) {
      if (message.kind === 'paint') globalThis.paints++;
      post.call(this, message, transfer);
    };
  `);
}
const paintsOf = async (page: Page): Promise<number> => (await page.evaluate('globalThis.paints')) as number;

describe.skipIf(findBrowser() === undefined)('charts', () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await PageWorld.open();
  });
  afterAll(() => world.close());

  test('are painted in a worker while a session runs, and nothing is while another view is shown', async () => {
    const page = await world.newPage({ prepare: countPaints });
    await fill(page, 'option-duration_ms', '0');
    await fill(page, 'option-rate_per_s', '1000');
    await page.getByTestId('start').click();
    await waitForState(page, 'running');
    await figure(page, 'messages', (messages) => messages > 300);
    expect(page.workers()).toHaveLength(1);
    expect(await page.locator('canvas').first().isVisible()).toBe(true);
    await expect.poll(() => paintsOf(page)).toBeGreaterThan(20);
    // A canvas that was handed over is no longer the page's.
    const painted = `(() => { try { return document.querySelector('[data-chart="messages"] canvas').getContext('2d') === null; } catch { return true; } })()`;
    expect(await page.evaluate(painted)).toBe(true);

    await page.getByTestId('view-runs').click();
    await page.locator('canvas').first().waitFor({ state: 'detached' });
    const before = await paintsOf(page);
    await page.waitForTimeout(1000);
    expect(await paintsOf(page)).toBe(before);
    // The last chart is gone, and so is the worker, a little later.
    await expect.poll(() => page.workers().length, { timeout: 20_000 }).toBe(0);

    await page.getByTestId('view-live').click();
    await expect.poll(() => paintsOf(page), { timeout: 20_000 }).toBeGreaterThan(before + 10);
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    expect(world.complaints).toEqual([]);
    await page.context().close();
  });

  test('are drawn by the page where the worker cannot be had', async () => {
    const page = await world.newPage({
      prepare: async (opened) => {
        await opened.route(/plot-worker/, (route) => route.abort());
      },
    });
    await fill(page, 'option-duration_ms', '0');
    await page.getByTestId('start').click();
    await waitForState(page, 'running');
    await figure(page, 'messages', (messages) => messages > 300);
    const ink = `(() => {
      const canvas = document.querySelector('[data-chart="messages"] canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some((value) => value > 0);
    })()`;
    await expect.poll(() => page.evaluate(ink), { timeout: 20_000 }).toBe(true);
    expect(page.workers()).toHaveLength(0);
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    await page.context().close();
  });
});
