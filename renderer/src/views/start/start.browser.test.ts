/** The view Start on a fake shell: the offer, the first start, the catalogue, the last runs, a helper that is not there. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { NO_LABEL, figuresOf, type RunInfo } from '#contract/runs';
import { DEFAULT_SETTINGS } from '#contract/settings';
import { FakeHost, ok } from '../../test-support/fake-host.ts';
import { frame, hello, info, snapshot, state, summary, tick } from '../../test-support/frames.ts';
import { openApp } from '../../test-support/open-app.ts';

const newcomer = () => ok({ ...DEFAULT_SETTINGS, locale: 'en', theme: 'light' });

/** `count` runs, a minute apart, the newest last. */
function someRuns(count: number): RunInfo[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `20261121-0415${String(n).padStart(2, '0')}-pipe-7f3a`,
    created_ms: 1_795_234_500_000 + n * 60_000,
    spec: info('finished').spec,
    label: { ...NO_LABEL, name: `run ${n}` },
    state: 'finished',
    summary: figuresOf(summary()),
    bytes_on_disk: 1000,
  }));
}

async function open(answers: ConstructorParameters<typeof FakeHost>[0] = {}): Promise<FakeHost> {
  return openApp(new FakeHost(answers), '#/start');
}

test('without runs it says where they will be, and offers a session without starting one', async () => {
  const host = await open();
  await expect.element(page.getByText('No runs yet', { exact: false })).toBeVisible();
  await expect.element(page.getByTestId('show-demo')).toBeEnabled();
  expect(host.asked('session.start')).toEqual([]);
  await page.getByTestId('show-demo').click();
  expect(host.asked('session.start')).toMatchObject([{ mechanism: 'pipe', options: { rate_per_s: 500 } }]);
});

test('at the very first start a session begins by itself, and that is remembered first', async () => {
  const host = await open({ 'settings.get': newcomer });
  await expect.poll(() => host.asked('session.start').length).toBe(1);
  const names = host.calls.map(({ name }) => name);
  expect(host.asked('settings.set')).toEqual([{ greeted: true }]);
  expect(names.indexOf('settings.set')).toBeLessThan(names.indexOf('session.start'));
  host.send(state('starting'), frame(hello), state('running'), frame(tick(50, 100)), frame(tick(100, 300)));
  await expect.element(page.getByTestId('said')).toHaveTextContent('Two real processes');
  await expect.element(page.getByText('pid 4001')).toBeVisible();
  await page.getByText('fast', { exact: true }).click();
  expect(host.asked('session.command').at(-1)).toMatchObject({
    command: { command: 'set', option: 'consumer_delay_us', value: 0 },
  });
  await page.getByTestId('preview').getByTestId('stop').click();
  expect(host.asked('session.command').at(-1)).toMatchObject({ command: { command: 'stop' } });
});

test.each([
  ['who has been greeted', { 'settings.get': () => ok({ ...DEFAULT_SETTINGS, greeted: true }) }],
  ['who has runs', { 'settings.get': newcomer, 'runs.list': () => ok(someRuns(1)) }],
  [
    'who has started a session before',
    { 'settings.get': () => ok({ ...DEFAULT_SETTINGS, last_spec: info('finished').spec }) },
  ],
])('nothing starts by itself for %s', async (_who, answers) => {
  const host = await open(answers);
  await expect.element(page.getByTestId('card-pipe')).toBeVisible();
  await expect.poll(() => host.asked('app.problems').length).toBe(1);
  await new Promise((later) => setTimeout(later, 100));
  expect(host.asked('session.start')).toEqual([]);
});

test('the last five runs stand there with their figures, the newest first, and open', async () => {
  const host = await open({ 'runs.list': () => ok(someRuns(7)), 'runs.open': () => ok(snapshot()) });
  await expect.element(page.getByText('run 6')).toBeVisible();
  const shown = page.getByTestId('last-run').elements();
  expect(shown).toHaveLength(5);
  expect(shown[0]?.textContent).toMatch(/run 6.*24\.7\sk\/s.*p50 1\sµs/s);
  expect(shown.at(-1)?.textContent).toContain('run 2');
  await page.getByText('run 5').click();
  expect(host.asked('runs.open')).toEqual([{ id: '20261121-041505-pipe-7f3a' }]);
});

test('the arrow keys move among the cards, and Enter sets the mechanism up in Live', async () => {
  await open();
  page.getByTestId('card-pipe').element().focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(page.getByTestId('card-carrier_pigeon')).toHaveFocus();
  expect(page.getByTestId('card-pipe').element().tabIndex).toBe(-1);
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByTestId('mechanism')).toHaveValue('carrier_pigeon');
  expect(location.hash).toBe('#/live');
});

test('what this system has not is shown apart, with the reason, and cannot be chosen', async () => {
  await open();
  const absent = page.getByTestId('absent-mq');
  await expect.element(absent).toHaveTextContent('The measuring helper for linux does not offer it.');
  expect(absent.element().querySelector('button')).toBeNull();
});

test('who chooses while the demo runs has it stopped first, and is then led to Live', async () => {
  const host = await open({ 'settings.get': newcomer });
  await expect.poll(() => host.asked('session.start').length).toBe(1);
  host.send(state('starting'), frame(hello), state('running'), frame(tick(50, 100)));
  await page.getByTestId('card-carrier_pigeon').click();
  expect(host.asked('session.command')).toMatchObject([{ command: { command: 'stop' } }]);
  expect(location.hash).toBe('#/start');
  host.send(frame(summary()), state('finished'));
  await expect.element(page.getByTestId('mechanism')).toHaveValue('carrier_pigeon');
});

test('a missing helper is said with what to do, and asked again on request', async () => {
  let there = false;
  const missing = {
    ok: false as const,
    error: { code: 'helper_missing' as const, message: 'm', remedy: 'r', where: '/opt/ipc-helper' },
  };
  const usual = new FakeHost();
  const described = await usual.call('helper.describe');
  const host = await open({
    'settings.get': newcomer,
    'helper.describe': () => (there ? described : missing),
  });
  await expect.element(page.getByRole('alert')).toHaveTextContent('/opt/ipc-helper');
  expect(host.asked('session.start')).toEqual([]);
  there = true;
  await page.getByTestId('retry').click();
  await expect.element(page.getByTestId('card-pipe')).toBeVisible();
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  // The newcomer has not been shown anything yet.
  await expect.poll(() => host.asked('session.start').length).toBe(1);
});
