/** The list of past runs: open, export, delete and take it back. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { figuresOf, NO_LABEL, type RunInfo } from '#contract/runs';
import { scrollParent } from '../../parts/scroll-parent.ts';
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
      label: NO_LABEL,
    },
    { ...info('finished'), summary: figuresOf(summary()), bytes_on_disk: 4096, label: NO_LABEL },
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
  const newer: RunInfo = {
    ...info('finished'),
    state: 'newer',
    summary: null,
    bytes_on_disk: 1,
    label: NO_LABEL,
  };
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
  expect(host.asked('runs.export')).toEqual([{ id: ID, format: 'csv', locale: 'en' }]);
});

test('an empty library says what will be in it', async () => {
  await openApp(new FakeHost(), '#/runs');
  await expect.element(page.getByText('No runs recorded yet')).toBeVisible();
  await page.getByRole('button', { name: 'Go to Live' }).click();
  await expect.element(page.getByTestId('state')).toBeVisible();
});

test('is searched by words and put in order by a column', async () => {
  await openApp(library(), '#/runs');
  await page.getByTestId('search-runs').fill('shm');
  await expect.poll(() => rows.elements().length).toBe(1);
  await expect.element(page.getByText('1 of 2')).toBeVisible();
  await page.getByTestId('search-runs').fill('no such words');
  await expect.element(page.getByText('No run fits')).toBeVisible();
  await page.getByRole('button', { name: 'Show all' }).click();
  await expect.poll(() => rows.elements().length).toBe(2);
  const header = page.getByRole('columnheader', { name: 'On disk' });
  await header.getByRole('button').click();
  await expect.element(header).toHaveAttribute('aria-sort', 'descending');
  await expect.element(rows.first()).toHaveAttribute('data-run-id', ID);
  await header.getByRole('button').click();
  await expect.element(rows.nth(1)).toHaveAttribute('data-run-id', ID);
});

test('a pinned run stands at the top, and the focus stays on its button', async () => {
  const host = await openApp(library(), '#/runs');
  const pin = rows.nth(1).getByTestId('pin-run');
  pin.element().focus();
  await userEvent.keyboard('{Enter}');
  await expect.element(rows.first()).toHaveAttribute('data-run-id', '20261120-101010-shm-aaaa');
  await expect.element(rows.first().getByTestId('pin-run')).toHaveFocus();
  await expect.element(rows.first().getByRole('img', { name: 'Pinned' })).toBeVisible();
  expect(host.asked('runs.label')).toEqual([{ id: '20261120-101010-shm-aaaa', change: { pinned: true } }]);
});

test('a run gets a name, tags to narrow the list by, and a note', async () => {
  const host = await openApp(library(), '#/runs');
  await rows.first().getByTestId('edit-run').click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('느린 수신자');
  await page.getByRole('combobox', { name: 'Tags', exact: true }).fill(`lab 1, ${'x'.repeat(33)}`);
  await expect.element(page.getByRole('button', { name: 'Save' })).toBeDisabled();
  await expect.element(page.getByText('longer than 32 characters')).toBeVisible();
  await page.getByRole('combobox', { name: 'Tags', exact: true }).fill('lab 1, pipe, lab 1');
  await page.getByRole('textbox', { name: 'Note', exact: true }).fill('two\nlines');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect.element(rows.first()).toHaveTextContent('느린 수신자');
  expect(host.asked('runs.label')).toEqual([
    { id: ID, change: { name: '느린 수신자', tags: ['lab 1', 'pipe'], note: 'two\nlines' } },
  ]);
  await page.getByLabelText('Tag', { exact: true }).selectOptions('lab 1');
  await expect.poll(() => rows.elements().length).toBe(1);
});

test('ten thousand runs are as many rows as are in sight, and the last one can be scrolled to', async () => {
  const many = Array.from({ length: 10_000 }, (_, i): RunInfo => ({
    ...info('finished', `20261121-041500-pipe-${i.toString(16).padStart(4, '0')}`),
    created_ms: 1_795_234_500_000 - i,
    summary: figuresOf(summary()),
    bytes_on_disk: 4096,
    label: NO_LABEL,
  }));
  await openApp(new FakeHost({ 'runs.list': () => ok(many) }), '#/runs');
  await expect.element(rows.first()).toHaveAttribute('data-run-id', many[0]?.id ?? '');
  expect(rows.elements().length).toBeLessThan(100);
  const scroller = scrollParent(page.getByRole('table').element());
  scroller.scrollTo({ top: scroller.scrollHeight });
  await expect.poll(() => rows.elements().at(-1)?.getAttribute('data-run-id')).toBe(many.at(-1)?.id);
  expect(rows.elements().at(-1)?.getAttribute('aria-rowindex')).toBe('10001');
  expect(rows.elements().length).toBeLessThan(100);
});
