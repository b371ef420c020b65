import { describe, expect, it } from 'vitest';
import { gripAt, pulled } from './brush.ts';
import { LEAST_SPAN_S } from './time-window.ts';

const span = { from: 20, to: 40 };
const room = { from: 0, to: 100 };

it('is taken at its ends or as a whole', () => {
  expect(gripAt(20.5, span, 1)).toBe('from');
  expect(gripAt(19.5, span, 1)).toBe('from');
  expect(gripAt(39.5, span, 1)).toBe('to');
  expect(gripAt(30, span, 1)).toBe('all');
  // A stretch of two pixels can still be moved.
  expect(gripAt(20.5, { from: 20, to: 21 }, 5)).toBe('all');
});

describe('pulled', () => {
  it('as a whole it keeps its length, also at the edge', () => {
    expect(pulled(span, 'all', 10, room)).toEqual({ from: 30, to: 50 });
    expect(pulled(span, 'all', 900, room)).toEqual({ from: 80, to: 100 });
  });

  it('at an end it becomes longer or shorter, but never turns over', () => {
    expect(pulled(span, 'from', -5, room)).toEqual({ from: 15, to: 40 });
    expect(pulled(span, 'from', -500, room)).toEqual({ from: 0, to: 40 });
    expect(pulled(span, 'from', 500, room)).toEqual({ from: 40 - LEAST_SPAN_S, to: 40 });
    expect(pulled(span, 'to', -500, room)).toEqual({ from: 20, to: 20 + LEAST_SPAN_S });
  });
});
