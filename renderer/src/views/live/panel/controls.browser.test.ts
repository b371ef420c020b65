/** What is changed while a session runs. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { OptionInfo } from '#contract/describe';
import { describeAnswer } from '../../../test-support/describe.ts';
import { FakeHost, ok } from '../../../test-support/fake-host.ts';
import { frame, hello, ID, note, state, summary, tick } from '../../../test-support/frames.ts';
import { openApp } from '../../../test-support/open-app.ts';

async function running(host = new FakeHost(), begun = hello): Promise<FakeHost> {
  await openApp(host);
  host.send(state('starting'), frame(begun), state('running'), frame(tick(50, 100)));
  await expect.element(page.getByTestId('state')).toHaveAttribute('data-state', 'running');
  return host;
}

/** A helper that lets what is verified be changed while it runs. */
function withLiveVerify(): FakeHost {
  const live = (option: OptionInfo): OptionInfo =>
    option.name === 'verify' ? { ...option, live: true } : option;
  const mechanisms = describeAnswer.mechanisms.map((one) => ({ ...one, options: one.options.map(live) }));
  return new FakeHost({ 'helper.describe': () => ok({ ...describeAnswer, mechanisms }) });
}

test('a choice that may be changed live is offered, and shows what the session runs with', async () => {
  const host = await running(withLiveVerify());
  const full = page.getByRole('radio', { name: 'full' });
  await full.click({ force: true });
  expect(host.asked('session.command')).toEqual([
    { id: ID, command: { command: 'set', option: 'verify', value: 'full' } },
  ]);
  await expect.element(full).toBeChecked();
});

test('what was verified only for a part of the session is told as that', async () => {
  const begun = { ...hello, options: { ...hello.options, verify: 'sequence' } };
  const host = await running(withLiveVerify(), begun);
  host.send(frame(note('verify_changed', 110, { verify: 'full' })));
  await expect.element(page.getByRole('radio', { name: 'full' })).toBeChecked();
  await page.getByTestId('tab-integrity').click();
  const checked = page.getByTestId('verified');
  await expect.element(checked).toHaveTextContent('The sequence number of every message.');
  await expect.element(checked).toHaveTextContent('The sequence number and checksum of every message.');
});

test('a process is killed only after a question, and what happened is told below', async () => {
  const host = await running();
  await page.getByRole('combobox', { name: 'Kill a process' }).selectOptions('Consumer (pid 4002)');
  await page.getByTestId('kill-chosen').click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(host.asked('session.command')).toEqual([]);
  await page.getByTestId('kill-chosen').click();
  await page.getByTestId('kill-confirm').click();
  expect(host.asked('session.command')).toMatchObject([
    { command: { command: 'kill', role: 'consumer', index: 0 } },
  ]);
  host.send(frame(note('process_killed', 120, { role: 'consumer', index: 0, pid: 4002 })));
  await expect.element(page.getByTestId('notes')).toHaveTextContent('consumer 0 (pid 4002)');
  host.send(frame(summary({ ended_by: 'peer_exit' })), state('finished'));
  await expect.element(page.getByTestId('ended')).toHaveTextContent('consumer 0 (pid 4002)');
});
