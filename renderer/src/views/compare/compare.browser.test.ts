/** Comparing runs: chosen, drawn over each other, told in one sentence, and taken away. */
import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { MOST_COMPARED } from '#contract/compare/comparison';
import type { AppError } from '#contract/errors';
import type { SessionSnapshot } from '#contract/session';
import { listed, madeRun } from '../../test-support/compared.ts';
import { FakeHost, ok } from '../../test-support/fake-host.ts';
import { info, snapshot } from '../../test-support/frames.ts';
import { openApp } from '../../test-support/open-app.ts';

const id = (n: number): string => `20261121-0415${String(n).padStart(2, '0')}-pipe-aaa${n % 10}`;
const SMALL = madeRun({ id: id(1), rate: 400_000, p99_ns: 4000, size_bytes: 64 });
const LARGE = madeRun({ id: id(2), rate: 100_000, p99_ns: 16_000, size_bytes: 65_536 });
const GONE: AppError = { code: 'recording_missing', message: 'm', remedy: 'r', value: id(9) };
const NEWER: AppError = { code: 'recording_newer', message: 'm', remedy: 'r', value: '2', allowed: '1' };

function library(
  runs: readonly SessionSnapshot[] = [SMALL, LARGE],
  refused: Record<string, AppError> = {},
): FakeHost {
  return new FakeHost({
    'runs.list': () => ok(runs.map((run, i) => listed(run, 1_795_234_500_000 - i * 60_000))),
    'runs.open': ({ id: wanted }) => {
      const found = runs.find((run) => run.info.id === wanted);
      return found === undefined ? { ok: false, error: refused[wanted] ?? GONE } : ok(found);
    },
  });
}

const address = (...runs: readonly SessionSnapshot[]): string =>
  `#/compare/${runs.map((run) => run.info.id).join(',')}`;
const sentence = page.getByTestId('difference');
const figure = (name: string, column: number): Element | null =>
  document.querySelectorAll(`[data-figure="${name}"] td`)[column] ?? null;

test('says in one sentence by how much, and in what they differ', async () => {
  await openApp(library(), address(SMALL, LARGE));
  await expect
    .element(sentence)
    .toHaveTextContent(
      /^B \(64 KiB\) delivers 0\.2[45]\d* times \(.+\) the messages and 2\d\d times \(.+\) the bytes of A \(64 B\)/,
    );
  await expect
    .element(sentence)
    .toHaveTextContent(
      /its p99 latency is (4|3\.99\d*|4\.00\d*) times \(.+\) that of A; they differ in message size\.$/,
    );
  expect(figure('p99_ns', 1)?.textContent).toContain('×4');
  const row = document.querySelector('[data-setting="size_bytes"]');
  expect(row?.textContent).toContain('differs');
  expect(
    [...(row?.querySelectorAll('td') ?? [])].map((cell) => cell.textContent.replace('\u00a0', ' ')),
  ).toEqual(['64 B', '64 KiB']);
  expect(document.querySelector('[data-caution="sizes_differ"]')).not.toBeNull();
  expect(document.querySelector('[data-caution="machines_differ"]')).toBeNull();
});

test('is turned round by another baseline, by another order, and remembers both', async () => {
  await openApp(library(), address(SMALL, LARGE));
  await page.getByRole('radio', { name: 'Hold the others against B' }).click();
  await expect.element(sentence).toHaveTextContent(/^A \(64 B\) delivers (4|3\.99\d|4\.00\d) times/);
  await page.getByRole('button', { name: 'Move B up' }).click();
  await expect.poll(() => location.hash).toBe(address(LARGE, SMALL));
  // The same run is the baseline, by another letter.
  await expect.element(sentence).toHaveTextContent(/^B \(64 B\) delivers (4|3\.99\d|4\.00\d) times/);
  await expect.element(page.getByRole('radio', { name: 'Hold the others against A' })).toBeChecked();
  await page.getByTestId('view-runs').click();
  await page.getByTestId('view-compare').click();
  await expect.poll(() => location.hash).toBe(address(LARGE, SMALL));
  await expect.element(sentence).toHaveTextContent(/^B \(64 B\) delivers (4|3\.99\d|4\.00\d) times/);
});

test('draws the runs over each other, with a cursor that speaks and tables', async () => {
  await openApp(library(), address(SMALL, LARGE));
  await expect.element(sentence).toBeVisible();
  const ink = (canvas: HTMLCanvasElement): number => {
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    let inked = 0;
    for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) inked++;
    return inked;
  };
  expect(document.querySelectorAll('[data-chart] canvas')).toHaveLength(3);
  for (const canvas of document.querySelectorAll<HTMLCanvasElement>('[data-chart] canvas')) {
    canvas.scrollIntoView();
    await expect.poll(() => ink(canvas)).toBeGreaterThan(500);
  }
  const curves = page.getByRole('img', { name: /^Latency by percentile/ });
  (curves.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}');
  const spoken = (): string =>
    document
      .querySelector('[data-chart="overlay-percentiles"] [aria-live]')
      ?.textContent?.replaceAll('\u00a0', ' ') ?? '';
  await expect.poll(spoken).toBe('p0, A 2 µs, B 8 µs');
  await userEvent.keyboard('{End}');
  await expect.poll(spoken).toMatch(/, A 4 µs, B 16 µs$/);
  await userEvent.keyboard('{Escape}');
  await expect.poll(spoken).toBe('');
  // Both charts over time stand at one moment.
  const rates = page.getByRole('img', { name: /^Throughput over time/ });
  (rates.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}{ArrowRight}');
  await expect
    .element(page.getByRole('img', { name: /^p99 latency over time: 200\sms, A 4\sµs, B 16/ }))
    .toBeVisible();
  await page.getByRole('button', { name: 'Show as a table: Latency by percentile' }).click();
  const rows = page.getByRole('dialog').element().querySelectorAll('tbody tr');
  expect(rows.length).toBeGreaterThan(8);
  expect(rows[2]?.textContent.replaceAll('\u00a0', ' ')).toMatch(/p50.*2 µs.*8 µs/);
  await userEvent.keyboard('{Escape}');
});

test('warns when the runs come from different machines', async () => {
  const elsewhere = madeRun({ id: id(3), rate: 400_000, p99_ns: 4000, size_bytes: 64, host: 'two' });
  await openApp(library([SMALL, elsewhere]), address(SMALL, elsewhere));
  await expect.element(sentence).toHaveTextContent(/cannot be told apart/);
  const caution = document.querySelector('[data-caution="machines_differ"]');
  expect(caution?.textContent).toContain('machine differ');
  expect(document.querySelector('[data-caution="noise"]')).not.toBeNull();
});

test('compares what can be read, and says what is wrong with the rest', async () => {
  const running = snapshot({ info: info('running', id(4)), summary: null });
  const truncated = {
    ...madeRun({ id: id(5), rate: 50_000, p99_ns: 9000, size_bytes: 64 }),
    errors: [{ code: 'recording_truncated' as const, message: 'm', remedy: 'r' }],
  };
  const failed = snapshot({ info: info('failed', id(6)), summary: null });
  const host = library([SMALL, LARGE, running, truncated, failed], { [id(8)]: NEWER });
  await openApp(host, `${address(SMALL, running, truncated, failed)},${id(8)},${id(9)}`);
  // A and B are those that can be compared.
  await expect.element(sentence).toHaveTextContent(/^B delivers 0\.12\d* times/);
  for (const code of ['recording_newer', 'recording_missing', 'recording_truncated']) {
    expect(document.querySelector(`[data-error="${code}"]`), code).not.toBeNull();
  }
  const states = [...document.querySelectorAll('li[data-run]')].map((row) => row.getAttribute('data-state'));
  expect(states).toEqual(['ready', 'running', 'ready', 'empty', 'refused', 'refused']);
  await page.getByRole('button', { name: 'Take 6 out of the comparison' }).click();
  await expect.poll(() => document.querySelectorAll('li[data-run]').length).toBe(5);
  await page.getByRole('button', { name: 'Take B out of the comparison' }).click();
  await expect.element(page.getByText('One more run is needed to compare.')).toBeVisible();
});

test('lets runs be chosen, found by a search, up to six', async () => {
  const many = Array.from({ length: 9 }, (_, n) =>
    madeRun({ id: id(10 + n), rate: 1000 * (n + 1), p99_ns: 4000, size_bytes: 2 ** (6 + n) }),
  );
  const failed = snapshot({ info: info('failed', id(30)), summary: null });
  await openApp(library([...many, failed]), '#/compare');
  const boxes = () => [...document.querySelectorAll<HTMLInputElement>('input[data-pick]')];
  await expect.poll(() => boxes().length).toBe(10);
  expect(boxes().at(-1)?.disabled).toBe(true);
  const go = page.getByTestId('compare-chosen');
  await expect.element(go).toBeDisabled();
  for (const box of boxes().slice(0, MOST_COMPARED)) box.click();
  await expect.element(page.getByText('6 runs are the most')).toBeVisible();
  expect(boxes().filter(({ disabled, checked }) => !disabled && !checked)).toEqual([]);
  for (const box of boxes().slice(2, MOST_COMPARED)) box.click();
  await go.click();
  await expect.poll(() => location.hash).toBe(`#/compare/${id(10)},${id(11)}`);
  await page.getByTestId('add-run').click();
  await page.getByTestId('search-compare').fill('256');
  await expect.poll(() => boxes().length).toBe(1);
  boxes()[0]?.click();
  await expect.poll(() => location.hash).toBe(`#/compare/${id(10)},${id(11)},${id(12)}`);
  await page.getByRole('button', { name: 'Done' }).click();
  await expect.element(sentence).toHaveTextContent(/^Of 3 runs, C .* has the most messages per second/);
});

test('is copied as Markdown and downloaded', async () => {
  await openApp(library(), address(SMALL, LARGE));
  await expect.element(sentence).toBeVisible();
  const written: string[] = [];
  const clipboard = vi.spyOn(navigator.clipboard, 'writeText').mockImplementation((text) => {
    written.push(text);
    return Promise.resolve();
  });
  await page.getByTestId('copy-markdown').click();
  await expect.poll(() => written[0]).toMatch(/^# Comparison\n\nB \(64\sKiB\) delivers 0\.2/);
  expect(written[0]).toContain('**Message size** (differs)');
  clipboard.mockRejectedValueOnce(new Error('refused'));
  await page.getByTestId('copy-markdown').click();
  await expect.element(page.getByText('The browser did not allow copying')).toBeVisible();
  clipboard.mockRestore();
});

test('is reached from the list of runs', async () => {
  await openApp(library(), '#/runs');
  await expect.element(page.getByTestId('run-row').first()).toBeVisible();
  for (const box of document.querySelectorAll<HTMLInputElement>('input[data-pick]')) box.click();
  await expect.element(page.getByText('2 chosen')).toBeVisible();
  // Picking is not opening.
  expect(location.hash).toBe('#/runs');
  await page.getByTestId('compare-picked').click();
  await expect.poll(() => location.hash).toBe(address(SMALL, LARGE));
  await expect.element(sentence).toBeVisible();
});

test('fits six runs into 1024 pixels, and speaks Korean', async () => {
  const six = Array.from({ length: 6 }, (_, n) =>
    madeRun({ id: id(10 + n), rate: 1000 * 7 ** n, p99_ns: 4000 * 3 ** n, size_bytes: 2 ** (6 + n) }),
  );
  const host = new FakeHost({
    'settings.get': () => ok({ locale: 'ko', theme: 'dark', last_spec: null }),
    'runs.list': () => ok(six.map((run) => listed(run, 0))),
    'runs.open': ({ id: wanted }) => ok(six.find((run) => run.info.id === wanted)),
  });
  await openApp(host, address(...six));
  await page.viewport(1024, 700);
  await expect.element(sentence).toHaveTextContent(/^실행 6개 가운데 F\(2 KiB\)의 메시지 처리율이 A의/);
  await page.getByTestId('same-settings').click();
  const over = [...document.querySelectorAll('.content, .content *')].filter(
    (element) =>
      element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === 'auto',
  );
  expect(over).toEqual([]);
});
