import { describe, expect, it } from 'vitest';
import {
  clampSpan,
  LEAST_SPAN_S,
  moveSpan,
  revealSpan,
  sameSpan,
  spanBetween,
  visibleSpan,
  zoomSpan,
} from './time-window.ts';

it('gives a session of known length its room from the start', () => {
  expect(visibleSpan(0, 1, 30, 5.2, false)).toEqual({ from: 0, to: 5.2 });
});

it('follows the newest samples once the window is full', () => {
  expect(visibleSpan(0, 45, 30, 0, false)).toEqual({ from: 15, to: 45 });
  expect(visibleSpan(0, 12, 30, 0, false)).toEqual({ from: 0, to: 12 });
});

it('shows all of it when it is over or when asked to', () => {
  expect(visibleSpan(0.05, 45, 30, 0, true)).toEqual({ from: 0, to: 45 });
  expect(visibleSpan(0, 45, Infinity, 60, false)).toEqual({ from: 0, to: 60 });
});

const room = { from: 0, to: 100 };

describe('a closer look', () => {
  it('keeps the moment under the pointer where it is', () => {
    expect(zoomSpan({ from: 20, to: 60 }, 0.5, 30, room)).toEqual({ from: 25, to: 45 });
    const span = zoomSpan({ from: 13, to: 47 }, 0.37, 21, room);
    expect((21 - span.from) / (span.to - span.from)).toBeCloseTo((21 - 13) / (47 - 13), 12);
  });

  it('comes back by as much as it went in', () => {
    const start = { from: 20, to: 60 };
    const back = zoomSpan(zoomSpan(start, 0.5, 33, room), 2, 33, room);
    expect(back.from).toBeCloseTo(start.from, 9);
    expect(back.to).toBeCloseTo(start.to, 9);
  });

  it('ends at the least span, around the pointer, also at an edge of the room', () => {
    const closest = zoomSpan({ from: 0, to: 100 }, 1e-9, 50, room);
    expect(closest.to - closest.from).toBeCloseTo(LEAST_SPAN_S, 12);
    expect((closest.from + closest.to) / 2).toBeCloseTo(50, 9);
    const atStart = zoomSpan({ from: 0, to: 100 }, 1e-9, 0, room);
    expect(atStart.from).toBe(0);
    expect(atStart.to).toBeCloseTo(LEAST_SPAN_S, 12);
  });

  it('never shows more than there is, wherever the pointer is', () => {
    expect(zoomSpan({ from: 90, to: 100 }, 3, 91, room)).toEqual({ from: 70, to: 100 });
    expect(zoomSpan({ from: 90, to: 100 }, 1e6, 95, room)).toEqual(room);
    expect(zoomSpan({ from: 40, to: 60 }, 0.5, 999, room)).toEqual({ from: 50, to: 60 });
  });

  it('shows all of a room that is shorter than the least span', () => {
    const short = { from: 0, to: 0.1 };
    expect(zoomSpan(short, 0.5, 0.05, short)).toEqual(short);
    expect(clampSpan({ from: 3, to: 4 }, short)).toEqual(short);
  });
});

describe('another stretch', () => {
  it('ends at the edges with its length kept', () => {
    expect(moveSpan({ from: 20, to: 30 }, -25, room)).toEqual({ from: 0, to: 10 });
    expect(moveSpan({ from: 20, to: 30 }, 500, room)).toEqual({ from: 90, to: 100 });
  });

  it('is dragged out in either direction, and is never too short to see', () => {
    expect(spanBetween(40, 20, room)).toEqual({ from: 20, to: 40 });
    expect(spanBetween(-5, 200, room)).toEqual(room);
    const dot = spanBetween(100, 100, room);
    expect(dot.to).toBe(100);
    expect(dot.to - dot.from).toBeCloseTo(LEAST_SPAN_S, 12);
  });

  it('moves no further than a moment needs to be in it', () => {
    expect(revealSpan({ from: 20, to: 30 }, 25, room)).toEqual({ from: 20, to: 30 });
    expect(revealSpan({ from: 20, to: 30 }, 12, room)).toEqual({ from: 12, to: 22 });
    expect(revealSpan({ from: 20, to: 30 }, 55, room)).toEqual({ from: 45, to: 55 });
  });

  it('stays in a room whose oldest samples are gone', () => {
    expect(clampSpan({ from: 20, to: 30 }, { from: 26, to: 100 })).toEqual({ from: 26, to: 36 });
  });
});

it('tells what looks the same', () => {
  expect(sameSpan({ from: 0, to: 10 }, { from: 0.001, to: 10 })).toBe(true);
  expect(sameSpan({ from: 0, to: 10 }, { from: 0.1, to: 10 })).toBe(false);
});
