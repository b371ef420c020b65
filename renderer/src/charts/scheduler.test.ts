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
  const chart = {
    visible: true,
    drawn: 0,
    draw: () => {
      chart.drawn++;
      clock += cost_ms;
    },
  } satisfies Drawable & {
    drawn: number;
  };
  return { scheduler, frames, frame, chart };
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
