import { describe, expect, it } from 'vitest';
import { TimeView, type Watched } from './time-view.svelte.ts';

function viewOf(change: Partial<Watched> = {}) {
  const watched = $state({ oldest_s: 0, newest_s: 100, planned_s: 0, over: false, ...change });
  return { view: new TimeView(() => watched), watched };
}

describe('a view of a running session', () => {
  it('follows it until it is frozen, and then stands still', () => {
    const { view, watched } = viewOf();
    watched.newest_s = 101;
    expect(view.span).toEqual({ from: 71, to: 101 });
    view.freeze();
    const still = view.span;
    watched.newest_s = 113;
    expect(view.span).toEqual({ from: 71, to: 101 });
    // The very same, so that nothing is drawn anew.
    expect(view.span).toBe(still);
    expect(view.behind_s).toBe(12);
    view.follow();
    expect(view.span).toEqual({ from: 83, to: 113 });
    expect(view.behind_s).toBe(0);
  });

  it('stands still once somebody looks closer or back, as far as the first sample', () => {
    const { view, watched } = viewOf();
    expect(view.zoom(0.5, 100)).toBe(true);
    expect(view.span).toEqual({ from: 85, to: 100 });
    watched.newest_s = 120;
    expect(view.span).toEqual({ from: 85, to: 100 });
    expect(view.move(-1000)).toBe(true);
    expect(view.span).toEqual({ from: 0, to: 15 });
    expect(view.move(-1)).toBe(false);
  });

  it('goes on following when a turn of the wheel changed nothing', () => {
    const { view, watched } = viewOf();
    view.window_s = Infinity;
    expect(view.zoom(2, 50)).toBe(false);
    expect(view.held).toBe(false);
    watched.newest_s = 200;
    expect(view.span).toEqual({ from: 0, to: 200 });
  });

  it('shows the values of the last moment in a frozen view, and of the cursor before that', () => {
    const { view, watched } = viewOf();
    expect(view.moment.shown).toBe(false);
    view.freeze();
    watched.newest_s = 130;
    expect(view.moment).toEqual({ shown: true, time_s: 100 });
    view.cursor.time_s = 80;
    expect(view.moment).toEqual({ shown: true, time_s: 80 });
  });

  it('stands still also where it had room for what comes, until somebody looks elsewhere', () => {
    const { view, watched } = viewOf({ newest_s: 4 });
    expect(view.span).toEqual({ from: 0, to: 10 });
    expect(view.until_s).toBe(Infinity);
    view.freeze();
    watched.newest_s = 7;
    expect(view.span).toEqual({ from: 0, to: 10 });
    expect(view.until_s).toBe(4);
    expect(view.behind_s).toBe(3);
    expect(view.moment.time_s).toBe(4);
    // Beside the end of the lines there is nothing to be told.
    view.cursor.time_s = 6;
    expect(view.moment.time_s).toBe(4);
    view.cursor.clear();
    view.zoom(0.5, 8);
    expect(view.until_s).toBe(7);
    view.follow();
    expect(view.until_s).toBe(Infinity);
  });

  it('moves with what is left when the oldest samples are gone', () => {
    const { view, watched } = viewOf();
    view.show(10, 20);
    watched.oldest_s = 15;
    expect(view.span).toEqual({ from: 15, to: 25 });
  });
});

describe('a view of a session that is over', () => {
  it('shows all of it, and shows all again as soon as it is zoomed out', () => {
    const { view } = viewOf({ over: true });
    expect(view.span).toEqual({ from: 0, to: 100 });
    view.zoom(0.25, 40);
    expect(view.held).toBe(true);
    expect(view.moment.shown).toBe(false);
    view.zoom(100, 40);
    expect(view.held).toBe(false);
  });

  it('keeps what was looked at when the session ended', () => {
    const { view, watched } = viewOf();
    view.show(40, 50);
    watched.over = true;
    expect(view.span).toEqual({ from: 40, to: 50 });
  });
});

it('goes to a moment with the length it had', () => {
  const { view } = viewOf({ over: true });
  view.show(0, 10);
  view.goTo(50);
  expect(view.span).toEqual({ from: 45, to: 55 });
  expect(view.cursor.time_s).toBe(50);
  view.goTo(99);
  expect(view.span).toEqual({ from: 90, to: 100 });
});

it('keeps a moment that was pinned when the pointer leaves, until it is pinned again or let go', () => {
  const { view, watched } = viewOf();
  view.pin(90);
  watched.newest_s = 200;
  expect(view.span).toEqual({ from: 70, to: 100 });
  view.cursor.time_s = 95;
  expect(view.moment.time_s).toBe(95);
  view.cursor.clear();
  expect(view.moment).toEqual({ shown: true, time_s: 90 });
  view.pin(90.1);
  expect(view.cursor.shown).toBe(false);
  view.pin(80);
  view.follow();
  expect(view.moment.shown).toBe(false);
});

it('looks closer at what the cursor points at, else at the middle', () => {
  const { view } = viewOf({ over: true });
  view.zoom(0.5);
  expect(view.span).toEqual({ from: 25, to: 75 });
  view.cursor.time_s = 30;
  view.zoom(0.5);
  expect(view.span).toEqual({ from: 27.5, to: 52.5 });
});
