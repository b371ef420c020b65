/** The first minute of somebody who has never opened the app: something real moves, unasked, and only this once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../support/browser.ts';
import { figure, fill, PageWorld, valueOf, waitForState } from './open-page.ts';

describe.skipIf(!findBrowser())('the first minute', () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await PageWorld.open();
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  test('a newcomer sees a real session move within ten seconds, untouched, and its buffer fill', async () => {
    const opened = Date.now();
    const page = await world.newPage({ view: 'start', newcomer: true });
    await page.locator('[data-testid="flow"][data-moving="true"]').waitFor({ timeout: 10_000 });
    expect(Date.now() - opened).toBeLessThan(10_000);
    await page.locator('.process.stuck[data-role="producer"]').waitFor({ timeout: 15_000 });
    // The consumer keeps up now, and it is the producer's turn to be waited for.
    await page.getByText('fast', { exact: true }).click();
    await page.locator('.process.stuck').waitFor({ state: 'detached', timeout: 10_000 });
    await page.getByTestId('preview').getByTestId('stop').click();
    await waitForState(page, 'finished');
    const run = await world.newestRun();
    expect(run.spec.mechanism).toBe('pipe');
    expect(run.summary?.messages).toBeGreaterThan(100);
    await page.getByTestId('last-run').first().waitFor();
    await page.reload();
    await page.getByTestId('card-pipe').waitFor();
    await page.waitForTimeout(1000);
    expect((await world.runs()).length).toBe(1);
    expect(await world.engine.handlers['session.list'](undefined)).toEqual([]);
    await page.context().close();
  });

  test('shows a session again when it is asked to, and leads from a card to Live', async () => {
    const page = await world.newPage({ view: 'start' });
    await page.getByTestId('show-demo').click();
    await waitForState(page, 'running');
    await page.getByTestId('card-shm').click();
    await page.getByTestId('mechanism').waitFor();
    expect(await page.getByTestId('mechanism').inputValue()).toBe('shm');
    expect((await world.newestRun()).summary?.ended_by).toBe('stop');
    await page.context().close();
  });

  test('what moves stands still for who asked for less motion; its figures go on', async () => {
    const page = await world.newPage();
    await fill(page, 'option-duration_ms', '0');
    await fill(page, 'option-rate_per_s', '500');
    await page.getByTestId('start').click();
    await page.locator('[data-testid="flow"][data-moving="true"]').waitFor();
    const moving = (): Promise<number> => page.locator('.flow .dashes').count();
    await expect.poll(moving).toBe(2);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect.poll(moving).toBe(0);
    const before = await valueOf(page, 'messages');
    await figure(page, 'messages', (messages) => messages > before);
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    await page.context().close();
  });
});
