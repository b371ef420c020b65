/** A session on the page: what is shown is what was measured. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { findBrowser } from '../support/browser.ts';
import { figure, fill, PageWorld, valueOf, waitForState } from './open-page.ts';

describe.skipIf(!findBrowser())('a session on the page', () => {
  let world: PageWorld;
  beforeAll(async () => {
    world = await PageWorld.open();
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.complaints).toEqual([]);
  });

  /** A page with fields filled and the session running. */
  async function started(fields: Record<string, string>, mechanism = 'pipe'): Promise<Page> {
    const page = await world.newPage();
    await page.getByTestId('mechanism').selectOption(mechanism);
    for (const [option, text] of Object.entries(fields)) await fill(page, `option-${option}`, text);
    await page.getByTestId('start').click();
    await waitForState(page, 'running');
    return page;
  }

  test.each(['pipe', 'tcp', 'shm'])(
    '%s: its figures are those of the recorded summary',
    async (mechanism) => {
      const page = await started({ duration_ms: '700 ms', size_bytes: '256' }, mechanism);
      await waitForState(page, 'finished');
      const { summary } = await world.newestRun();
      expect(summary?.mechanism).toBe(mechanism);
      expect(summary?.messages).toBeGreaterThan(0);
      expect(summary?.options['size_bytes']).toBe(256);
      expect(await valueOf(page, 'messages')).toBe(summary?.messages);
      expect(await valueOf(page, 'rate')).toBe(summary?.messages_per_s);
      expect(await valueOf(page, 'p50')).toBe(summary?.latency.p50_ns);
      expect(await valueOf(page, 'p99')).toBe(summary?.latency.p99_ns);
      const shown = new Intl.NumberFormat('en').format(summary?.messages ?? NaN);
      await expect.poll(() => page.getByTestId('summary').textContent()).toContain(shown);
      await page.context().close();
    },
  );

  test.each([
    ['multicast', 5, 'multicast group', '239.255.'],
    ['mailbox', 2, 'mailbox', '-mailbox-0'],
  ])(
    '%s: its %i processes and its objects are shown by kind and name',
    async (mechanism, processes, kind, name) => {
      const page = await started({ duration_ms: '700 ms', rate_per_s: '200' }, mechanism);
      await waitForState(page, 'finished');
      const { id } = await world.newestRun();
      const recorded = await world.engine.handlers['runs.open']({ id });
      expect(recorded?.summary?.processes).toHaveLength(processes);
      await page.getByTestId('tab-processes').click();
      const object = page.locator('li', { hasText: name });
      expect(await object.textContent()).toContain(kind);
      await page.context().close();
    },
  );

  test('ends after exactly as many messages as were asked for', async () => {
    const page = await started({ messages: '1234', rate_per_s: '2000', duration_ms: '0', warmup_ms: '0' });
    await waitForState(page, 'finished');
    expect(await valueOf(page, 'messages')).toBe(1234);
    await page.context().close();
  });

  test('a changed rate takes effect while it runs', async () => {
    const page = await started({ duration_ms: '0', rate_per_s: '500' });
    await figure(page, 'rate', (rate) => rate > 350 && rate < 650);
    await fill(page, 'live-rate_per_s', '5k');
    await figure(page, 'rate', (rate) => rate > 4000 && rate < 6000);
    await page.locator('[data-note="rate_changed"]').waitFor();
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    expect((await world.newestRun()).summary?.ended_by).toBe('stop');
    await page.context().close();
  });

  test('a changed capacity is shown as the kernel rounded it, whichever tab was looked at meanwhile', async () => {
    const page = await started({ duration_ms: '0', rate_per_s: '500' });
    const capacity = page.locator('#live-capacity_bytes');
    await fill(page, 'live-capacity_bytes', '5000');
    await page.locator('[data-note="capacity_changed"]').waitFor();
    await expect.poll(() => capacity.inputValue()).toBe('8 KiB');
    await page.getByTestId('tab-calls').click();
    await page.getByTestId('tab-controls').click();
    expect(await capacity.inputValue()).toBe('8 KiB');
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    await page.context().close();
  });

  test('pauses and goes on by keyboard', async () => {
    const page = await started({ duration_ms: '0', rate_per_s: '2000' });
    await figure(page, 'messages', (messages) => messages > 100);
    await page.locator('body').press('Space');
    await waitForState(page, 'paused');
    // What was under way has arrived by then; after that nothing more may.
    await page.waitForTimeout(600);
    const before = await valueOf(page, 'messages');
    await page.waitForTimeout(500);
    expect(await valueOf(page, 'messages')).toBe(before);
    await page.locator('body').press('Space');
    await waitForState(page, 'running');
    await figure(page, 'messages', (messages) => messages > before);
    await page.locator('body').press('Control+.');
    await waitForState(page, 'finished');
    await page.context().close();
  });

  test('a slow consumer makes the producer look blocked, and is seen in the buffer', async () => {
    const page = await started({ duration_ms: '0', consumer_delay_us: '2 ms' });
    const producer = page.locator('.process.stuck[data-role="producer"]');
    await producer.waitFor({ timeout: 10_000 });
    // Which call it cannot come out of, and where in the kernel that is.
    await expect
      .poll(() => producer.getByTestId('sleeps').textContent())
      .toMatch(/write\(\)\s+\w*pipe_write/);
    await page.locator('.arrow.held').waitFor();
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    await page.context().close();
  });

  test('a killed consumer ends the session with a note that names it', async () => {
    const page = await started({ duration_ms: '0', rate_per_s: '1000' });
    await figure(page, 'messages', (messages) => messages > 100);
    await page.getByTestId('tab-processes').click();
    const pid = await page.locator('[data-process="consumer"]').getAttribute('data-pid');
    await page.getByTestId('kill-consumer').click();
    await page.getByTestId('kill-confirm').click();
    await waitForState(page, 'finished');
    await expect.poll(() => page.getByTestId('ended').textContent()).toContain(`(pid ${pid})`);
    await page.getByText('signal SIGKILL').first().waitFor();
    const { summary } = await world.newestRun();
    expect(summary?.ended_by).toBe('peer_exit');
    expect(await valueOf(page, 'messages')).toBe(summary?.messages);
    await page.context().close();
  });

  test('is there again after a reload, and goes on', async () => {
    const page = await started({ duration_ms: '0', rate_per_s: '2000' });
    const before = await figure(page, 'messages', (messages) => messages > 500);
    await page.reload();
    await waitForState(page, 'running');
    await figure(page, 'messages', (messages) => messages > before);
    await page.getByTestId('stop').click();
    await waitForState(page, 'finished');
    expect(await valueOf(page, 'messages')).toBe((await world.newestRun()).summary?.messages);
    await page.context().close();
  });

  test('nothing starts while a field is wrong', async () => {
    const runs = (await world.runs()).length;
    const page = await world.newPage();
    await fill(page, 'option-size_bytes', '1 GiB');
    await page.getByTestId('error-option-size_bytes').waitFor();
    await page.getByTestId('start').click();
    expect(await page.getByTestId('state').getAttribute('data-state')).toBe('idle');
    expect((await world.runs()).length).toBe(runs);
    await page.context().close();
  });
});
