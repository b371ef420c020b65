import { describe, expect, it } from 'vitest';
import { wheelChange } from './plot-gestures.ts';

const still = { deltaX: 0, deltaY: 0, deltaMode: 0, shiftKey: false };

describe('the wheel', () => {
  it('looks closer away from the person and wider towards them, by the same', () => {
    const closer = wheelChange({ ...still, deltaY: -100 });
    const wider = wheelChange({ ...still, deltaY: 100 });
    if (closer === undefined || !('factor' in closer)) throw new Error('no zoom');
    if (wider === undefined || !('factor' in wider)) throw new Error('no zoom');
    expect(closer.factor).toBeLessThan(1);
    expect(closer.factor * wider.factor).toBeCloseTo(1, 12);
  });

  it('moves when turned sideways or with Shift', () => {
    expect(wheelChange({ ...still, deltaX: 30, deltaY: 4 })).toEqual({ move_px: 30 });
    expect(wheelChange({ ...still, deltaY: 30, shiftKey: true })).toEqual({ move_px: 30 });
    expect(wheelChange({ ...still, deltaX: -30, shiftKey: true })).toEqual({ move_px: -30 });
  });

  it('counts lines and pages as what they are', () => {
    expect(wheelChange({ ...still, deltaX: 3, deltaMode: 1 })).toEqual({ move_px: 48 });
    expect(wheelChange({ ...still, deltaY: -1e9 })).toEqual({ factor: 2 ** (-300 / 220) });
    expect(wheelChange(still)).toBeUndefined();
  });
});
