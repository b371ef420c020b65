/**
 * One whole visit, as somebody makes it who has measured before: a second session, changed, paused, marked, ended, held
 * against the first, taken away, thrown away and brought back. By keyboard where a person would use it.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Locator, Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { figure, fill, PageWorld, valueOf, waitForState } from './open-page.ts';

/** Bytes of the earlier session's messages; the later one's are 128 bytes, and fewer. */
const EARLIER = '1 KiB';

describe.skipIf(!findBrowser())('a visit', () => {
  let world: PageWorld;
  let page: Page;
  /** Ids of the two runs, once they are there. */
  let earlier = '';
  let later = '';

  beforeAll(async () => {
    world = await PageWorld.open();
    page = await world.newPage();
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  /** What an item of a menu gives, chosen by keyboard. */
  async function taken(menu: Locator, item: string): Promise<{ name: string; content: Buffer }> {
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.locator(`[data-item="${item}"]`).focus();
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    return { name: file.suggestedFilename(), content: readFileSync(await file.path()) };
  }

  test('there is an earlier run, of which the visitor knows nothing but its figures', async () => {
    await fill(page, 'option-size_bytes', EARLIER);
    await fill(page, 'option-duration_ms', '1 s');
    await fill(page, 'option-rate_per_s', '20k');
    await page.keyboard.press('Control+Enter');
    await waitForState(page, 'finished');
    earlier = (await world.newestRun()).id;
  });

  test('a session is started by keyboard, and what was typed last counts', async () => {
    await page.getByTestId('tab-setup').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Control+2');
    await fill(page, 'option-duration_ms', '0');
    await fill(page, 'option-rate_per_s', '500');
    // Not left and no Enter: Ctrl+Enter takes it along.
    await page.locator('#option-size_bytes').fill('128');
    await page.keyboard.press('Control+Enter');
    await waitForState(page, 'running');
    await figure(page, 'rate', (rate) => rate > 350 && rate < 650);
    later = (await world.newestRun()).id;
    expect(later).not.toBe(earlier);
    expect((await world.newestRun()).spec.options['size_bytes']).toBe(128);
  });

  test('its rate is changed while it runs', async () => {
    await fill(page, 'live-rate_per_s', '4k');
    await figure(page, 'rate', (rate) => rate > 3000 && rate < 5000);
    await page.locator('[data-note="rate_changed"]').waitFor();
  });

  test('it is paused: nothing more is sent, until it goes on', async () => {
    // Space belongs to the field as long as that has the focus.
    await page.getByTestId('flow').click();
    await page.locator('body').press('Space');
    await waitForState(page, 'paused');
    await page.waitForTimeout(600);
    const before = await valueOf(page, 'messages');
    await page.waitForTimeout(400);
    expect(await valueOf(page, 'messages')).toBe(before);
    await page.locator('body').press('Space');
    await waitForState(page, 'running');
    await figure(page, 'messages', (messages) => messages > before);
  });

  test('only the view is frozen: the session goes on', async () => {
    await page.locator('body').press('f');
    await page.getByTestId('view-behind').waitFor();
    const shown = await page.getByTestId('overview').getAttribute('aria-valuetext');
    const before = await valueOf(page, 'messages');
    await figure(page, 'messages', (messages) => messages > before + 500);
    expect(await page.getByTestId('overview').getAttribute('aria-valuetext')).toBe(shown);
    expect(await page.getByTestId('state').getAttribute('data-state')).toBe('running');
  });

  test('a moment of the past is found with the arrow keys, and marked with a note', async () => {
    const plot = page.locator('[data-chart="messages"] .plot');
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await expect
      .poll(() => page.locator('[data-chart="messages"] [aria-live]').textContent())
      .toMatch(/\d.*\/s/);
    await page.keyboard.press('m');
    await page.locator('#mark-note').fill('after the pause');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByTestId('marks').textContent()).toContain('after the pause');
    await page.locator('body').press('f');
    await page.getByTestId('view-freeze').waitFor();
  });

  test('it is stopped, and the figures on the page are those that were recorded', async () => {
    await page.locator('body').press('Control+.');
    await waitForState(page, 'finished');
    const { id, summary } = await world.newestRun();
    expect(id).toBe(later);
    expect(summary?.ended_by).toBe('stop');
    expect(await valueOf(page, 'messages')).toBe(summary?.messages);
    const recorded = await world.engine.handlers['runs.open']({ id: later });
    expect(recorded?.marks).toMatchObject([{ text: 'after the pause' }]);
    // The moment that was pointed at lies before the end.
    expect(recorded?.marks[0]?.elapsed_ns).toBeLessThan(recorded?.summary?.elapsed_ns ?? 0);
  });

  test('it is held against the earlier run: which delivers more, by how much, and why', async () => {
    await page.keyboard.press('Control+5');
    for (const id of [earlier, later]) {
      await page.locator(`[data-pick="${id}"]`).focus();
      await page.keyboard.press('Space');
    }
    await page.getByTestId('compare-picked').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/#/compare/${earlier},${later}`);
    await page.getByTestId('difference').waitFor();
    const [b, a] = await world.runs();
    const messages = (b?.summary?.messages_per_s ?? NaN) / (a?.summary?.messages_per_s ?? NaN);
    // 20,000 a second before; at most 4,000 now, with a pause.
    expect(messages).toBeLessThan(0.5);
    const told = page.locator('[data-figure="messages_per_s"] [data-ratio]');
    expect(Number(await told.getAttribute('data-ratio'))).toBeCloseTo(messages, 9);
    const sentence = ((await page.getByTestId('difference').textContent()) ?? '').replaceAll('\u00a0', ' ');
    // A tenth or so of it, not ten times as much.
    expect(sentence).toMatch(/^B \(128 B\) delivers (about )?(0\.|1\/)\d/);
    expect(sentence).toContain('message size');
  });

  test('it is taken away: data, pictures and report, each with what was measured', async () => {
    await page.goto(`${new URL(page.url()).origin}/#/runs/${later}`);
    await waitForState(page, 'finished');
    const { summary } = await world.newestRun();
    const whole = page.getByTestId('export');
    const csv = await taken(whole, 'csv');
    expect(csv.name).toBe(`${later}.csv`);
    expect(csv.content.toString().split('\r\n').length).toBeGreaterThan(20);
    const json = JSON.parse((await taken(whole, 'json')).content.toString()) as {
      summary: { messages: number };
      marks: { text: string }[];
    };
    expect(json.summary.messages).toBe(summary?.messages);
    expect(json.marks).toMatchObject([{ text: 'after the pause' }]);
    const html = (await taken(whole, 'html')).content.toString();
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('after the pause');
    expect(html).toContain(new Intl.NumberFormat('en').format(summary?.messages ?? NaN));
    const chart = page.locator('[data-chart="messages"] .menu-button');
    expect((await taken(chart, 'png')).content.subarray(1, 4).toString()).toBe('PNG');
    expect((await taken(chart, 'svg')).content.toString()).toMatch(/^<svg [^]*<path/);
  });

  test('it is deleted, and brought back, with its mark', async () => {
    await page.keyboard.press('Control+5');
    const row = page.locator(`[data-run-id="${later}"]`);
    await row.getByTestId('delete-run').focus();
    await page.keyboard.press('Enter');
    await row.waitFor({ state: 'detached' });
    expect((await world.runs()).map(({ id }) => id)).toEqual([earlier]);
    // The focus is not lost with the row: it is in the one that took its place.
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('tr')?.dataset['runId']))
      .toBe(earlier);
    await page.getByTestId('toast-action').focus();
    await page.keyboard.press('Enter');
    await row.waitFor();
    const recorded = await world.engine.handlers['runs.open']({ id: later });
    expect(recorded?.marks).toMatchObject([{ text: 'after the pause' }]);
  });
});
