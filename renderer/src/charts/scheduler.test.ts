import { expect, it } from 'vitest';
import { Scheduler, type Drawable } from './scheduler.ts';

function setUp(cost_ms = 0) {
  const frames: ((now: number) => void)[] = [];
  let clock = 0;
  const scheduler = new Scheduler(
    (run) => frames.push(run),
    () => clock,
  );
  const frame = (now: number): void => {
    for (const run of frames.splice(0)) run(now);
  };
  const chart: Drawable & { busy: boolean; drawn: number } = {
    visible: true,
    busy: false,
    drawn: 0,
    draw: () => {
      chart.drawn++;
      clock += cost_ms;
    },
  };
  /** Time passes, and with it the frames of a screen; each is `asked` for a new picture. */
  const pass = (from: number, to: number, asked = true): void => {
    for (let now = from; now < to; now += 1000 / 60) {
      clock = now;
      if (asked) scheduler.request(chart);
      frame(now);
    }
  };
  const sleep = (to: number): void => void (clock = to);
  return { scheduler, frames, frame, chart, pass, sleep };
}

it('draws once a frame however often it is asked', () => {
  const { scheduler, frames, frame, chart } = setUp();
  for (let i = 0; i < 10; i++) scheduler.request(chart);
  expect(frames).toHaveLength(1);
  frame(100);
  expect(chart.drawn).toBe(1);
});

it('draws at most thirty times a second', () => {
  const { scheduler, frame, chart } = setUp();
  for (let now = 0; now < 1000; now += 1000 / 60) {
    scheduler.request(chart);
    frame(now);
  }
  expect(chart.drawn).toBeGreaterThanOrEqual(29);
  expect(chart.drawn).toBeLessThanOrEqual(31);
});

it('draws less often where drawing takes long, so that an eighth of a CPU is enough', () => {
  const { scheduler, frame, chart } = setUp(20);
  for (let now = 0; now < 10_000; now += 1000 / 60) {
    scheduler.request(chart);
    frame(now);
  }
  expect(chart.drawn * 20).toBeLessThan(10_000 / 6);
  expect(chart.drawn).toBeGreaterThan(30);
});

it('leaves out a chart that cannot be seen, and asks for no frames for nothing', () => {
  const { scheduler, frames, frame, chart } = setUp();
  const hidden = { visible: false, draw: () => expect.unreachable() };
  scheduler.request(hidden);
  frame(0);
  expect(frames).toHaveLength(0);
  scheduler.request(chart);
  frame(100);
  expect(chart.drawn).toBe(1);
});

it('counts no picture as dropped while each is drawn when it is due', () => {
  const { scheduler, pass } = setUp();
  pass(0, 1000);
  // Nothing new for a while is nothing missed.
  pass(1000, 5000, false);
  pass(5000, 6000);
  expect(scheduler.dropped).toBe(0);
});

it('counts the pictures that a stuck page, a busy worker or costly drawing left out', () => {
  const { scheduler, chart, pass, sleep } = setUp();
  pass(0, 500);
  scheduler.request(chart);
  sleep(1000);
  pass(1000, 1500);
  expect(scheduler.dropped).toBeGreaterThanOrEqual(13);
  expect(scheduler.dropped).toBeLessThanOrEqual(15);

  const before = scheduler.dropped;
  chart.busy = true;
  const drawn = chart.drawn;
  pass(1500, 2000);
  expect(chart.drawn).toBe(drawn);
  chart.busy = false;
  pass(2000, 2500);
  expect(scheduler.dropped - before).toBeGreaterThanOrEqual(13);
  expect(scheduler.dropped - before).toBeLessThanOrEqual(15);
});

it('counts nothing for the time in which the page was hidden', () => {
  const { scheduler, chart, pass, sleep } = setUp();
  pass(0, 500);
  scheduler.request(chart);
  sleep(60_000);
  scheduler.forgive();
  pass(60_000, 60_500);
  expect(scheduler.dropped).toBe(0);
});

it('rests from what a worker has drawn as from its own', () => {
  const { scheduler, chart, pass } = setUp();
  pass(0, 1000);
  const free = chart.drawn;
  const { draw } = chart;
  chart.draw = () => {
    draw();
    scheduler.charge(20);
  };
  pass(1000, 11_000);
  expect((chart.drawn - free) * 20).toBeLessThan(10_000 / 6);
  expect(scheduler.dropped).toBeGreaterThan(150);
});

it('does not rest from what the measured processes took in the middle of a drawing', () => {
  const { scheduler, chart, pass } = setUp();
  const { draw } = chart;
  chart.draw = () => {
    draw();
    // One that was interrupted after two that were not.
    scheduler.charge(chart.drawn % 3 === 0 ? 90 : 2);
  };
  pass(0, 2000);
  expect(chart.drawn).toBeGreaterThan(55);
});
