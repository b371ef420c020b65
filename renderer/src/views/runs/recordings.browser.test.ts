/** Recordings on the page: imported by button and by drop, opened with a way out, replayed, and kept within limits. */
import { afterEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { AppError, Result } from '#contract/errors';
import { figuresOf, NO_LABEL, type RunInfo } from '#contract/runs';
import { PIECE_BYTES } from '#contract/run-files';
import { FakeHost, ok } from '../../test-support/fake-host.ts';
import { ID, info, note, snapshot, summary, tick } from '../../test-support/frames.ts';
import { openApp } from '../../test-support/open-app.ts';
import { ringOf } from '../../test-support/ring.ts';

const TRANSFER = 'a'.repeat(32);
const TICKS = Array.from({ length: 200 }, (_, i) => tick((i + 1) * 50, (i + 1) * 10));
const RUN = snapshot({ summary: { ...summary(), elapsed_ns: 10e9 }, series: ringOf(...TICKS).toTable() });
const LISTED: RunInfo = {
  ...info('finished'),
  summary: figuresOf(summary()),
  bytes_on_disk: 4096,
  label: NO_LABEL,
};

const refuse = (code: AppError['code'], where?: string): Result<never> => ({
  ok: false,
  error: { code, message: 'm', remedy: 'r', ...(where === undefined ? {} : { where }) },
});

type Answers = NonNullable<ConstructorParameters<typeof FakeHost>[0]>;

function importing(
  answer: () => Result<unknown> | Promise<Result<unknown>> = () => ok({ id: ID, missing_frames: 0 }),
  change: Answers = {},
): FakeHost {
  let there = false;
  return new FakeHost({
    'runs.list': () => ok(there ? [{ ...LISTED, imported: true }] : []),
    'runs.receive': () => ok(TRANSFER),
    'runs.put': () => ok(undefined),
    'runs.import': async () => {
      const result = await answer();
      there = result.ok;
      return result;
    },
    'runs.open': () => ok(RUN),
    ...change,
  });
}

function replaying(change: Answers = {}): FakeHost {
  return new FakeHost({
    'runs.list': () => ok([LISTED]),
    'runs.open': () => ok(RUN),
    'runs.frames': ({ from_ns, to_ns }) => {
      const all = [...TICKS, note('paused', 9000)].sort((a, b) => a.elapsed_ns - b.elapsed_ns);
      const frames = all.filter(({ elapsed_ns }) => elapsed_ns > from_ns && elapsed_ns <= to_ns);
      return ok({ frames, until_ns: to_ns, full: false, end: to_ns >= 10e9 });
    },
    ...change,
  });
}

const file = (name: string, bytes: number): File => new File([new Uint8Array(bytes).fill(7)], name);
const choose = (...files: File[]): Promise<void> =>
  userEvent.upload(page.getByTestId('import-file').element() as HTMLElement, files);
const shownTime = (): number => Number(page.getByTestId('replay-time').element().getAttribute('data-value'));

function drag(type: string, ...files: File[]): void {
  const dataTransfer = new DataTransfer();
  for (const one of files) dataTransfer.items.add(one);
  const area = page.getByTestId('import-area').element();
  area.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
}

const click = HTMLAnchorElement.prototype.click;
afterEach(() => {
  HTMLAnchorElement.prototype.click = click;
});

test('a recording is imported by the button, piece by piece, and stands in the list as what it is', async () => {
  const host = await openApp(importing(), '#/runs');
  await choose(file('run.ipcscope', PIECE_BYTES + 10));
  await expect.element(page.getByTestId('run-row')).toHaveTextContent('Imported');
  expect(host.asked('runs.receive')).toEqual([{ size_bytes: PIECE_BYTES + 10 }]);
  const put = host.asked('runs.put') as { from: number; data: string }[];
  expect(put.map(({ from }) => from)).toEqual([0, PIECE_BYTES]);
  expect(atob(put[1]?.data ?? '')).toBe('\u0007'.repeat(10));
  await page.getByTestId('toast-action').click();
  await expect.element(page.getByTestId('scrubber')).toBeVisible();
});

test('recordings are imported by dropping them, one after the other', async () => {
  const host = await openApp(importing(), '#/runs');
  await expect.element(page.getByTestId('import')).toBeVisible();
  drag('dragenter', file('a', 1));
  await expect.element(page.getByText('Drop recordings here')).toBeVisible();
  drag('dragleave', file('a', 1));
  await expect.element(page.getByText('Drop recordings here')).not.toBeInTheDocument();
  drag('drop', file('a.ipcscope', 3), file('b.ipcscope', 5));
  await expect.poll(() => host.asked('runs.receive')).toEqual([{ size_bytes: 3 }, { size_bytes: 5 }]);
  await expect.poll(() => host.asked('runs.import')).toHaveLength(2);
});

test('a file that is refused says which one and why, until it was read', async () => {
  await openApp(
    importing(() => refuse('import_refused', 'json_export')),
    '#/runs',
  );
  await choose(file('<b>evil</b>.json', 3));
  await expect.element(page.getByText('<b>evil</b>.json')).toBeVisible();
  const alert = page.getByRole('alert');
  await expect.element(alert).toHaveTextContent('Export the run as a recording');
  await alert.getByRole('button', { name: 'Dismiss' }).click();
  await expect.element(alert).not.toBeInTheDocument();
});

test('frames that are missing are told of at once', async () => {
  await openApp(
    importing(() => ok({ id: ID, missing_frames: 12 })),
    '#/runs',
  );
  await choose(file('run.ipcscope', 3));
  await expect.element(page.getByTestId('toast')).toHaveTextContent('Missing frames: 12');
});

test('an import is cancelled', async () => {
  let finish: (result: Result<unknown>) => void = () => undefined;
  const host = importing(() => new Promise<Result<unknown>>((resolve) => (finish = resolve)), {
    'runs.progress': () => ok({ active: true, done_bytes: 30, total_bytes: 100 }),
  });
  await openApp(host, '#/runs');
  await choose(file('run.ipcscope', 100), file('other.ipcscope', 100));
  await expect.element(page.getByText('Checking run.ipcscope')).toBeVisible();
  await expect.element(page.getByText('30 B of 100 B')).toBeVisible();
  await page.getByTestId('cancel-task').click();
  finish(refuse('cancelled'));
  await expect.element(page.getByTestId('task')).not.toBeInTheDocument();
  expect(host.asked('runs.cancel')).toEqual([{ task: TRANSFER }]);
  expect(host.asked('runs.receive')).toHaveLength(1);
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});

test('a run is exported as one file, put together from its pieces', async () => {
  const blobs: Blob[] = [];
  const names: string[] = [];
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob: Blob) => (blobs.push(blob), make(blob));
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    names.push(this.download);
  };
  const pieces = ['abc', 'de'];
  const host = new FakeHost({
    'runs.list': () => ok([LISTED]),
    'runs.pack': () => ok({ transfer: TRANSFER, name: 'run.ipcscope', size_bytes: 5 }),
    'runs.take': ({ from }) => ok(btoa(pieces[from === 0 ? 0 : 1] ?? '')),
  });
  await openApp(host, '#/runs');
  await page.getByTestId('recording-run').click();
  await expect.poll(() => names).toEqual(['run.ipcscope']);
  URL.createObjectURL = make;
  expect(await blobs[0]?.text()).toBe('abcde');
  await expect.poll(() => host.asked('runs.cancel')).toEqual([{ task: TRANSFER }]);
});

test('opening a long recording shows how far it is, and can be given up and tried again', async () => {
  const finish: ((result: Result<unknown>) => void)[] = [];
  const host = replaying({
    'runs.open': () => new Promise<Result<unknown>>((resolve) => void finish.push(resolve)),
    'runs.progress': () => ok({ active: true, done_bytes: 2e9, total_bytes: 8e9 }),
  });
  await openApp(host, `#/runs/${ID}`);
  await expect.element(page.getByText('Opening the recording…')).toBeVisible();
  await expect.element(page.getByRole('progressbar')).toHaveAttribute('max', '8000000000');
  await page.getByTestId('cancel-task').click();
  expect(host.asked('runs.cancel')).toEqual([{ task: ID }]);
  finish[0]?.(refuse('cancelled'));
  await page.getByRole('button', { name: 'Try again' }).click();
  finish[1]?.(ok(RUN));
  await expect.element(page.getByTestId('scrubber')).toBeVisible();
});

test('a run is replayed, paused with Space, and ends with its summary', async () => {
  await openApp(replaying(), `#/runs/${ID}`);
  await expect.element(page.getByTestId('messages')).toHaveAttribute('data-value', '123456');
  await page.getByTestId('play').click();
  await expect.poll(shownTime).toBeGreaterThan(0.3);
  await expect.element(page.getByTestId('state')).toHaveAttribute('data-state', 'running');
  const messages = () => Number(page.getByTestId('messages').element().getAttribute('data-value'));
  await expect.poll(messages).toBeGreaterThan(20);
  expect(messages()).toBeLessThan(2000);
  // Nothing can be commanded, for nothing runs.
  await expect.element(page.getByTestId('tab-controls')).not.toBeInTheDocument();
  await expect.element(page.getByRole('button', { name: /^Kill/ })).not.toBeInTheDocument();

  (document.activeElement as HTMLElement).blur();
  await userEvent.keyboard(' ');
  await expect.element(page.getByRole('button', { name: 'Play' })).toBeVisible();
  const stopped = shownTime();
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(shownTime()).toBe(stopped);

  page.getByTestId('scrubber').element().focus();
  await userEvent.keyboard('{End}');
  await expect.element(page.getByTestId('state')).toHaveAttribute('data-state', 'finished');
  await expect.element(page.getByTestId('messages')).toHaveAttribute('data-value', '123456');
});

test('the scrubber is moved by keys, and says where it is', async () => {
  await openApp(replaying(), `#/runs/${ID}`);
  const scrubber = page.getByTestId('scrubber');
  await expect.element(scrubber).toHaveAttribute('aria-valuetext', '10\u00a0s of 10\u00a0s');
  scrubber.element().focus();
  for (const [key, time_s] of [
    ['{Home}', 0],
    ['{PageUp}', 5],
    ['{ArrowRight}', 5.1],
    ['{ArrowLeft}', 5],
    ['{PageDown}', 0],
    ['{PageDown}', 0],
  ] as const) {
    await userEvent.keyboard(key);
    await expect.poll(shownTime).toBeCloseTo(time_s);
  }
  await userEvent.keyboard('{PageUp}');
  await expect.element(scrubber).toHaveAttribute('aria-valuetext', '5\u00a0s of 10\u00a0s');
  await expect.element(page.getByTestId('state')).toHaveAttribute('data-state', 'running');
});

test('the scrubber is moved by the pointer, and the charts show what was known then', async () => {
  await openApp(replaying(), `#/runs/${ID}`);
  await expect.element(page.getByTestId('scrubber')).toBeVisible();
  const box = page.getByTestId('scrubber').element().getBoundingClientRect();
  await page.getByTestId('scrubber').click({ position: { x: box.width / 2, y: box.height / 2 } });
  await expect.poll(shownTime).toBeGreaterThan(4);
  expect(shownTime()).toBeLessThan(6);
  await page.getByRole('button', { name: /^Show as a table: Throughput, messages/ }).click();
  await expect.element(page.getByRole('dialog')).toBeVisible();
  const last = page.getByRole('dialog').element().querySelector('tbody tr:last-child')?.textContent ?? '';
  expect(Number.parseFloat(last.trim())).toBeLessThan(6);
});

test('the speed is remembered', async () => {
  const host = await openApp(replaying(), `#/runs/${ID}`);
  await page.getByText('10×').click();
  expect(host.asked('settings.set')).toEqual([{ replay_speed: 10 }]);
  await page.getByTestId('play').click();
  await expect.poll(shownTime, { timeout: 5000 }).toBeGreaterThan(3);
});

test('a run without samples is shown without a player', async () => {
  const empty = snapshot({ hello: null, series: null, summary: null, info: info('failed') });
  await openApp(replaying({ 'runs.open': () => ok(empty) }), `#/runs/${ID}`);
  await expect.element(page.getByTestId('back')).toBeVisible();
  await expect.element(page.getByTestId('scrubber')).not.toBeInTheDocument();
});

test('runs that were removed because of a limit are told of, and taken back', async () => {
  let told = false;
  const host = new FakeHost({
    'runs.tidied': () => {
      const removed = told ? [] : [LISTED];
      told = true;
      return ok(removed);
    },
    'runs.list': () => ok([]),
    'runs.restore': () => ok(undefined),
  });
  await openApp(host, '#/runs');
  await expect
    .element(page.getByTestId('toast'))
    .toHaveTextContent('Old runs moved to the trash, as set: 1 (4 KiB)');
  const before = host.asked('runs.list').length;
  await page.getByTestId('toast-action').click();
  await expect.poll(() => host.asked('runs.restore')).toEqual([{ id: ID }]);
  await expect.poll(() => host.asked('runs.list').length).toBe(before + 1);
});

test('limits are set, refused where they are none, and taken away', async () => {
  const host = await openApp(new FakeHost(), '#/settings');
  const field = page.getByLabelText('At most so many runs');
  await field.fill('0');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('alert')).toHaveTextContent('from 1 to 1,000,000');
  expect(host.asked('settings.set')).toEqual([]);
  await field.fill('500');
  await userEvent.keyboard('{Enter}');
  const set = (runs: number | null) => ({ retention: { runs, gigabytes: null, days: null } });
  await expect.poll(() => host.asked('settings.set')).toEqual([set(500)]);
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  await field.fill('');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => host.asked('settings.set')).toEqual([set(500), set(null)]);
});
