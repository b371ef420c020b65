/** Looking back while a real session runs on, and marks that are there again in its recording. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { figure, fill, PageWorld, waitForState } from './open-page.ts';

/** What the strip says is shown, in seconds since the start. */
async function span(page: Page): Promise<{ from: number; to: number }> {
  const strip = page.getByTestId('overview');
  const text = (await strip.getAttribute('aria-valuetext')) ?? '';
  const [, to = ''] = text.split(' to ');
  const unit = to.includes('ms') ? 1e-3 : 1;
  const [minutes, seconds] = to.includes(':') ? to.split(':') : ['0', to];
  return {
    from: Number(await strip.getAttribute('aria-valuenow')),
    to: Number(minutes) * 60 + Number.parseFloat(seconds ?? '') * unit,
  };
}

describe.skipIf(!findBrowser())('time on the page', () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await PageWorld.open();
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  test('the view stands still, goes back, looks closer and marks, while the session runs on', async () => {
    const page = await world.newPage();
    await fill(page, 'option-duration_ms', '0');
    await fill(page, 'option-rate_per_s', '2k');
    await page.getByTestId('start').click();
    await waitForState(page, 'running');
    const before = await figure(page, 'messages', (messages) => messages > 4000);

    await page.locator('body').press('f');
    await page.getByTestId('view-behind').waitFor();
    const frozen = await span(page);
    await figure(page, 'messages', (messages) => messages > before + 2000);
    expect(await span(page)).toEqual(frozen);
    expect(await page.getByTestId('state').getAttribute('data-state')).toBe('running');

    const plot = page.locator('[data-chart="messages"] .plot');
    await plot.hover();
    await page.mouse.wheel(0, -300);
    await page.mouse.wheel(0, -300);
    await expect.poll(async () => (await span(page)).to - (await span(page)).from).toBeLessThan(5);
    // How far there is to go depends on how long the steps before have taken.
    const back = async (): Promise<number> => {
      await page.mouse.wheel(-3000, 0);
      return (await span(page)).from;
    };
    await expect.poll(back).toBe(0);
    const box = await plot.boundingBox();
    if (box === null) throw new Error('no plot');
    const drawn = await span(page);
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height / 2);
    await page.mouse.move(box.x + box.width * 0.8, box.y + box.height / 2);
    await page.mouse.up();
    await expect.poll(async () => (await span(page)).from).toBeGreaterThan(drawn.from);

    // A moment is kept by a click, and marked.
    await page.mouse.click(box.x + box.width * 0.6, box.y + box.height / 2);
    await page.mouse.move(5, 5);
    await page.getByTestId('mark').click();
    await page.locator('#mark-note').fill('첫 표시');
    await page.getByTestId('mark-save').click();
    await expect.poll(() => page.getByTestId('marks').textContent()).toContain('첫 표시');
    await page.getByTestId('view-follow').click();
    await page.locator('body').press('m');
    await page.locator('#mark-note').press('Enter');
    await expect.poll(() => page.getByTestId('marks').locator('li').count()).toBe(2);

    // Marks are there again after a reload, while it still runs.
    await page.reload();
    await waitForState(page, 'running');
    await expect.poll(() => page.getByTestId('marks').locator('li').count()).toBe(2);
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');

    const { id } = await world.newestRun();
    const recorded = await world.engine.handlers['runs.open']({ id });
    expect(recorded?.marks).toMatchObject([{ text: '첫 표시' }, { text: '' }]);
    const [first] = recorded?.marks ?? [];
    expect(first?.elapsed_ns).toBeGreaterThan(0);
    expect(first?.elapsed_ns).toBeLessThan((frozen.to + 0.1) * 1e9);

    // In the recorded run it is gone to, deleted and taken back; and it is in the export.
    await page.goto(`${new URL(page.url()).origin}/#/runs/${id}`);
    const list = page.getByTestId('marks');
    await list.locator('li', { hasText: '첫 표시' }).locator('button').first().click();
    await expect.poll(() => page.getByTestId('pointed-mark').textContent()).toContain('첫 표시');
    await list
      .locator('li', { hasText: '첫 표시' })
      .getByRole('button', { name: /^Delete/ })
      .click();
    await expect.poll(() => list.locator('li').count()).toBe(1);
    await page.getByTestId('toast-action').click();
    await expect.poll(() => list.locator('li').count()).toBe(2);
    const exported = await world.engine.handlers['runs.export']({ id, format: 'json' });
    const content = JSON.parse(exported?.text ?? '{}') as { marks?: unknown };
    expect(content.marks).toEqual(recorded?.marks);
    await page.context().close();
  });
});
