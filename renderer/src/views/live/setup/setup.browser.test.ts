/** The setup panel is made of what describe says, and says at the field what is wrong with it. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { FakeHost, ok } from '../../../test-support/fake-host.ts';
import { openApp } from '../../../test-support/open-app.ts';
import { describeAnswer } from '../../../test-support/describe.ts';
import type { Describe } from '#contract/describe';
import { DEFAULT_SETTINGS } from '#contract/settings';

const start = page.getByTestId('start');
const size = page.getByRole('textbox', { name: 'Message size' });

test('offers every mechanism and option of describe, known to the texts or not', async () => {
  await openApp();
  await expect.element(page.getByTestId('mechanism')).toHaveValue('pipe');
  await expect.element(page.getByRole('radio', { name: 'Ping-pong' })).toBeInTheDocument();
  await expect.element(page.getByRole('radio', { name: 'Tuned' })).toBeInTheDocument();
  await expect.element(page.getByLabelText('Spare slots')).not.toBeInTheDocument();
  await page.getByTestId('more-options').click();
  await expect.element(page.getByRole('textbox', { name: 'Spare slots' })).toHaveValue('2');
  await page.getByTestId('mechanism').selectOptions('carrier_pigeon');
  await expect.element(page.getByRole('radio', { name: 'Ping-pong' })).not.toBeInTheDocument();
});

test('asks for numbers of processes only where the pattern has several', async () => {
  const host = await openApp();
  const producers = page.getByRole('textbox', { name: 'Producers' });
  await expect.element(producers).not.toBeInTheDocument();
  await page.getByRole('radio', { name: 'Fan-in' }).click();
  await producers.fill('3');
  await userEvent.tab();
  await page.getByRole('radio', { name: 'Stream' }).click();
  await expect.element(producers).not.toBeInTheDocument();
  await start.click();
  expect(host.asked('session.start')).toMatchObject([{ pattern: 'stream', options: {} }]);
  expect(host.asked('session.start')).not.toMatchObject([{ options: { producers: 3 } }]);
});

test('what does not go with the variant cannot be chosen, says why, and comes back with another variant', async () => {
  const exclusions: Describe['mechanisms'][number]['exclusions'] = [
    [
      { name: 'variant', value: 'tuned' },
      { name: 'pattern', value: 'fan_in' },
    ],
  ];
  const mechanisms = describeAnswer.mechanisms.map((one) => ({ ...one, exclusions }));
  const host = await openApp(
    new FakeHost({ 'helper.describe': () => ok({ ...describeAnswer, mechanisms }) }),
  );
  const fanIn = page.getByRole('radio', { name: 'Fan-in' });
  await fanIn.click();
  await page.getByRole('radio', { name: 'Tuned' }).click();
  await expect.element(fanIn).toBeDisabled();
  await expect.element(page.getByRole('radio', { name: 'Ping-pong' })).toBeChecked();
  await expect
    .element(page.getByText('Not together with “Tuned” (variant): Fan-in.').first())
    .toBeInTheDocument();
  await start.click();
  expect(host.asked('session.start')).toMatchObject([{ variant: 'tuned', pattern: 'pingpong' }]);
});

test('takes values in human units and starts with those that differ from the defaults', async () => {
  const host = await openApp();
  await size.fill('1 KiB');
  await userEvent.keyboard('{Enter}');
  const rate = page.getByRole('textbox', { name: 'Rate limit' });
  await rate.fill('10k');
  await userEvent.tab();
  await expect.element(rate).toHaveValue('10,000/s');
  await start.click();
  expect(host.asked('session.start')).toEqual([
    {
      mechanism: 'pipe',
      variant: 'plain',
      pattern: 'stream',
      options: { size_bytes: 1024, rate_per_s: 10_000 },
    },
  ]);
  expect(host.asked('settings.set')).toMatchObject([{ last_spec: { mechanism: 'pipe' } }]);
});

test('steps along powers of two with the arrow keys', async () => {
  await openApp();
  await size.click();
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  await expect.element(size).toHaveValue('256 B');
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(size).toHaveValue('128 B');
});

test('steps from what is typed, entered or not', async () => {
  await openApp();
  await size.fill('1000');
  await userEvent.keyboard('{ArrowUp}');
  await expect.element(size).toHaveValue('1 KiB');
  await size.fill('65');
  await userEvent.keyboard('{ArrowDown}');
  await expect.element(size).toHaveValue('64 B');
  await userEvent.tab();
  await expect.element(size).toHaveValue('64 B');
});

test('a start by key or menu takes what is still being typed', async () => {
  const host = await openApp();
  await size.fill('1 KiB');
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await expect.poll(() => host.asked('session.start')).toMatchObject([{ options: { size_bytes: 1024 } }]);
});

test('a menu start takes the CPU numbers that are still being typed', async () => {
  const host = await openApp();
  await page.getByRole('combobox', { name: 'CPU placement' }).selectOptions('CPU numbers…');
  await page.getByRole('textbox', { name: 'CPU placement' }).fill('1, 1');
  host.tell({ kind: 'action', action: 'start' });
  await expect.poll(() => host.asked('session.start')).toMatchObject([{ options: { placement: '1,1' } }]);
});

test('a wrong value that is still being typed starts nothing, and keeps the focus', async () => {
  const host = await openApp();
  await size.fill('0');
  await userEvent.keyboard('{Control>}{Enter}{/Control}');
  await expect.element(page.getByTestId('error-option-size_bytes')).toBeVisible();
  await expect.element(size).toHaveFocus();
  expect(host.asked('session.start')).toEqual([]);
});

test('leads to a wrong field once, not again at every return', async () => {
  await openApp();
  await size.fill('0');
  await page.getByTestId('start').click();
  await expect.element(size).toHaveFocus();
  await page.getByTestId('view-settings').click();
  await page.getByTestId('view-live').click();
  await expect.element(size).toBeVisible();
  await new Promise((done) => setTimeout(done, 100));
  await expect.element(size).not.toHaveFocus();
});

test('leads to a wrong field from another view as well', async () => {
  const host = await openApp();
  await size.fill('0');
  await page.getByTestId('view-settings').click();
  host.tell({ kind: 'action', action: 'start' });
  await expect.element(size).toHaveFocus();
});

test('says at the field what is wrong and starts nothing', async () => {
  const host = await openApp();
  await size.fill('0');
  await userEvent.tab();
  await expect.element(page.getByTestId('error-option-size_bytes')).toHaveTextContent('1 B – 16 MiB');
  await start.click();
  expect(host.asked('session.start')).toEqual([]);
  await expect.element(size).toHaveFocus();
  await size.fill('lots');
  await userEvent.tab();
  await expect.element(page.getByTestId('error-option-size_bytes')).toHaveTextContent('lots');
});

test('shows a refusal of the helper at the field it is about', async () => {
  const host = new FakeHost({
    'session.start': () => ({
      ok: false,
      error: {
        code: 'out_of_range',
        message: 'm',
        remedy: 'r',
        where: '--size',
        value: '64',
        allowed: '1..32',
      },
    }),
  });
  await openApp(host);
  await start.click();
  await expect.element(page.getByTestId('error-option-size_bytes')).toBeVisible();
  await size.fill('32');
  await userEvent.tab();
  await expect.element(page.getByTestId('error-option-size_bytes')).not.toBeInTheDocument();
});

test('offers the last session again', async () => {
  const host = new FakeHost({
    'settings.get': () =>
      ok({
        ...DEFAULT_SETTINGS,
        locale: 'en',
        last_spec: {
          mechanism: 'pipe',
          variant: 'tuned',
          pattern: 'pingpong',
          options: { size_bytes: 4096, verify: 'full' },
        },
      }),
  });
  await openApp(host);
  await expect.element(size).toHaveValue('4 KiB');
  await expect.element(page.getByRole('radio', { name: 'Tuned' })).toBeChecked();
  await expect.element(page.getByRole('radio', { name: 'Full', exact: true })).toBeChecked();
});

test('explains a missing helper, and asks again on request', async () => {
  let there = false;
  const host = new FakeHost({
    'helper.describe': () =>
      there
        ? ok(describeAnswer)
        : { ok: false, error: { code: 'helper_missing', message: 'm', remedy: 'r', where: '/x/ipc-helper' } },
  });
  await openApp(host);
  await expect.element(page.getByRole('alert')).toHaveTextContent('/x/ipc-helper');
  await expect.element(start).toBeDisabled();
  there = true;
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.element(page.getByTestId('mechanism')).toHaveValue('pipe');
});
