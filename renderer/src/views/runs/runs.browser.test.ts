/** The list of past runs: open, export, delete and take it back. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { RunInfo } from '#contract/runs';
import { FakeHost, ok } from '../../test-support/fake-host.ts';
import { ID, info, snapshot, summary } from '../../test-support/frames.ts';
import { openApp } from '../../test-support/open-app.ts';

function library(): FakeHost {
  const old = '20261120-101010-shm-aaaa';
  const runs: RunInfo[] = [
    {
      ...info('finished', old),
      created_ms: 1_795_100_000_000,
      summary: null,
      state: 'damaged',
      bytes_on_disk: 12,
    },
    { ...info('finished'), summary: summary(), bytes_on_disk: 4096 },
  ];
  const removed = new Set<string>();
  return new FakeHost({
    'runs.list': () => ok(runs.filter(({ id }) => !removed.has(id))),
    'runs.open': ({ id }) =>
      id === ID
        ? ok(snapshot())
        : { ok: false, error: { code: 'recording_damaged', message: 'm', remedy: 'r', where: id } },
    'runs.delete': ({ id }) => (removed.add(id), ok(undefined)),
    'runs.restore': ({ id }) => (removed.delete(id), ok(undefined)),
    'runs.export': ({ format }) => ok({ name: `run.${format}`, mime: 'text/plain', text: 'x' }),
  });
}

const rows = page.getByTestId('run-row');

test('lists runs, the newest first, with what they came to', async () => {
  await openApp(library(), '#/runs');
  await expect.element(rows.first()).toHaveAttribute('data-run-id', ID);
  await expect.element(rows.first()).toHaveTextContent('24.7 k/s');
  await expect.element(rows.nth(1)).toHaveTextContent('Damaged');
});

test('opens a run with the numbers of its recording', async () => {
  await openApp(library(), '#/runs');
  await rows.first().click();
  await expect.element(page.getByTestId('messages')).toHaveAttribute('data-value', '123456');
  expect(location.hash).toBe(`#/runs/${ID}`);
  await page.getByTestId('back').click();
  await expect.element(rows.first()).toBeVisible();
});

test('says what is wrong with a run that cannot be opened', async () => {
  await openApp(library(), '#/runs');
  await rows.nth(1).click();
  await expect.element(page.getByRole('alert')).toBeVisible();
  await page.getByTestId('back').click();
  await expect.element(rows.first()).toBeVisible();
});

test('a run of a newer format says so in the list, and nothing false when it is opened', async () => {
  const error = { code: 'recording_newer' as const, message: 'm', remedy: 'r', value: '2', allowed: '1' };
  const newer: RunInfo = { ...info('finished'), state: 'newer', summary: null, bytes_on_disk: 1 };
  const host = new FakeHost({ 'runs.list': () => ok([newer]), 'runs.open': () => ({ ok: false, error }) });
  await openApp(host, '#/runs');
  await expect.element(rows.first()).toHaveTextContent('Newer format');
  await rows.first().click();
  await expect.element(page.getByRole('alert')).toHaveTextContent('recorded in format 2');
  await expect.element(page.getByText('not there any more')).not.toBeInTheDocument();
});

test('a run that is gone says so', async () => {
  const error = { code: 'recording_missing' as const, message: 'm', remedy: 'r', value: ID };
  await openApp(new FakeHost({ 'runs.open': () => ({ ok: false, error }) }), `#/runs/${ID}`);
  await expect.element(page.getByText('not there any more')).toBeVisible();
});

test('is operated by keyboard: buttons name their run, the focus stays at hand, and undo waits', async () => {
  await openApp(library(), '#/runs');
  const press = (name: RegExp): Promise<void> => {
    page.getByRole('button', { name }).element().focus();
    return userEvent.keyboard('{Enter}');
  };
  await press(/^Delete: Pipe · Stream · 64\sB, /);
  await expect.poll(() => rows.elements().length).toBe(1);
  await expect.element(rows.first().getByRole('link')).toHaveFocus();
  await press(/^Delete: /);
  await expect.element(page.getByRole('heading', { name: 'Runs', exact: true })).toHaveFocus();
  page.getByTestId('toast-action').first().element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => rows.elements().length).toBe(1);
  await expect.element(page.getByRole('heading', { name: 'Runs', exact: true })).toHaveFocus();
});

test('deletes a run and brings it back', async () => {
  await openApp(library(), '#/runs');
  await rows.first().getByTestId('delete-run').click();
  await expect.poll(() => rows.elements().length).toBe(1);
  await page.getByTestId('toast-action').click();
  await expect.poll(() => rows.elements().length).toBe(2);
  await expect.element(rows.first()).toHaveAttribute('data-run-id', ID);
});

test('exports a run under the name that the shell gives it', async () => {
  const host = await openApp(library(), '#/runs');
  const names: string[] = [];
  const click = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    names.push(this.download);
  };
  await rows.first().getByRole('button', { name: 'Export as CSV' }).click();
  await expect.poll(() => names).toEqual(['run.csv']);
  HTMLAnchorElement.prototype.click = click;
  expect(host.asked('runs.export')).toEqual([{ id: ID, format: 'csv' }]);
});

test('an empty library says what will be in it', async () => {
  await openApp(new FakeHost(), '#/runs');
  await expect.element(page.getByText('No runs recorded yet')).toBeVisible();
  await page.getByRole('button', { name: 'Go to Live' }).click();
  await expect.element(page.getByTestId('state')).toBeVisible();
});
