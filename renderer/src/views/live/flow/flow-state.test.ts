import { describe, expect, it } from 'vitest';
import { hello, summary, tick } from '../../../test-support/frames.ts';
import { ringOf } from '../../../test-support/ring.ts';
import { consumersIdle, dashesPerSecond, flowState, producersStuck, type FlowState } from './flow-state.ts';

const ring = ringOf(tick(50, 100), tick(100, 400));

describe('the flow', () => {
  it('shows the newest fill while the session runs', () => {
    const state = flowState({ hello, figures: undefined, summary: null, ring }, -1);
    expect(state.fill.share).toBe(0.5);
    expect(state.messages_per_s).toBeCloseTo(6000);
    expect(state.processes.map(({ pid }) => pid)).toEqual([4001, 4002]);
    expect(state.processes[0]?.blocked).toBeCloseTo(0.7);
  });

  it('shows the moment under the cursor, even of a finished run', () => {
    const state = flowState({ hello, figures: undefined, summary: summary(), ring }, 0);
    expect(state.messages_per_s).toBeCloseTo(2000);
    expect(state.processes[0]?.exit).toBeUndefined();
  });

  it('shows how a finished run spent its time, and claims no fill', () => {
    const state = flowState({ hello, figures: undefined, summary: summary(), ring }, -1);
    expect(state.processes[0]?.blocked).toBeCloseTo(0.2);
    expect(state.processes[0]?.exit).toBe('exit 0');
    expect(state.fill.share).toBeNaN();
  });
});

describe('the dashes', () => {
  it('move faster with every decade, and stand still where nothing flows', () => {
    expect(dashesPerSecond(0)).toBe(0);
    expect(dashesPerSecond(NaN)).toBe(0);
    expect(dashesPerSecond(999)).toBeCloseTo(2.25);
    expect(dashesPerSecond(999_999)).toBeCloseTo(4.5);
  });
});

describe('who blocks whom', () => {
  const at = (share: number, blocked: number): FlowState => ({
    processes: (['producer', 'consumer'] as const).map((role) => ({
      role,
      index: 0,
      pid: 1,
      running: 0,
      blocked,
      waiting: 0,
      exit: undefined,
    })),
    fill: { share, bytes: NaN, messages: NaN },
    messages_per_s: 1,
  });

  it('is told by sleep and fill together: a producer that sleeps beside an empty buffer is not stuck', () => {
    expect(producersStuck(at(0.98, 0.9))).toBe(true);
    expect(producersStuck(at(0.02, 0.9))).toBe(false);
    expect(producersStuck(at(NaN, 0.9))).toBe(false);
    expect(producersStuck(at(0.98, 0.9), false)).toBe(false);
    expect(consumersIdle(at(0.02, 0.9))).toBe(true);
    expect(consumersIdle(at(0.98, 0.9))).toBe(false);
    const few = { ...at(0.001, 0.9), fill: { share: 0.001, bytes: NaN, messages: 900 } };
    expect(consumersIdle(few)).toBe(false);
  });

  const inCall = (call: string): FlowState => {
    const state = at(0.4, 0.9);
    return { ...state, processes: state.processes.map((one) => ({ ...one, sleeps_in_call: call })) };
  };

  it('is told by the call as well: who sleeps in sending is stuck, whatever the fill at that moment', () => {
    expect(producersStuck(inCall('sendto'))).toBe(true);
    expect(producersStuck(inCall('futex'))).toBe(false);
    expect(consumersIdle(inCall('read'))).toBe(true);
    expect(consumersIdle(inCall('clock_nanosleep'))).toBe(false);
  });
});
