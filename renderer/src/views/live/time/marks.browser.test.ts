/** Marks as people set, find, change and lose them. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Mark } from '#contract/marks';
import { DEFAULT_SETTINGS } from '#contract/settings';
import { FakeHost, ok } from '../../../test-support/fake-host.ts';
import { frame, hello, ID, info, snapshot, state, tick } from '../../../test-support/frames.ts';
import { openApp } from '../../../test-support/open-app.ts';
import { pixelsOf } from '../../../test-support/pixels.ts';
import { ringOf } from '../../../test-support/ring.ts';

const note = page.getByRole('textbox', { name: 'Note (optional)' });
const list = page.getByTestId('marks');
const at = (n: number, time_s: number, text = ''): Mark => ({
  id: `mark${String(n).padStart(8, '0')}`,
  elapsed_ns: time_s * 1e9,
  text,
});

async function running(host = new FakeHost()): Promise<FakeHost> {
  await openApp(host);
  host.send(state('starting'), frame(hello), state('running'));
  host.send(...Array.from({ length: 20 }, (_, i) => frame(tick((i + 1) * 500, i))));
  await expect.element(page.getByTestId('overview')).toBeVisible();
  (document.activeElement as HTMLElement | null)?.blur();
  return host;
}

async function recorded(marks: Mark[]): Promise<FakeHost> {
  const ring = ringOf(...Array.from({ length: 201 }, (_, i) => tick(i * 500 || 250, (i + 1) * 100)));
  const run = snapshot({ info: info('finished'), series: ring.toTable(), marks });
  const host = await openApp(new FakeHost({ 'runs.open': () => ok(run) }), `#/runs/${ID}`);
  await expect.element(page.getByTestId('overview')).toBeVisible();
  return host;
}

test('M marks the moment at which it is pressed, while the session goes on', async () => {
  const host = await running();
  await userEvent.keyboard('m');
  await expect.element(page.getByRole('heading', { name: /Mark at 10\ss/ })).toBeVisible();
  await expect.element(note).toHaveFocus();
  host.send(frame(tick(11_000, 100)));
  await note.fill('the consumer is slow');
  await userEvent.keyboard('{Enter}');
  await expect.element(list).toHaveTextContent('the consumer is slow');
  expect(host.asked('runs.mark')).toMatchObject([
    { id: ID, mark: { elapsed_ns: 10e9, text: 'the consumer is slow' } },
  ]);
  expect(host.asked('session.command')).toEqual([]);
});

test('a mark needs no note, and none is set by who cancels', async () => {
  const host = await running();
  await page.getByTestId('mark').click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(host.asked('runs.mark')).toEqual([]);
  await page.getByTestId('mark').click();
  await page.getByTestId('mark-save').click();
  await expect.element(list).toHaveTextContent('without a note');
});

test('a mark that is refused says why, and what was typed is not lost', async () => {
  const error = { code: 'too_many_marks' as const, message: 'm', remedy: 'r', allowed: '1000' };
  await running(new FakeHost({ 'runs.mark': () => ({ ok: false, error }) }));
  await userEvent.keyboard('m');
  await note.fill('kept');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toHaveTextContent('1000 marks already');
  await expect.element(note).toHaveValue('kept');
});

test('letters typed into a field, composed, or switched off mark nothing', async () => {
  await running();
  await page.getByRole('textbox', { name: 'Rate limit' }).fill('');
  await userEvent.keyboard('m');
  await expect.element(note).not.toBeInTheDocument();
  (document.activeElement as HTMLElement).blur();
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'm', isComposing: true, bubbles: true }));
  await expect.element(note).not.toBeInTheDocument();
  const settings = { ...DEFAULT_SETTINGS, locale: 'en', theme: 'light', letter_keys: false };
  await page.getByTestId('view-settings').click();
  await expect.element(page.getByText('Mark this moment')).toBeVisible();
  await page.getByRole('switch', { name: 'Keys of one letter' }).click();
  await expect.element(page.getByText('Mark this moment')).not.toBeInTheDocument();
  await page.getByTestId('view-live').click();
  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard('m');
  await expect.element(note).not.toBeInTheDocument();
  expect(settings.letter_keys).toBe(false);
});

test('while the input is Hangul the same keys do the same', async () => {
  await running();
  window.dispatchEvent(new KeyboardEvent('keydown', { key: 'ㅡ', code: 'KeyM', bubbles: true }));
  await expect.element(note).toBeVisible();
});

test('a mark is gone to, changed and deleted, and both can be taken back', async () => {
  const host = await recorded([at(1, 20, 'first'), at(2, 80, 'second')]);
  await page.getByRole('button', { name: 'Show 1:20: second' }).click();
  await expect.element(page.getByTestId('pointed-mark')).toHaveTextContent('second');
  await page.getByRole('button', { name: /^Change the note of the mark at 20\ss/ }).click();
  await note.fill('other');
  await userEvent.keyboard('{Enter}');
  await expect.element(list).toHaveTextContent('other');
  await page.getByTestId('toast-action').click();
  await expect.element(list).toHaveTextContent('first');
  await page.getByRole('button', { name: /^Delete the mark at 20\ss/ }).click();
  await expect.element(list).not.toHaveTextContent('first');
  expect(host.asked('runs.unmark')).toEqual([{ id: ID, mark: at(1, 20).id }]);
  await page.getByTestId('toast-action').click();
  await expect.element(list).toHaveTextContent('first');
  expect(host.asked('runs.mark').at(-1)).toEqual({ id: ID, mark: at(1, 20, 'first') });
});

test('in a recorded run a mark is set at the moment that is pointed at', async () => {
  const host = await recorded([]);
  await userEvent.keyboard('m');
  await expect.element(page.getByTestId('toast')).toHaveTextContent('Point at a moment');
  const plot = document.querySelector<HTMLElement>('[data-chart="messages"] .plot');
  plot?.focus();
  await userEvent.keyboard('{Home}m');
  await note.fill('start');
  await userEvent.keyboard('{Enter}');
  await expect.element(list).toHaveTextContent('start');
  expect(host.asked('runs.mark')).toMatchObject([{ mark: { elapsed_ns: 25e7 } }]);
});

test('flags are drawn on the charts', async () => {
  const accent = (): number => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-chart="messages"] canvas');
    if (canvas === null) return NaN;
    const { data } = pixelsOf(canvas);
    let found = 0;
    // --accent of the light theme, #0b6570.
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === 0x0b && data[i + 1] === 0x65 && data[i + 2] === 0x70) found++;
    return found;
  };
  await recorded([]);
  expect(accent()).toBe(0);
  document.body.innerHTML = '';
  await recorded([at(1, 50)]);
  await expect.poll(accent).toBeGreaterThan(50);
});

test('a hundred thousand marks are shown without freezing', async () => {
  const many = Array.from({ length: 100_000 }, (_, i) => at(i, i / 1000, `note ${i}`));
  const began = performance.now();
  await recorded(many);
  await expect.element(page.getByText('100,000')).toBeVisible();
  expect(list.element().querySelectorAll('li').length).toBeLessThan(60);
  list.element().scrollTop = list.element().scrollHeight;
  await expect.element(page.getByText('note 99999')).toBeVisible();
  // Thousands of rows or flags would take minutes; a busy machine takes seconds.
  expect(performance.now() - began).toBeLessThan(20_000);
});
