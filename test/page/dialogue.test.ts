/** A dialogue on the page, with real processes: typed by a person, in Korean too, and found again among the runs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { PageWorld, valueOf, waitForState } from './open-page.ts';

describe.skipIf(!findBrowser())('a dialogue on the page', () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await PageWorld.open();
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  async function talking(mechanism: string, locale: 'en' | 'ko' = 'en'): Promise<Page> {
    const page = await world.newPage({ locale });
    await page.getByTestId('mechanism').selectOption(mechanism);
    // Few patterns stand side by side, many in a list.
    const list = page.locator('select#pattern');
    if ((await list.count()) > 0) await list.selectOption('dialogue');
    else await page.locator('input[name="pattern"][value="dialogue"]').check({ force: true });
    await page.getByTestId('start').click();
    await waitForState(page, 'running');
    return page;
  }

  const lines = (page: Page) => page.getByTestId('utterances').getByRole('listitem');

  test.each(['pipe', 'tcp', 'mq'])(
    '%s: both say what is typed, and the recording shows it again',
    async (mechanism) => {
      const page = await talking(mechanism);
      await page.locator('#say-producer').fill('Hello over there');
      await page.locator('#say-producer').press('Enter');
      await lines(page).nth(0).waitFor();
      await page.locator('#say-consumer').fill('안녕하세요 <b>&amp;');
      await page.getByTestId('say-consumer-send').click();
      await lines(page).nth(1).waitFor();
      expect(await lines(page).locator('.text').allTextContents()).toEqual([
        'Hello over there',
        '안녕하세요 <b>&amp;',
      ]);
      expect(await lines(page).nth(0).textContent()).toMatch(/Producer \(pid \d+\) to Consumer \(pid \d+\)/);
      await page.getByTestId('stop').click();
      await waitForState(page, 'finished');
      expect(await valueOf(page, 'messages')).toBe(2);
      expect(await page.locator('#say-producer').count()).toBe(0);
      const run = await world.newestRun();
      const recorded = await world.engine.handlers['runs.open']({ id: run.id });
      expect(recorded?.summary).toMatchObject({ pattern: 'dialogue', messages: 2, integrity: { lost: 0 } });
      await page.evaluate((hash) => (location.hash = hash), `#/runs/${run.id}`);
      await expect
        .poll(() => lines(page).locator('.text').allTextContents())
        .toEqual(['Hello over there', '안녕하세요 <b>&amp;']);
      await page.context().close();
    },
  );

  test('Enter that ends a Korean syllable being composed does not send; the next one does', async () => {
    const page = await talking('pipe', 'ko');
    const input = page.locator('#say-producer');
    await input.focus();
    const keyboard = await page.context().newCDPSession(page);
    await keyboard.send('Input.imeSetComposition', { text: '안녕', selectionStart: 2, selectionEnd: 2 });
    await keyboard.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    });
    await keyboard.send('Input.dispatchKeyEvent', {
      type: 'keyUp',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 13,
    });
    await page.waitForTimeout(300);
    expect(await lines(page).count()).toBe(0);
    await keyboard.send('Input.insertText', { text: '안녕' });
    expect(await input.inputValue()).toBe('안녕');
    await input.press('Enter');
    await lines(page).nth(0).waitFor();
    expect(await lines(page).locator('.text').allTextContents()).toEqual(['안녕']);
    expect(await input.inputValue()).toBe('');
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    await page.context().close();
  });
});
