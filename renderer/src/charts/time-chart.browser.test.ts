/** Where pictures are painted, and when: in the worker and in the page alike, never while nobody can see them. */
import '../parts/tokens.css';
import { afterEach, expect, test, vi } from 'vitest';
import { SeriesRing } from '#contract/series';
import { ink, pixelsOf } from '../test-support/pixels.ts';
import { readPalette } from './colours.ts';
import { PlotWorkers } from './plot-workers.ts';
import { scheduler } from './scheduler.ts';
import type { ChartSpec } from './specs.ts';
import { timeAt } from './plot-scale.ts';
import { NOTHING_TO_SEE, TimeChart, type TimeChartOptions } from './time-chart.ts';

const spec: ChartSpec = {
  id: 'latency',
  scale: 'log',
  series: [
    { key: 'p50_ns', name: 'p50_ns', unit: 'ns', colour: 1, mark: 'circle' },
    { key: 'p99_ns', name: 'p99_ns', unit: 'ns', colour: 2, mark: 'triangle' },
  ],
};

function filled(rows: number): SeriesRing {
  const columns = ['elapsed_s', 'p50_ns', 'unused', 'p99_ns'].map((key) => ({ key, unit: 'ns' as const }));
  const ring = new SeriesRing(columns, 5000);
  for (let i = 0; i < rows; i++) grow(ring);
  return ring;
}

function grow(ring: SeriesRing): void {
  const i = ring.written;
  ring.push([i / 100, 2000 + 500 * Math.sin(i / 30), -1, 9000 + 3000 * Math.cos(i / 50)]);
}

/** A worker's script as a Blob: of what goes wrong in a worker, in one line. */
const scripted = (source: string) => () =>
  new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));

const started: Worker[] = [];
const real = (): Worker => {
  const worker = new Worker(new URL('./plot-worker.ts', import.meta.url), { type: 'module' });
  started.push(worker);
  return worker;
};

const charts: TimeChart[] = [];
const hosts: HTMLElement[] = [];

interface Made {
  chart: TimeChart;
  host: HTMLElement;
  canvas: () => HTMLCanvasElement;
  show: (ring: SeriesRing | undefined, more?: Partial<TimeChart['view']>) => void;
}

function make(workers: PlotWorkers, look: Partial<TimeChartOptions> = {}): Made {
  const host = document.createElement('div');
  Object.assign(host.style, { position: 'relative', width: '400px', height: '160px' });
  const canvas = document.createElement('canvas');
  canvas.style.position = 'absolute';
  host.append(canvas);
  document.body.append(host);
  const chart = new TimeChart(canvas, { spec, palette: readPalette(), locale: 'en', ...look }, workers);
  charts.push(chart);
  hosts.push(host);
  return {
    chart,
    host,
    canvas: () => host.querySelector('canvas') ?? canvas,
    show: (ring, more = {}) => {
      chart.view = { ...NOTHING_TO_SEE, ring, moments: [2], ...more };
      scheduler.request(chart);
    },
  };
}

const inPage = (): PlotWorkers =>
  new PlotWorkers(() => {
    throw new Error('no workers here');
  });

const frames = (n: number): Promise<void> =>
  new Promise((resolve) => {
    const step = (left: number): unknown =>
      left === 0 ? resolve() : requestAnimationFrame(() => step(left - 1));
    step(n);
  });

/** Until the chart has been painted and a second picture would be the same. */
async function settled({ canvas }: Made): Promise<ImageData> {
  await expect.poll(() => ink(canvas()), { timeout: 15_000 }).toBeGreaterThan(1000);
  for (let before = ink(canvas()); ;) {
    await frames(6);
    const now = ink(canvas());
    if (now === before) return pixelsOf(canvas());
    before = now;
  }
}

afterEach(() => {
  for (const chart of charts.splice(0)) chart.destroy();
  for (const host of hosts.splice(0)) host.remove();
  for (const worker of started.splice(0)) worker.terminate();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('a worker paints what the page would have painted', async () => {
  const ring = filled(1000);
  const workers = new PlotWorkers(real);
  const far = make(workers);
  const near = make(inPage());
  for (const one of [far, near]) one.show(ring);
  const [there, here] = [await settled(far), await settled(near)];
  expect(workers.running).toBe(1);
  // A canvas that was handed over is no longer the page's to draw on.
  expect(() => far.canvas().getContext('2d')).toThrow();
  expect(near.canvas().getContext('2d')).not.toBeNull();
  expect([there.width, there.height]).toEqual([here.width, here.height]);
  let different = 0;
  for (let i = 0; i < here.data.length; i++) {
    if (Math.abs((here.data[i] ?? 0) - (there.data[i] ?? 0)) > 48) different++;
  }
  expect(different / here.data.length).toBeLessThan(0.005);
});

test.each([2, 3])(
  'at %i pixels of the screen to one of the page a chart is sharp, not larger',
  async (ratio) => {
    vi.stubGlobal('devicePixelRatio', ratio);
    const made = make(new PlotWorkers(real));
    made.show(filled(1000));
    await settled(made);
    expect([made.canvas().width, made.canvas().height]).toEqual([400 * ratio, 160 * ratio]);
    expect([made.canvas().clientWidth, made.canvas().clientHeight]).toEqual([400, 160]);
  },
);

test('of more samples than pixels every spike is seen, in the place where it was', async () => {
  for (const workers of [new PlotWorkers(real), inPage()]) {
    const ring = filled(0);
    for (let i = 0; i < 4999; i++) ring.push([i / 500, 1000, -1, i === 1250 ? 900_000 : 2000]);
    const made = make(workers);
    made.show(ring);
    const { data, width, height } = await settled(made);
    const frame = made.chart;
    // Orange, the second series, in the upper half of the picture: nowhere but at 2.5 s.
    const places = new Set<number>();
    for (let y = 0; y < height / 2; y++) {
      for (let x = 0; x < width; x++) {
        const at = 4 * (y * width + x);
        const [r = 0, g = 0, b = 0, a = 0] = data.slice(at, at + 4);
        if (a > 200 && r > 150 && g < 140 && b < 80) places.add(x / devicePixelRatio);
      }
    }
    expect(places.size).toBeGreaterThan(0);
    for (const x of places) expect(timeAt(frame.area, frame.view.span, x)).toBeCloseTo(2.5, 0);
    expect(places.size).toBeLessThan(12);
  }
});

test('a worker follows the rows, the span, the size and the theme', async () => {
  const ring = filled(300);
  const made = make(new PlotWorkers(real));
  made.show(ring);
  const young = await settled(made);
  for (let i = 0; i < 600; i++) grow(ring);
  made.show(ring);
  await expect.poll(() => ink(made.canvas())).toBeGreaterThan(0);
  await expect.poll(async () => (await settled(made)).data.join() === young.data.join()).toBe(false);

  const full = await settled(made);
  made.host.style.width = '520px';
  await expect.poll(() => made.canvas().width, { timeout: 5000 }).toBe(520 * devicePixelRatio);
  expect((await settled(made)).width).toBeGreaterThan(full.width);
  expect([made.canvas().clientWidth, made.canvas().clientHeight]).toEqual([520, 160]);

  const palette = { ...readPalette(), series: ['#ff0000', '#ff0000', '#ff0000', '#ff0000', '#ff0000'] };
  made.chart.dress({ spec, palette, locale: 'en' });
  const red = (): number => {
    const { data } = pixelsOf(made.canvas());
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === 255 && data[i + 1] === 0 && data[i + 3] === 255) count++;
    return count;
  };
  await expect.poll(red).toBeGreaterThan(200);
});

test('other series are drawn when the session turns out to have others', async () => {
  for (const workers of [new PlotWorkers(real), inPage()]) {
    const made = make(workers);
    made.show(filled(900));
    const both = await settled(made);
    const [first] = spec.series;
    if (first === undefined) throw new Error('no series');
    made.chart.dress({ spec: { ...spec, series: [first] }, palette: readPalette(), locale: 'en' });
    const inked = (): number => ink(made.canvas());
    const before = both.data.filter((value, i) => i % 4 === 3 && value > 0).length;
    await expect.poll(inked).toBeLessThan(before - 300);
  }
});

test('a worker that cannot start leaves the drawing to the page', async () => {
  for (const start of [
    scripted('throw new Error("broken")'),
    () => new Worker(new URL('./there-is-no-such-file.js', import.meta.url), { type: 'module' }),
  ]) {
    const workers = new PlotWorkers(start);
    const made = make(workers);
    made.show(filled(1000));
    await settled(made);
    expect(made.canvas().getContext('2d')).not.toBeNull();
    expect([workers.running, workers.available]).toEqual([0, false]);
  }
});

test('a worker that fails on the way is replaced by the page, the picture and the crosshair go on', async () => {
  const workers = new PlotWorkers(
    scripted(
      'postMessage({ kind: "ready" }); onmessage = ({ data }) => { if (data.kind === "paint") throw new Error("x"); }',
    ),
  );
  const made = make(workers);
  const ring = filled(1000);
  made.show(ring);
  await settled(made);
  expect(made.host.querySelectorAll('canvas')).toHaveLength(1);
  expect(made.canvas().getContext('2d')).not.toBeNull();
  made.show(ring, { cursor_s: 5 });
  const line = made.host.querySelector<HTMLElement>('[data-crosshair]');
  expect(line?.style.display).toBe('');
  // The next chart does not try the same again.
  expect(workers.available).toBe(false);
});

test('the last chart takes the worker with it, and the next one starts another', async () => {
  const workers = new PlotWorkers(real, 0);
  const [one, two] = [make(workers), make(workers)];
  for (const made of [one, two]) made.show(filled(500));
  await settled(one);
  await settled(two);
  expect(started).toHaveLength(1);
  const ended = vi.spyOn(started[0] as Worker, 'terminate');
  one.chart.destroy();
  await frames(3);
  expect(ended).not.toHaveBeenCalled();
  two.chart.destroy();
  await expect.poll(() => workers.running).toBe(0);
  expect(ended).toHaveBeenCalledOnce();
  expect(one.host.querySelector('[data-crosshair]')).toBeNull();
  const three = make(workers);
  three.show(filled(500));
  await settled(three);
  expect(started).toHaveLength(2);
});

test('nothing is painted while a chart cannot be seen, and all of it once it can', async () => {
  const made = make(new PlotWorkers(real));
  const ring = filled(200);
  made.show(ring);
  await settled(made);
  const [worker] = started;
  if (worker === undefined) throw new Error('no worker');
  const sent = vi.spyOn(worker, 'postMessage');
  made.host.style.marginTop = '5000px';
  await expect.poll(() => made.chart.visible).toBe(false);
  sent.mockClear();
  for (let i = 0; i < 20; i++) {
    for (let n = 0; n < 20; n++) grow(ring);
    made.show(ring);
    await frames(2);
  }
  expect(sent).not.toHaveBeenCalled();
  made.host.style.marginTop = '0';
  await expect.poll(() => sent.mock.calls.length).toBeGreaterThan(0);
  expect(sent.mock.calls[0]?.[0]).toMatchObject({ kind: 'paint', rows: { count: 400 } });
});

test('the crosshair stands at its time at once, and asks for no picture', async () => {
  const made = make(new PlotWorkers(real));
  const ring = filled(1000);
  made.show(ring);
  await settled(made);
  const [worker] = started;
  if (worker === undefined) throw new Error('no worker');
  const sent = vi.spyOn(worker, 'postMessage');
  const line = made.host.querySelector<HTMLElement>('[data-crosshair]');
  if (line === null) throw new Error('no crosshair');
  for (const time_s of [0.5, 2, 7.25, 9.9]) {
    // As the card makes it: every part of the view anew.
    made.show(ring, { cursor_s: time_s, span: { from: 0, to: 10 }, moments: [2] });
    const x = line.getBoundingClientRect().left - made.host.getBoundingClientRect().left;
    expect(timeAt(made.chart.area, made.chart.view.span, x)).toBeCloseTo(time_s, 1);
  }
  await frames(6);
  expect(sent).not.toHaveBeenCalled();
  expect(timeAt(made.chart.area, made.chart.view.span, 2)).toBeNaN();
  made.show(ring, { cursor_s: 11 });
  expect(line.style.display).toBe('none');
  made.show(ring, { cursor_s: NaN });
  expect(line.style.display).toBe('none');
});
