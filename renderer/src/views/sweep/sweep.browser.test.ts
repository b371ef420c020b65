/** The view Sweep: choosing, watching, reading, going on, taking away, deleting. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { SweepProgress, SweepResult } from '#contract/sweep';
import { FakeHost, ok } from '../../test-support/fake-host.ts';
import { openApp } from '../../test-support/open-app.ts';
import { allResults, SWEEP, sweepDescribe, sweepInfo, sweepSnapshot } from '../../test-support/sweep.ts';

/** A shell that knows one sweep, which stands as the test says. */
function knowing(change: Partial<SweepProgress> = {}, results: readonly SweepResult[] = allResults) {
  const now = { change, results, there: true };
  const host = new FakeHost({
    'sweep.list': () => ok(now.there ? [sweepInfo(now.change, now.results)] : []),
    'sweep.open': ({ from = 0 }) => {
      const whole = sweepSnapshot(now.change, now.results);
      return ok({ ...whole, results: whole.results.slice(from) });
    },
    'sweep.command': () => ok(undefined),
    'sweep.delete': () => ((now.there = false), ok(undefined)),
    'sweep.restore': () => ((now.there = true), ok(undefined)),
    'sweep.export': ({ format }) => ok({ name: `s.${format}`, mime: 'text/plain', text: 'x' }),
  });
  /** What the engine tells when the sweep has moved on. */
  const tell = (next: Partial<SweepProgress>, nextResults: readonly SweepResult[]): void => {
    now.change = next;
    now.results = nextResults;
    const { spec: _spec, cells: _cells, created_ms: _created, ...sweep } = sweepInfo(next, nextResults);
    host.tell({ kind: 'batch', seq: 1, events: [], dropped: 0, sweep });
  };
  return { host, tell };
}

const state = page.getByTestId('sweep-state');
const cellAt = (row: number, column: number) =>
  document.querySelectorAll('[data-testid="heat-map"] tbody tr')[row]?.querySelectorAll('td')[column]
    ?.textContent;
const plain = (text: string | null | undefined) => text?.replaceAll('\u00a0', ' ').trim();

test('offers a quick look to who has never measured, and says how much that is', async () => {
  const host = new FakeHost({
    'helper.describe': () => ok(sweepDescribe),
    'sweep.start': () => ok(sweepInfo({ state: 'running' }, [])),
    'sweep.open': () => ok(sweepSnapshot({ state: 'running' }, [])),
  });
  await openApp(host, '#/sweep');
  await expect.element(page.getByText('Nothing measured yet')).toBeVisible();
  await expect.element(page.getByTestId('preset-quick')).toHaveAttribute('aria-pressed', 'true');
  // Of its four mechanisms this made-up system has one.
  await expect.element(page.getByTestId('planned')).toHaveTextContent('12 measurements of 4 combinations');
  await page.getByTestId('channel-pipe-tuned').click();
  await page.getByTestId('size-64').click();
  await page.getByTestId('channel-carrier_pigeon-plain').click();
  await page.getByTestId('pattern-pingpong').click();
  // Pigeons carry no answers: their part of the ping-pong is left out and named.
  await expect.element(page.getByTestId('left-out')).toHaveTextContent('Left out: 3 combinations');
  await page.getByTestId('start-sweep').click();
  await expect.poll(() => location.hash).toBe(`#/sweep/${SWEEP}`);
  expect(host.asked('sweep.start')).toMatchObject([
    {
      sizes_bytes: [1024, 16_384, 65_536],
      patterns: ['stream', 'pingpong'],
      repetitions: 3,
      duration_ms: 500,
    },
  ]);
});

test('takes another size and other numbers, and refuses what is none', async () => {
  await openApp(new FakeHost(), '#/sweep');
  await page.getByTestId('other-size').fill('48 KiB');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByTestId('size-49152')).toHaveAttribute('aria-pressed', 'true');
  await page.getByTestId('other-size').fill('large');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByText('A size is a whole number with a unit')).toBeVisible();
  const repetitions = page.getByRole('textbox', { name: 'Repetitions' });
  await repetitions.fill('99');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByTestId('error-sweep-repetitions')).toHaveTextContent('1 – 50');
  await expect.element(page.getByTestId('start-sweep')).toBeDisabled();
});

test('says why a start was refused', async () => {
  const error = { code: 'session_busy' as const, message: 'm', remedy: 'r' };
  await openApp(
    new FakeHost({ 'helper.describe': () => ok(sweepDescribe), 'sweep.start': () => ({ ok: false, error }) }),
    '#/sweep',
  );
  await page.getByTestId('start-sweep').click();
  await expect.element(page.getByRole('alert')).toHaveTextContent('A session is running already');
});

test('shows results as they come, with progress, and can be paused and cancelled', async () => {
  const { host, tell } = knowing({ state: 'running', left_ms: 90_000 }, allResults.slice(0, 1));
  await openApp(host, '#/sweep');
  await expect.element(state).toHaveAttribute('data-state', 'running');
  await expect.element(page.getByTestId('sweep-detail')).toHaveTextContent('1 of 8 measured · about 1 min');
  expect(plain(cellAt(0, 0))).toContain('100 k/s');
  expect(plain(cellAt(1, 0))).toContain('not measured yet');
  tell({ state: 'running', left_ms: 60_000 }, allResults.slice(0, 3));
  await expect.poll(() => plain(cellAt(1, 0))).toContain('900 k/s');
  // Only what was new was asked for.
  expect(host.asked('sweep.open')).toContainEqual({ id: SWEEP, from: 1 });
  await page.getByTestId('pause-sweep').click();
  await page.getByTestId('cancel-sweep').click();
  expect(host.asked('sweep.command')).toEqual([
    { id: SWEEP, command: 'pause' },
    { id: SWEEP, command: 'cancel' },
  ]);
  tell({ state: 'finished' }, allResults);
  await expect.element(state).toHaveAttribute('data-state', 'finished');
  await expect.element(page.getByTestId('sweep-progress')).not.toBeInTheDocument();
});

test('medians stand in the heat map, what does not agree is marked, what failed is named', async () => {
  const { host } = knowing();
  await openApp(host, `#/sweep/${SWEEP}`);
  await expect.element(page.getByTestId('heat-map')).toBeVisible();
  expect(plain(cellAt(0, 0))).toBe('105 k/s');
  expect(plain(cellAt(0, 1))).toMatch(/^70 k\/s†/);
  await page.getByText('p50').first().click();
  await expect.poll(() => plain(cellAt(0, 0))).toBe('2 µs');
  await expect.element(page.getByTestId('failures')).toHaveTextContent('Failed: 1');
  await expect.element(page.getByTestId('failures')).toHaveTextContent('pipe2 (EMFILE)');
});

test('the table is sorted by whichever column is wanted', async () => {
  const { host } = knowing();
  await openApp(host, `#/sweep/${SWEEP}`);
  const order = () =>
    [...document.querySelectorAll('[data-testid="cell-row"]')].map((row) =>
      Number((row as HTMLElement).dataset['cell']),
    );
  await expect.poll(order).toEqual([0, 1, 2, 3]);
  const header = page.getByTestId('sort-messages_per_s');
  await header.getByRole('button').click();
  await expect.poll(order).toEqual([2, 3, 0, 1]);
  await expect.element(header).toHaveAttribute('aria-sort', 'descending');
  await header.getByRole('button').click();
  await expect.poll(order).toEqual([1, 0, 3, 2]);
});

test('lines are drawn, can be hidden, and are read out by the arrow keys', async () => {
  const { host } = knowing();
  await openApp(host, `#/sweep/${SWEEP}`);
  const canvas = (): HTMLCanvasElement | null => document.querySelector('[data-chart="sweep-rate"] canvas');
  const ink = (): number => {
    const drawn = canvas();
    const { data } = drawn?.getContext('2d')?.getImageData(0, 0, drawn.width, drawn.height) ?? { data: [] };
    let inked = 0;
    for (let i = 3; i < data.length; i += 4) if ((data[i] ?? 0) > 0) inked++;
    return inked;
  };
  // Axes come first, then the lines: what is drawn stands still only then.
  let both = 0;
  await expect
    .poll(
      () => {
        const before = both;
        both = ink();
        return both > 500 && both === before;
      },
      { interval: 200 },
    )
    .toBe(true);
  const line = page.getByRole('button', { name: 'Pipe · Tuned' });
  await line.click();
  await expect.element(line).toHaveAttribute('aria-pressed', 'false');
  await expect.poll(ink).toBeLessThan(both);
  await line.click();
  document.querySelector<HTMLElement>('[data-chart="sweep-rate"] .plot')?.focus();
  await userEvent.keyboard('{Home}');
  const spoken = () => plain(document.querySelector('[data-chart="sweep-rate"] [aria-live]')?.textContent);
  await expect.poll(spoken).toContain('64 B, Pipe · Tuned 950 k/s (900 k/s to 1 M/s), Pipe 105 k/s');
  await userEvent.keyboard('{ArrowRight}');
  await expect.poll(spoken).toContain('1 KiB');
  await userEvent.keyboard('{Escape}');
  await expect.poll(spoken).toBe('');
});

test('what was interrupted is offered to go on with', async () => {
  const { host, tell } = knowing({ state: 'interrupted' }, allResults.slice(0, 5));
  await openApp(host, `#/sweep/${SWEEP}`);
  await expect.element(page.getByText('IPC Scope ended before this sweep did')).toBeVisible();
  expect(host.asked('sweep.command')).toEqual([]);
  await page.getByTestId('resume-sweep').click();
  expect(host.asked('sweep.command')).toEqual([{ id: SWEEP, command: 'resume' }]);
  tell({ state: 'running' }, allResults.slice(0, 6));
  await expect.element(state).toHaveAttribute('data-state', 'running');
});

test('its settings are taken into the form, and it is exported in both formats', async () => {
  const { host } = knowing();
  await openApp(host, `#/sweep/${SWEEP}`);
  await page.getByTestId('export-markdown').click();
  await page.getByTestId('export-csv').click();
  expect(host.asked('sweep.export')).toEqual([
    { id: SWEEP, format: 'markdown', locale: 'en' },
    { id: SWEEP, format: 'csv', locale: 'en' },
  ]);
  await page.getByTestId('preset-quick').click();
  await expect.element(page.getByTestId('channel-pipe-tuned')).toHaveAttribute('aria-pressed', 'false');
  await page.getByTestId('use-sweep').click();
  await expect.element(page.getByTestId('channel-pipe-tuned')).toHaveAttribute('aria-pressed', 'true');
});

test('past ones are listed, deleted and taken back', async () => {
  const { host } = knowing();
  await openApp(host, '#/sweep');
  await page.getByTestId('tab-past').click();
  await expect.element(page.getByTestId('past-sweep')).toHaveTextContent('Finished');
  await page.getByTestId('delete-sweep').click();
  await expect.element(page.getByTestId('past-sweep')).not.toBeInTheDocument();
  await page.getByTestId('toast-action').click();
  await expect.element(page.getByTestId('past-sweep')).toBeVisible();
});

test('one that is gone says so', async () => {
  const error = { code: 'sweep_unknown' as const, message: 'm', remedy: 'r', value: SWEEP };
  await openApp(new FakeHost({ 'sweep.open': () => ({ ok: false, error }) }), `#/sweep/${SWEEP}`);
  await expect.element(page.getByText('This sweep is not there any more.')).toBeVisible();
});
