/** Charts as people use them: by eye, by keyboard and by screen reader. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { FakeHost, ok } from '../test-support/fake-host.ts';
import { frame, hello, ID, info, snapshot, state, tick } from '../test-support/frames.ts';
import { openApp } from '../test-support/open-app.ts';
import { ink } from '../test-support/pixels.ts';
import { ringOf } from '../test-support/ring.ts';

function recorded(): FakeHost {
  const ring = ringOf(...Array.from({ length: 100 }, (_, i) => tick((i + 1) * 50, (i + 1) ** 2)));
  return new FakeHost({
    'runs.open': () =>
      ok(snapshot({ info: info('finished'), series: ring.toTable(), latency_buckets: [1000, 98, 1500, 2] })),
  });
}

const latency = page.getByRole('img', { name: /^Latency, one way/ });

test('are drawn, each with its line', async () => {
  await openApp(recorded(), `#/runs/${ID}`);
  await expect.element(latency).toBeVisible();
  for (const canvas of document.querySelectorAll('canvas'))
    await expect.poll(() => ink(canvas)).toBeGreaterThan(500);
});

test('draw what arrives while they are looked at', async () => {
  const host = await openApp();
  host.send(state('starting'), frame(hello), state('running'), frame(tick(50, 100)));
  const canvas = (): HTMLCanvasElement => {
    const found = document.querySelector<HTMLCanvasElement>('[data-chart="messages"] canvas');
    if (found === null) throw new Error('no chart');
    return found;
  };
  await expect.element(page.getByTestId('state')).toHaveAttribute('data-state', 'running');
  await expect.poll(() => ink(canvas())).toBeGreaterThan(100);
  const before = ink(canvas());
  for (let i = 2; i < 40; i++) host.send(frame(tick(i * 50, i * i * 10)));
  await expect.poll(() => ink(canvas())).toBeGreaterThan(before + 100);
  await expect
    .element(page.getByRole('button', { name: 'Show as a table: Throughput, messages' }))
    .toBeEnabled();
});

test('have a cursor for the arrow keys that says the values of its moment', async () => {
  await openApp(recorded(), `#/runs/${ID}`);
  await expect.element(latency).toBeVisible();
  (latency.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}');
  const spoken = () =>
    document.querySelector('[data-chart="latency"] [aria-live]')?.textContent?.replaceAll('\u00a0', ' ') ??
    '';
  await expect.poll(spoken).toContain('50 ms, p50 1 µs');
  await userEvent.keyboard('{ArrowRight}');
  await expect.poll(spoken).toContain('100 ms');
  // The other charts stand at the same moment.
  const messages = page.getByRole('img', { name: /^Throughput, messages: 100\sms/ });
  await expect.element(messages).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.poll(spoken).toBe('');
});

test('show their numbers as a table', async () => {
  await openApp(recorded(), `#/runs/${ID}`);
  await page.getByRole('button', { name: 'Show as a table: Latency, one way' }).click();
  const dialog = page.getByRole('dialog');
  await expect.element(dialog).toBeVisible();
  expect(dialog.element().querySelectorAll('tbody tr')).toHaveLength(50);
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
});
