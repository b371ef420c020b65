import { describe, expect, it } from 'vitest';
import { rowWindow } from './row-window.ts';

describe('rowWindow', () => {
  it('has what is in sight and a margin', () => {
    expect(rowWindow(0, 400, 40, 10_000)).toEqual({ from: 0, to: 22 });
    expect(rowWindow(40_000, 400, 40, 10_000)).toEqual({ from: 988, to: 1022 });
  });

  it('ends with the list', () => {
    expect(rowWindow(399_600, 400, 40, 10_000)).toEqual({ from: 9978, to: 10_000 });
    expect(rowWindow(0, 400, 40, 3)).toEqual({ from: 0, to: 3 });
  });

  it('has a row however odd the place: scrolled too far, not laid out yet, above the list', () => {
    expect(rowWindow(1e9, 400, 40, 100)).toEqual({ from: 99, to: 100 });
    expect(rowWindow(-500, 0, 40, 100)).toEqual({ from: 0, to: 12 });
    expect(rowWindow(0, 400, 0, 100)).toEqual({ from: 0, to: 0 });
    expect(rowWindow(0, 400, 40, 0)).toEqual({ from: 0, to: 0 });
  });
});
