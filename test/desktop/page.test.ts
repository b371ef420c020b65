/// <reference lib="dom" />
/** The real page in the desktop: a person starts a session, sees its numbers, stops it. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunInfo } from '#contract/runs';
import { buildDesktop, launchDesktop, type DesktopApp } from '../electron-stand-in/launch.ts';
import { findBrowser } from '../support/browser.ts';
import { valueOf } from '../support/desktop-page.ts';
import { eventually } from '../support/eventually.ts';

describe.skipIf(!findBrowser())('the page in the desktop', () => {
  let app: DesktopApp;
  let page: Page;

  beforeAll(async () => {
    await buildDesktop();
    app = launchDesktop();
    page = await app.firstWindow();
  });
  afterAll(() => app.close());

  const state = (): Promise<string | null> => page.getByTestId('state').getAttribute('data-state');
  const messages = async (): Promise<number> =>
    Number(await page.getByTestId('messages').getAttribute('data-value'));

  test('start, numbers that grow, stop, and the numbers of the recording', async () => {
    await page.getByTestId('view-live').click();
    await page.getByTestId('start').click();
    await eventually(state).toBe('running');
    await eventually(messages).toBeGreaterThan(0);
    const before = await messages();
    await eventually(messages).toBeGreaterThan(before);

    await page.getByTestId('stop').click();
    await eventually(state).toBe('finished');
    const [run] = await valueOf<RunInfo[]>(page, 'runs.list');
    expect(run?.summary?.messages).toBeGreaterThan(0);
    await eventually(messages).toBe(run?.summary?.messages);
  });

  test('the window has the background of the page from the first moment', async () => {
    const shown = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const given = await app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.options.backgroundColor,
    );
    const channels = (given ?? '').match(/[0-9a-f]{2}/g)?.map((hex) => parseInt(hex, 16));
    expect(shown).toBe(`rgb(${channels?.join(', ')})`);
  });

  test('the menu starts and stops as the buttons do', async () => {
    const click = (id: string): Promise<void> =>
      app.evaluate(({ Menu }, id) => {
        (Menu.getApplicationMenu()?.getMenuItemById(id)?.click as (() => void) | undefined)?.();
      }, id);
    await click('start');
    await eventually(state).toBe('running');
    await click('stop');
    await eventually(state).toBe('finished');
  });

  test('nothing on the way broke the policy, and nothing was asked of the network', async () => {
    expect(app.output).not.toMatch(/Content Security Policy|violates/);
    expect(await app.evaluate((_electron, _argument, { blocked }) => blocked)).toEqual([]);
  });
});
