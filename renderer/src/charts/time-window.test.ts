import { expect, it } from 'vitest';
import { visibleSpan } from './time-window.ts';

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
