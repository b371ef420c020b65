/** The page for everyone: both languages, both themes, assistive technology, small windows, a lost connection. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page, WebSocketRoute } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { barriers, lostToKeyboard, tooWide, widerThanWindow } from './barriers.ts';
import { figure, fill, PageWorld, waitForState, type Look } from './open-page.ts';

/** Each view is seen in each theme and in each language. */
const looks: Look[] = [
  { theme: 'light', locale: 'en', width: 1024, height: 700 },
  { theme: 'dark', locale: 'ko', width: 1024, height: 700 },
];
const VIEWS = ['start', 'live', 'compare', 'sweep', 'runs', 'labs', 'settings'] as const;

describe.skipIf(!findBrowser())('the page for everyone', () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await PageWorld.open();
  });
  afterAll(async () => {
    await world?.close();
  });

  /** Looks at what the page shows now: as it is, and at twice the size, which leaves a screen of 1280x800 640x400. */
  async function check(page: Page, what: string): Promise<void> {
    expect.soft(await barriers(page), what).toEqual([]);
    expect.soft(await tooWide(page), what).toEqual([]);
    await page.setViewportSize({ width: 640, height: 400 });
    expect.soft(await widerThanWindow(page), `${what}, twice the size`).toBe(0);
    await page.setViewportSize({ width: 1024, height: 700 });
  }

  async function waitForSweep(page: Page, state: string): Promise<void> {
    await page.locator(`[data-testid="sweep-state"][data-state="${state}"]`).waitFor({ timeout: 25_000 });
  }

  test.each(looks)('no barriers before anything was measured: $theme, $locale', async (look) => {
    const page = await world.newPage(look);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.locale);
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe(look.theme);
    await page.getByTestId('more-options').click();
    for (const view of VIEWS) {
      await page.getByTestId(`view-${view}`).click();
      if (view === 'start') await page.getByTestId('card-pipe').waitFor();
      if (view === 'runs') await page.locator('.empty').waitFor();
      await check(page, `${view}, empty`);
    }
    await page.context().close();
  });

  test('something is measured: two runs, one of them with a name, tags and a mark, and a sweep', async () => {
    for (const [already, size_bytes] of [64, 4096].entries()) {
      const options = { size_bytes, duration_ms: 600, warmup_ms: 50 };
      await world.engine.handlers['session.start']({ mechanism: 'pipe', options });
      await eventually(async () => {
        const runs = await world.runs();
        return runs.length > already && runs[0]?.state === 'finished';
      }).toBe(true);
    }
    const { id } = await world.newestRun();
    const change = {
      name: '느린 소비자, a run with a rather long name',
      tags: ['lecture 7', '과제'],
      pinned: true,
    };
    await world.engine.handlers['runs.label']({ id, change });
    const mark = { id: 'aaaaaaaaaaaaaaaaaaaaa', elapsed_ns: 300_000_000, text: 'here' };
    await world.engine.handlers['runs.mark']({ id, mark });
    const page = await world.newPage({ view: 'sweep' });
    await page.getByTestId('preset-quick').click();
    await fill(page, 'sweep-duration', '100 ms');
    await fill(page, 'sweep-warmup', '10 ms');
    await fill(page, 'sweep-repetitions', '1');
    await page.getByTestId('start-sweep').click();
    await waitForSweep(page, 'finished');
    await page.context().close();
  }, 60_000);

  test.each(looks)(
    'no barriers around a session: $theme, $locale',
    async (look) => {
      const page = await world.newPage(look);
      await fill(page, 'option-duration_ms', '0');
      await fill(page, 'option-consumer_delay_us', '500 us');
      await page.getByTestId('start').click();
      await page.locator('.process.stuck').waitFor();
      await check(page, 'controls');
      await page.getByTestId('kill-chosen').click();
      await check(page, 'kill?');
      await page.keyboard.press('Escape');
      await page.getByTestId('mark').click();
      await check(page, 'the note of a mark');
      await page.locator('#mark-note').fill('here');
      await page.keyboard.press('Enter');
      await page.getByTestId('marks').locator('li').waitFor();
      for (const tab of ['processes', 'calls', 'integrity', 'summary']) {
        await page.getByTestId(`tab-${tab}`).click();
        await check(page, `${tab}, running`);
      }
      await page.getByTestId('view-start').click();
      await check(page, 'start, running');
      await page.getByTestId('view-live').click();
      await page.getByTestId('view-freeze').click();
      await page.getByTestId('choose-charts').click();
      await check(page, 'frozen, with a menu');
      await page.keyboard.press('Escape');
      await page.getByTestId('stop').click();
      await waitForState(page, 'finished');
      for (const tab of ['setup', 'summary']) {
        await page.getByTestId(`tab-${tab}`).click();
        await check(page, `${tab}, over`);
      }
      await page.locator('[data-chart="messages"] header .button').last().click();
      await page.getByRole('dialog').waitFor();
      await check(page, 'a chart as a table');
      await page.context().close();
      expect(world.complaints).toEqual([]);
    },
    90_000,
  );

  test.each(looks)(
    'no barriers around what was measured: $theme, $locale',
    async (look) => {
      const page = await world.newPage({ ...look, view: 'start' });
      await page.getByTestId('last-run').first().waitFor();
      await check(page, 'start');
      await page.getByTestId('view-compare').click();
      await page.getByTestId('search-compare').waitFor();
      await check(page, 'which runs are compared');
      await page.getByTestId('view-runs').click();
      await page.getByTestId('run-row').first().waitFor();
      for (const pick of (await page.locator('[data-pick]').all()).slice(0, 2)) await pick.click();
      await check(page, 'runs');
      await page.getByTestId('edit-run').first().click();
      await check(page, 'the label of a run');
      await page.keyboard.press('Escape');
      await page.getByTestId('compare-picked').click();
      await page.getByTestId('difference').waitFor();
      await check(page, 'compare');
      await page.getByTestId('add-run').click();
      await check(page, 'another run to compare');
      await page.keyboard.press('Escape');
      await page.getByTestId('view-runs').click();
      await page.locator('[data-run-id]', { hasText: '느린' }).locator('a').click();
      await page.getByTestId('scrubber').waitFor();
      await check(page, 'a run');
      await page.getByTestId('view-settings').click();
      await check(page, 'settings');
      await page.context().close();
      expect(world.complaints).toEqual([]);
    },
    60_000,
  );

  test.each(looks)(
    'no barriers around a sweep: $theme, $locale',
    async (look) => {
      const finished = ((await world.engine.handlers['sweep.list'](undefined)) ?? []).find(
        ({ state }) => state === 'finished',
      );
      const page = await world.newPage({ ...look, view: 'sweep' });
      await page.getByTestId('tab-past').click();
      await page.locator(`[data-sweep-id="${finished?.id}"] a`).click();
      await waitForSweep(page, 'finished');
      await check(page, 'past sweeps and a result');
      await page.getByTestId('tab-form').click();
      await page.evaluate(() => document.querySelectorAll('details').forEach((each) => (each.open = true)));
      await check(page, 'the form of a sweep');
      await page.getByTestId('start-sweep').click();
      await waitForSweep(page, 'running');
      await check(page, 'a sweep that runs');
      await page.getByTestId('cancel-sweep').click();
      await waitForSweep(page, 'cancelled');
      await page.context().close();
      expect(world.complaints).toEqual([]);
    },
    60_000,
  );

  test('every action can be reached with the Tab key, and shows that it has been', async () => {
    const page = await world.newPage();
    const check = async (what: string): Promise<void> =>
      expect.soft(await lostToKeyboard(page), what).toEqual([]);
    await page.getByTestId('more-options').click();
    for (const view of VIEWS) {
      await page.getByTestId(`view-${view}`).click();
      if (view === 'start') await page.getByTestId('last-run').first().waitFor();
      if (view === 'sweep') await page.getByTestId('sweep-state').waitFor();
      if (view === 'runs') {
        await page.getByTestId('run-row').first().waitFor();
        for (const pick of (await page.locator('[data-pick]').all()).slice(0, 2)) await pick.click();
      }
      await check(view);
      if (view !== 'runs') continue;
      await page.getByTestId('compare-picked').click();
      await page.getByTestId('difference').waitFor();
      await check('two runs');
      await page.goto(`${new URL(page.url()).origin}/#/runs/${(await world.newestRun()).id}`);
      await page.getByTestId('scrubber').waitFor();
      await check('a run');
    }
    await page.context().close();
  }, 90_000);

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
