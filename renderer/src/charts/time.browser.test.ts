/** Time on the charts, by wheel, pointer and keys. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { FakeHost, ok } from '../test-support/fake-host.ts';
import { frame, hello, ID, info, snapshot, state, tick } from '../test-support/frames.ts';
import { openApp } from '../test-support/open-app.ts';
import { ink } from '../test-support/pixels.ts';
import { ringOf } from '../test-support/ring.ts';

/** A recorded run of 100 s with a sample every half a second. */
async function recorded(): Promise<void> {
  const ring = ringOf(...Array.from({ length: 201 }, (_, i) => tick(i * 500 || 250, (i + 1) * 100)));
  const run = snapshot({ info: info('finished'), series: ring.toTable() });
  await openApp(new FakeHost({ 'runs.open': () => ok(run) }), `#/runs/${ID}`);
  await expect.element(overview).toBeVisible();
  await expect.poll(span).toEqual([0, 100]);
  await painted();
}

async function running(seconds: number): Promise<FakeHost> {
  const host = await openApp();
  host.send(state('starting'), frame({ ...hello, options: {} }), state('running'));
  host.send(...Array.from({ length: seconds * 2 }, (_, i) => frame(tick((i + 1) * 500, i))));
  await expect.element(page.getByTestId('state')).toHaveAttribute('data-state', 'running');
  await expect.element(overview).toBeVisible();
  await painted();
  return host;
}

/** Until a chart is painted, no place on it is a time. */
async function painted(): Promise<void> {
  const canvases = () => [...document.querySelectorAll<HTMLCanvasElement>(`${OVER_TIME} canvas`)];
  await expect.poll(() => canvases().every((canvas) => ink(canvas) > 0)).toBe(true);
}

/** All charts but the distribution, whose axis is no time. */
const OVER_TIME = '[data-chart]:not([data-chart="distribution"])';
const overview = page.getByTestId('overview');
const behind = page.getByTestId('view-behind');

/** What the strip says is shown, in seconds. */
function span(): [number, number] {
  const text = overview.element().getAttribute('aria-valuetext') ?? '';
  const seconds = (words: string): number => {
    const [, minutes, rest] = /(\d+):([\d.]+)/.exec(words) ?? [];
    if (minutes !== undefined) return Number(minutes) * 60 + Number(rest);
    const unit = { ns: 1e-9, ms: 1e-3, s: 1 }[/[a-z]+/.exec(words)?.[0] ?? ''] ?? NaN;
    return Number.parseFloat(words) * unit;
  };
  const [from = NaN, to = NaN] = text.split(' to ').map(seconds);
  return [from, to];
}

/** By pointer, to within the few pixels by which the plot's own margin differs from what `placeAt` takes it to be. */
async function shows(from: number, to: number): Promise<void> {
  await expect.poll(() => Math.max(Math.abs(span()[0] - from), Math.abs(span()[1] - to))).toBeLessThan(2.5);
}

function plot(): HTMLElement {
  const found = document.querySelector<HTMLElement>('[data-chart="messages"] .plot');
  if (found === null) throw new Error('no chart');
  return found;
}

/** A place on the plot, at a share of its breadth (its axis is 58 px wide, its margin 8). */
function placeAt(share: number): { clientX: number; clientY: number } {
  const { left, top, width, height } = plot().getBoundingClientRect();
  return { clientX: left + 58 + share * (width - 66), clientY: top + height / 2 };
}

function pointer(type: string, share: number, change: PointerEventInit = {}): void {
  const at = { ...placeAt(share), pointerId: 1, button: 0, bubbles: true, ...change };
  plot().dispatchEvent(new PointerEvent(type, at));
}

function drag(from: number, to: number, change: PointerEventInit = {}): void {
  // A pointer that no hand moves cannot be captured.
  plot().setPointerCapture = () => undefined;
  pointer('pointerdown', from, change);
  pointer('pointermove', (from + to) / 2, change);
  pointer('pointermove', to, change);
  pointer('pointerup', to, change);
}

function wheel(change: WheelEventInit, share = 0.5): boolean {
  return plot().dispatchEvent(
    new WheelEvent('wheel', { ...placeAt(share), bubbles: true, cancelable: true, ...change }),
  );
}

test('the wheel looks closer around the pointer and comes back; then it is the page’s again', async () => {
  await recorded();
  expect(wheel({ deltaY: -220 }, 0.25)).toBe(false);
  await shows(12.5, 62.5);
  wheel({ deltaY: -220 }, 0);
  await shows(12.5, 37.5);
  wheel({ deltaX: 4000 });
  await expect.poll(span).toEqual([75, 100]);
  for (let i = 0; i < 4; i++) wheel({ deltaY: 220 });
  await expect.poll(span).toEqual([0, 100]);
  expect(wheel({ deltaY: 220 })).toBe(true);
  await expect.element(page.getByTestId('view-follow')).not.toBeInTheDocument();
});

test('a stretch that is dragged out fills the charts, and a double click shows all again', async () => {
  await recorded();
  drag(0.8, 0.2);
  await shows(20, 80);
  await expect.element(behind).toHaveTextContent(/ to 1:/);
  plot().dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
  await expect.poll(span).toEqual([0, 100]);
});

test('what is being dragged out is shown on every chart, and Escape takes it back', async () => {
  await recorded();
  plot().setPointerCapture = () => undefined;
  pointer('pointerdown', 0.2);
  pointer('pointermove', 0.6);
  const bands = (): number[] =>
    [...document.querySelectorAll<HTMLElement>('.band')].map((band) => band.offsetWidth);
  // A hand that drags never rests; a chart whose first picture is only just there shows the band with the next move.
  const move = (): number => {
    pointer('pointermove', 0.6);
    return bands().length;
  };
  // What is not in sight is not drawn, and has nothing to show a band on.
  const inSight = [...document.querySelectorAll(`${OVER_TIME} .plot`)].filter(
    (one) => one.getBoundingClientRect().top < innerHeight,
  );
  expect(inSight.length).toBeGreaterThan(3);
  await expect.poll(move).toBe(inSight.length);
  for (const width of bands()) expect(width).toBeGreaterThan(30);
  plot().focus();
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => bands().length).toBe(0);
  pointer('pointerup', 0.6);
  expect(span()).toEqual([0, 100]);
});

test('with Shift a drag moves the stretch', async () => {
  await recorded();
  wheel({ deltaY: -220 });
  await shows(25, 75);
  drag(0.2, 0.6, { shiftKey: true });
  await shows(5, 55);
});

test('keys do what the pointer does, and the cursor takes the view along', async () => {
  await recorded();
  plot().focus();
  await userEvent.keyboard('+');
  await expect.poll(span).toEqual([25, 75]);
  await userEvent.keyboard('{PageDown}');
  await expect.poll(span).toEqual([50, 100]);
  await userEvent.keyboard('{Control>}{Home}{/Control}');
  await expect.poll(span).toEqual([0, 50]);
  await userEvent.keyboard('{End}{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
  await expect.poll(span).toEqual([10, 60]);
  await userEvent.keyboard('-');
  await expect.poll(span).toEqual([0, 100]);
  await userEvent.keyboard('+0');
  await expect.poll(span).toEqual([0, 100]);
});

test('the strip moves the stretch by keys and says where it is', async () => {
  await recorded();
  (overview.element() as HTMLElement).focus();
  await userEvent.keyboard('++{Home}');
  await expect.poll(span).toEqual([0, 25]);
  await userEvent.keyboard('{ArrowRight}');
  await expect.poll(span).toEqual([2.5, 27.5]);
  await userEvent.keyboard('{End}');
  await expect.poll(span).toEqual([75, 100]);
});

test('the view of a running session stands still when it is frozen, and the session does not', async () => {
  const host = await running(40);
  await expect.poll(span).toEqual([10, 40]);
  (document.activeElement as HTMLElement | null)?.blur();
  await userEvent.keyboard('f');
  await expect.element(behind).toBeVisible();
  host.send(...Array.from({ length: 10 }, (_, i) => frame(tick(40_000 + (i + 1) * 500, 1000))));
  await expect.element(behind).toHaveTextContent(/5\s*s behind/);
  expect(span()).toEqual([10, 40]);
  expect(host.asked('session.command')).toEqual([]);
  await page.getByTestId('view-follow').click();
  await expect.poll(span).toEqual([15, 45]);
  await expect.element(behind).not.toBeInTheDocument();
});

test('a click keeps a moment: every chart and the flow show its values until it is let go', async () => {
  await running(40);
  drag(0.5, 0.5);
  pointer('pointerleave', 0.5);
  const names = (): string[] =>
    [...document.querySelectorAll(`${OVER_TIME} .plot`)].map((one) => one.getAttribute('aria-label') ?? '');
  const times = (): Set<number> => new Set(names().map((name) => Number(/: ([\d.]+)\ss,/.exec(name)?.[1])));
  await expect.poll(() => times().size).toBe(1);
  const [kept = NaN] = times();
  expect(Math.abs(kept - 25)).toBeLessThan(1.5);
  await expect.element(behind).toBeVisible();
  await page.getByTestId('view-follow').click();
  await expect.poll(() => [...times()][0]).toBe(40);
});

test('choosing how much is followed goes back to now, and is remembered', async () => {
  await running(40);
  await userEvent.keyboard('f');
  await page.getByRole('radio', { name: '10 s' }).click({ force: true });
  await expect.poll(span).toEqual([30, 40]);
  expect(localStorage.getItem('ipc-scope:window')).toBe('10');
});
