/** The charts that show a whole session or parts of a whole, and what can be taken away of any chart. */
import { beforeEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { bucketIndex } from '#contract/histogram';
import { FakeHost, ok } from '../test-support/fake-host.ts';
import { frame, hello, ID, info, process, snapshot, state, tick } from '../test-support/frames.ts';
import { openApp } from '../test-support/open-app.ts';
import { pixelsOf } from '../test-support/pixels.ts';
import { ringOf } from '../test-support/ring.ts';

/** 900 of 1 µs, 99 of 50 µs, one of 3 ms. */
const buckets = [
  [1000, 900],
  [50_000, 99],
  [3_000_000, 1],
].flatMap(([ns = 0, times = 0]) => [bucketIndex(ns), times]);

function recorded(latency_buckets = buckets): FakeHost {
  const ring = ringOf(...Array.from({ length: 100 }, (_, i) => tick((i + 1) * 50, (i + 1) ** 2)));
  const opened = snapshot({ info: info('finished'), series: ring.toTable(), latency_buckets });
  return new FakeHost({ 'runs.open': () => ok(opened) });
}

function canvasOf(chart: string): HTMLCanvasElement {
  const found = document.querySelector<HTMLCanvasElement>(`[data-chart="${chart}"] canvas`);
  if (found === null) throw new Error(`no chart ${chart}`);
  return found;
}

/** How many pixels of the chart are just this colour, `#0072b2`. */
function pixels(chart: string, colour: string): number {
  const canvas = canvasOf(chart);
  const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const { data } = pixelsOf(canvas);
  let found = 0;
  for (let i = 0; i < data.length; i += 4) {
    if (wanted.every((part, n) => data[i + n] === part) && data[i + 3] === 255) found++;
  }
  return found;
}

const BLUE = '#0072b2';
const GREEN = '#009e73';
const ORANGE = '#d55e00';

const card = (chart: string) => document.querySelector(`[data-chart="${chart}"]`);
const textOf = (chart: string, part: string) =>
  card(chart)?.querySelector(part)?.textContent?.replaceAll('\u00a0', ' ') ?? '';

let saved: Blob[];
beforeEach(() => {
  saved = [];
  vi.restoreAllMocks();
  const create = URL.createObjectURL.bind(URL);
  vi.spyOn(URL, 'createObjectURL').mockImplementation((made) => {
    if (made instanceof Blob) saved.push(made);
    return create(made);
  });
});

test('the distribution of latencies is drawn, with its percentiles read out', async () => {
  await openApp(recorded(), `#/runs/${ID}`);
  await expect.poll(() => pixels('distribution', BLUE)).toBeGreaterThan(40);
  await expect.poll(() => textOf('distribution', '.readouts')).toContain('p50 1 µs');
  expect(textOf('distribution', '.readouts')).toContain('max 3');
});

test('where no latency was measured, nothing is drawn as if it were', async () => {
  await openApp(recorded([]), `#/runs/${ID}`);
  await expect.element(page.getByRole('img', { name: /^Latency distribution/ })).toBeVisible();
  await expect.poll(() => pixels('messages', BLUE)).toBeGreaterThan(100);
  expect(pixels('distribution', BLUE)).toBe(0);
});

test('the distribution grows with the session that runs', async () => {
  const host = await openApp();
  host.send(state('starting'), frame(hello), state('running'), frame(tick(50, 100)));
  for (let i = 2; i < 30; i++) host.send(frame(tick(i * 50, i * 100)));
  host.send(state('paused'));
  await expect.poll(() => textOf('distribution', '.readouts')).toContain('p50 1 µs');
  await expect.poll(() => pixels('distribution', BLUE)).toBeGreaterThan(20);
});

test('the distribution has a cursor for the arrow keys that says how many messages took so long', async () => {
  await openApp(recorded(), `#/runs/${ID}`);
  const plot = page.getByRole('img', { name: /^Latency distribution/ });
  await expect.element(plot).toBeVisible();
  (plot.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}');
  await expect.poll(() => textOf('distribution', '[aria-live]')).toContain('90% of the messages');
  await userEvent.keyboard('{ArrowRight}');
  await expect.poll(() => textOf('distribution', '[aria-live]')).toContain('99.9% took no longer');
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => textOf('distribution', '[aria-live]')).toBe('');
});

test('latency by percentile is drawn on request, and its table names the percentiles', async () => {
  await openApp(recorded(), `#/runs/${ID}`);
  await page.getByText('HDR', { exact: true }).click();
  await expect.element(page.getByRole('img', { name: /^Latency by percentile/ })).toBeVisible();
  await expect.poll(() => pixels('distribution', BLUE)).toBeGreaterThan(100);
  await page.getByRole('button', { name: 'Show as a table: Latency by percentile' }).click();
  const rows = [...page.getByRole('dialog').element().querySelectorAll('tbody tr')];
  expect(rows[0]?.querySelector('th')?.textContent).toBe('0%');
  expect(rows.at(-1)?.textContent?.replaceAll('\u00a0', ' ')).toContain('100%3 ms');
});

test('a table is copied for a spreadsheet, headings first', async () => {
  const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await openApp(recorded(), `#/runs/${ID}`);
  await page.getByRole('button', { name: 'Show as a table: Latency distribution' }).click();
  await page.getByTestId('copy-table').click();
  await expect.element(page.getByRole('status').filter({ hasText: 'in the clipboard' })).toBeVisible();
  const lines = written.mock.calls[0]?.[0].split('\n') ?? [];
  expect(lines[0]).toBe('From\tTo below\tmessages\tMessages\tNo longer');
  expect(lines).toHaveLength(4);
  expect(lines[1]?.split('\t').slice(2)).toEqual(['900', '90%', '90%']);
});

test('a table is copied also where the page has no permission for the clipboard', async () => {
  vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'));
  const older = vi.spyOn(document, 'execCommand').mockImplementation(() => {
    const field = document.activeElement;
    return field instanceof HTMLTextAreaElement && field.value.startsWith('Time\t');
  });
  await openApp(recorded(), `#/runs/${ID}`);
  await page.getByRole('button', { name: 'Show as a table: Throughput, messages' }).click();
  await page.getByTestId('copy-table').click();
  await expect.element(page.getByRole('status').filter({ hasText: 'in the clipboard' })).toBeVisible();
  expect(older).toHaveBeenCalledWith('copy');
});

test('how a process spends its time is stacked, each part with its share', async () => {
  await openApp(recorded(), `#/runs/${ID}`);
  for (const colour of [BLUE, GREEN, ORANGE]) {
    await expect.poll(() => pixels('producer_time', colour)).toBeGreaterThan(50);
  }
  await expect
    .poll(() => textOf('consumer_time', '.readouts'))
    .toMatch(/running.*waiting for a CPU.*blocked/);
});

test('of many processes the mean is shown, or the one that is chosen', async () => {
  const many = Array.from({ length: 64 }, (_, index) => ({
    role: 'producer' as const,
    index,
    pid: 5000 + index,
  }));
  const consumer = { role: 'consumer' as const, index: 0, pid: 6000 };
  const host = await openApp();
  const at = (ms: number) => {
    const spent = { cpu_user_ns: ms * 5e5, runnable_ns: ms * 25e4, blocked_ns: ms * 25e4 };
    const busy = (index: number) => process('producer', { index, ...(index === 7 ? spent : {}) });
    return tick(ms, ms, { processes: [...many.map(({ index }) => busy(index)), process('consumer')] });
  };
  host.send(state('starting'), frame({ ...hello, processes: [...many, consumer] }), state('running'));
  for (let i = 1; i < 30; i++) host.send(frame(at(i * 50)));
  host.send(state('paused'));
  await expect.poll(() => textOf('producer_time', '.readouts')).toContain('running 0.8%');
  // So many processes push the chart out of sight, where nothing is drawn.
  card('producer_time')?.scrollIntoView();
  expect(pixels('producer_time', GREEN)).toBeLessThan(10);
  await page.getByTestId('whose-producer').selectOptions('7');
  await expect.poll(() => textOf('producer_time', '.readouts')).toContain('running 50%');
  await expect.poll(() => pixels('producer_time', GREEN)).toBeGreaterThan(20);
  await expect.element(page.getByTestId('whose-consumer')).not.toBeInTheDocument();
});

test('charts can be hidden and brought back, and that is remembered', async () => {
  const host = await openApp(recorded(), `#/runs/${ID}`);
  await expect.poll(() => card('errors')).not.toBeNull();
  expect(card('bytes')).toBeNull();
  await page.getByTestId('choose-charts').click();
  await page.getByRole('menuitemcheckbox', { name: 'Errors and refusals' }).click();
  await expect.poll(() => card('errors')).toBeNull();
  expect(host.asked('settings.set')).toEqual([{ hidden_charts: ['bytes', 'errors'] }]);
  await page.getByRole('menuitemcheckbox', { name: 'Throughput, bytes' }).click();
  await expect.poll(() => card('bytes')).not.toBeNull();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByTestId('choose-charts')).toHaveFocus();
});

test('with no chart chosen the way back is told', async () => {
  const hidden_charts = [
    'messages',
    'latency',
    'queue',
    'distribution',
    'producer_time',
    'consumer_time',
    'switches',
    'errors',
    'bytes',
  ];
  const host = new FakeHost({
    'settings.get': () => ok({ locale: 'en', theme: 'light', last_spec: null, hidden_charts }),
  });
  await openApp(host);
  await expect.element(page.getByText('No chart is chosen')).toBeVisible();
});

async function saveAs(title: string, kind: string): Promise<Blob> {
  await page.getByRole('button', { name: `Save as a picture: ${title}` }).click();
  await page.getByRole('menuitem', { name: kind }).click();
  await expect.poll(() => saved.length).toBe(1);
  const [made] = saved;
  if (made === undefined) throw new Error('nothing was saved');
  return made;
}

test.each(['Throughput, messages', 'Latency, one way', 'Latency distribution', "Producer's time"])(
  '%s is saved as SVG that a parser takes, with title, legend and lines',
  async (title) => {
    await openApp(recorded(), `#/runs/${ID}`);
    const text = await (await saveAs(title, 'SVG')).text();
    const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
    expect(svg.querySelector('parsererror')).toBeNull();
    expect(svg.querySelector('title')?.textContent?.replaceAll('\u00a0', ' ')).toBe(
      `${title} · Pipe · Stream · 64 B`,
    );
    const drawn = [...svg.querySelectorAll('path[stroke]')].filter((path) =>
      (path.getAttribute('d') ?? '').includes('L'),
    );
    expect(drawn.length).toBeGreaterThan(0);
    expect(text).not.toContain('NaN');
  },
);

test('a chart is saved as PNG at twice its size, with the line in it', async () => {
  await openApp(recorded(), `#/runs/${ID}`);
  const picture = await createImageBitmap(await saveAs('Throughput, messages', 'PNG'));
  expect([picture.width, picture.height]).toEqual([1440, 800]);
  const ctx = new OffscreenCanvas(1440, 800).getContext('2d');
  ctx?.drawImage(picture, 0, 0);
  const { data } = ctx?.getImageData(0, 0, 1440, 800) ?? { data: [] };
  let blue = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i] === 0 && data[i + 1] === 0x72) blue++;
  expect(blue).toBeGreaterThan(500);
});
