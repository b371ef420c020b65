/** Two real runs compared on the page: which of them has more, whatever the machine, and what is left when one is gone. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { PageWorld } from './open-page.ts';

describe.skipIf(!findBrowser())('comparing runs on the page', () => {
  let world: PageWorld;
  let page: Page;
  const sentence = async (): Promise<string> =>
    ((await page.getByTestId('difference').textContent()) ?? '').replaceAll('\u00a0', ' ');
  const ids = async (): Promise<string[]> => (await world.runs()).map(({ id }) => id);

  beforeAll(async () => {
    world = await PageWorld.open();
    page = await world.newPage();
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  test('two of them are measured', async () => {
    for (const [already, size_bytes] of [64, 65_536].entries()) {
      const options = { size_bytes, duration_ms: 1500, warmup_ms: 100 };
      await world.engine.handlers['session.start']({ mechanism: 'pipe', options });
      await eventually(async () => {
        const runs = await world.runs();
        return runs.length > already && runs[0]?.state === 'finished';
      }).toBe(true);
    }
  });

  test('they are picked out of the list, and the large messages carry more bytes, fewer messages', async () => {
    await page.getByTestId('view-runs').click();
    const [large, small] = await ids();
    for (const id of [small, large]) await page.locator(`[data-pick="${id}"]`).click();
    await page.getByTestId('compare-picked').click();
    await page.waitForURL(`**/#/compare/${small},${large}`);
    await page.getByTestId('difference').waitFor();
    const ratio = async (figure: string): Promise<number> =>
      Number(await page.locator(`[data-figure="${figure}"] [data-ratio]`).getAttribute('data-ratio'));
    expect(await ratio('bytes_per_s')).toBeGreaterThan(1);
    const [b, a] = await world.runs();
    const messages = (b?.summary?.messages_per_s ?? NaN) / (a?.summary?.messages_per_s ?? NaN);
    expect(await ratio('messages_per_s')).toBeCloseTo(messages, 9);
    expect(await sentence()).toMatch(
      /^B \(64 KiB\) (delivers|and A \(64 B\) cannot).*; they differ in message size\.$/,
    );
    const [, told] = /delivers (?:about )?([\d.,/]+)/.exec(await sentence()) ?? [];
    if (told !== undefined) expect(told.startsWith('0.') || told.startsWith('1/')).toBe(messages < 1);
    expect(await page.locator('[data-caution="sizes_differ"]').count()).toBe(1);
    for (const code of ['machines_differ', 'machine_unknown', 'no_spread']) {
      expect(await page.locator(`[data-caution="${code}"]`).count(), code).toBe(0);
    }
  });

  test('their charts have the same numbers as tables', async () => {
    await page.getByRole('button', { name: 'Show as a table: Latency by percentile' }).click();
    const row = page.locator('[role=dialog] tbody tr', { hasText: /^p50/ });
    await expect.poll(() => row.locator('td').allTextContents()).toHaveLength(2);
    expect(
      (await row.locator('td').allTextContents()).every((text) => /^[\d.,]+\s(ns|µs|ms|s)$/.test(text)),
    ).toBe(true);
    await page.keyboard.press('Escape');
  });

  test('the comparison is taken away as Markdown and CSV', async () => {
    for (const [button, ending] of [
      ['save-markdown', 'md'],
      ['save-csv', 'csv'],
    ] as const) {
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByTestId(button).click()]);
      expect(file.suggestedFilename()).toBe(`comparison.${ending}`);
      const text = readFileSync(await file.path(), 'utf8');
      for (const id of await ids()) expect(text).toContain(id);
    }
  });

  test('its address is remembered, in other languages too', async () => {
    const { origin } = new URL(page.url());
    const address = page.url();
    await page.getByTestId('view-settings').click();
    await page.getByText('한국어').click();
    await page.getByTestId('view-compare').click();
    await page.waitForURL(address);
    await expect.poll(sentence).toMatch(/서로 다른 설정은 메시지 크기입니다\.$/);
    await page.goto(origin);
    await page.waitForURL(address);
  });

  test('a run that was deleted meanwhile is named, and what is left asks for another', async () => {
    const [newest] = await ids();
    await world.engine.handlers['runs.delete']({ id: newest ?? '' });
    await page.reload();
    await page.locator('[data-error="recording_missing"]').waitFor();
    expect(await page.getByTestId('difference').count()).toBe(0);
    await world.engine.handlers['runs.restore']({ id: newest ?? '' });
    await page.locator(`[data-run="${newest}"]`).getByRole('button', { name: '다시 시도' }).click();
    await page.getByTestId('difference').waitFor();
  });
});
