/** The page for everyone: both languages, both themes, assistive technology, small windows, a lost connection. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page, WebSocketRoute } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { figure, fill, PageWorld, waitForState, type Look } from './open-page.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds that keeps someone out, as `rule: element`. */
async function barriers(page: Page): Promise<string[]> {
  // Not through a script element: the page's own policy rightly refuses that.
  await page.evaluate(axe);
  const results = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as AxeResults;
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

async function fitsSideways(page: Page): Promise<void> {
  const over = await page.evaluate(
    () =>
      [
        document.documentElement,
        ...document.querySelectorAll('main, .stage, .panel, .page, .content'),
      ].filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length,
  );
  expect(over).toBe(0);
}

describe.skipIf(!findBrowser())('the page for everyone', () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await PageWorld.open();
  });
  afterAll(async () => {
    await world?.close();
  });

  const looks: Look[] = [
    { theme: 'light', locale: 'en' },
    { theme: 'dark', locale: 'ko' },
    { theme: 'light', locale: 'ko', width: 1024, height: 700 },
    { theme: 'dark', locale: 'en', width: 1024, height: 700 },
  ];

  test.each(looks)('no barriers and no sideways scrolling: $theme, $locale, $width', async (look) => {
    const page = await world.newPage(look);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.locale);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe(look.theme);
    const check = async (): Promise<void> => {
      expect(await barriers(page)).toEqual([]);
      await fitsSideways(page);
    };
    await page.getByTestId('more-options').click();
    await check();
    await fill(page, 'option-duration_ms', '1 s');
    await page.getByTestId('start').click();
    await waitForState(page, 'running');
    await page.getByTestId('tab-processes').click();
    await check();
    await waitForState(page, 'finished');
    for (const tab of ['calls', 'integrity', 'summary']) {
      await page.getByTestId(`tab-${tab}`).click();
      await check();
    }
    for (const view of ['start', 'runs', 'settings']) {
      await page.getByTestId(`view-${view}`).click();
      await page.waitForTimeout(200);
      await check();
    }
    await page.context().close();
    expect(world.complaints).toEqual([]);
  });

  test('can be read at twice the size, by scrolling down only', async () => {
    // Twice the size on a screen of 1280x800 leaves the page 640x400.
    const page = await world.newPage({ width: 640, height: 400 });
    for (const view of ['start', 'settings', 'runs', 'live']) {
      await page.getByTestId(`view-${view}`).click();
      await page.waitForTimeout(200);
      const [wide, seen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      expect(wide, view).toBeLessThanOrEqual(seen ?? 0);
    }
    await page.getByTestId('start').scrollIntoViewIfNeeded();
    await page.locator('#option-size_bytes').scrollIntoViewIfNeeded();
    await page.context().close();
  });

  test('speaks Korean to who reads Korean, and switches without a reload', async () => {
    const page = await world.newPage({ locale: 'ko' });
    await page.getByText('생산자').first().waitFor();
    await fill(page, 'option-size_bytes', '0');
    await expect
      .poll(() => page.getByTestId('error-option-size_bytes').textContent())
      .toMatch(/메시지 크기.*1 B – 16 MiB/);
    await page.getByTestId('view-settings').click();
    await page.getByText('English').click();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
    await page.context().close();
  });

  test('every action can be reached by keyboard', async () => {
    const page = await world.newPage();
    const reached = new Set<string>();
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      reached.add(
        await page.evaluate(() => {
          const at = document.activeElement;
          return at?.getAttribute('data-testid') ?? at?.id ?? '';
        }),
      );
    }
    for (const name of [
      'start',
      'mechanism',
      'view-runs',
      'option-size_bytes',
      'option-rate_per_s',
      'tab-setup',
    ]) {
      expect(reached, name).toContain(name);
    }
    await page.context().close();
  });

  test('says that the connection is lost, and finds the session again when it is back', async () => {
    const connections: WebSocketRoute[] = [];
    let cut = false;
    const page = await world.newPage({
      prepare: (opened) =>
        opened.routeWebSocket(/\/stream$/, (socket) => {
          if (cut) return void socket.close();
          socket.connectToServer();
          connections.push(socket);
        }),
    });
    await fill(page, 'option-duration_ms', '0');
    await fill(page, 'option-rate_per_s', '1000');
    await page.getByTestId('start').click();
    const before = await figure(page, 'messages', (messages) => messages > 200);
    cut = true;
    await connections.at(-1)?.close();
    await page.getByTestId('lost').waitFor();
    await page.waitForTimeout(1000);
    cut = false;
    await page.getByTestId('lost').waitFor({ state: 'detached', timeout: 15_000 });
    await waitForState(page, 'running');
    await figure(page, 'messages', (messages) => messages > before + 500);
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    await page.context().close();
  });
});
