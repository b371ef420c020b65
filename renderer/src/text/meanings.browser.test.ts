/** Terms of the field tell their meaning to the keyboard, wherever the page shows them. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { NO_LABEL, figuresOf, type RunInfo } from '#contract/runs';
import { FakeHost, ok } from '../test-support/fake-host.ts';
import { call, frame, hello, ID, info, state, summary, tick } from '../test-support/frames.ts';
import { openApp } from '../test-support/open-app.ts';

const tooltip = page.getByRole('tooltip');

async function told(name: string | RegExp, within: string, meaning: string): Promise<void> {
  const term = page.getByTestId(within).getByRole('button', { name, exact: true }).first();
  await expect.element(term).toBeVisible();
  (document.activeElement as HTMLElement | null)?.blur();
  term.element().focus();
  await expect.element(tooltip).toHaveTextContent(meaning);
}

test('in the panel of a session: objects, permissions, calls, totals', async () => {
  const host = await openApp();
  host.send(state('starting'), frame(hello), state('running'), frame(tick(50, 100)), frame(call(60)));
  await page.getByTestId('tab-processes').click();
  await told('pipe', 'objects', 'what was written first is read first');
  await told('0600', 'objects', 'its owner alone');
  await page.getByTestId('tab-calls').click();
  await told('Took', 'calls', 'time asleep included');
  host.send(frame(summary({ options: { verify: 'sequence' } })), state('finished'));
  await page.getByTestId('tab-summary').click();
  await told('mean', 'summary', 'a few slow messages pull it up');
  await told('Sequence', 'summary', 'out of order');
});

test('in the flow: how a process spends its time, once for both', async () => {
  const host = await openApp();
  host.send(state('starting'), frame(hello), state('running'), frame(tick(50, 100)));
  await told('waiting for a CPU', 'flow', 'no CPU was free');
  const words = page.getByTestId('flow').getByRole('button', { name: 'waiting for a CPU' }).elements();
  expect(words.map((word) => (word as HTMLElement).tabIndex)).toEqual([0, -1]);
});

test('at the head of a column, which sorts as before', async () => {
  const run: RunInfo = {
    id: ID,
    created_ms: 1_795_234_500_000,
    spec: info('finished').spec,
    label: NO_LABEL,
    state: 'finished',
    summary: figuresOf(summary()),
    bytes_on_disk: 1000,
  };
  await openApp(new FakeHost({ 'runs.list': () => ok([run]) }), '#/runs');
  const head = page.getByRole('button', { name: 'p99', exact: true });
  await expect.element(head).toBeVisible();
  head.element().focus();
  await expect.element(tooltip).toHaveTextContent('All but one message in a hundred');
  await head.click();
  await expect.element(page.getByRole('columnheader', { name: 'p99' })).toHaveAttribute('aria-sort');
});

test('at a choice: what the chosen value does', async () => {
  await openApp();
  await page.getByText('Full', { exact: true }).click();
  const row = document.querySelector('[data-option="option-verify"]');
  expect(row?.getAttribute('data-hint')).toContain('which costs reading all of it');
});
