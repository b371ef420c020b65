import { describe, expect, it } from 'vitest';
import { tick } from '../test-support/frames.ts';
import { TickWindow } from './tick-window.ts';

describe('figures of the last second', () => {
  it('count the rate over the window, not over the whole session', () => {
    const window = new TickWindow();
    for (let ms = 50; ms <= 2000; ms += 50) window.push(tick(ms, ms));
    for (let ms = 2050; ms <= 4000; ms += 50) window.push(tick(ms, 2000 + (ms - 2000) * 10));
    const figures = window.figures();
    expect(figures?.messages_per_s).toBeCloseTo(10_000);
    expect(figures?.bytes_per_s).toBeCloseTo(640_000);
    expect(figures?.messages).toBe(22_000);
  });

  it('take percentiles over all ticks of the window', () => {
    const window = new TickWindow();
    window.push(tick(50, 1, { latency: { kind: 'one_way', buckets: [100, 99] } }));
    window.push(tick(100, 2, { latency: { kind: 'one_way', buckets: [100, 98] } }));
    window.push(tick(150, 3, { latency: { kind: 'one_way', buckets: [900, 2] } }));
    expect(window.figures()?.p50_ns).toBe(100);
    expect(window.figures()?.max_ns).toBe(900);
  });

  it('leave out what was delivered during the warm-up, by the best number there is', () => {
    const window = new TickWindow();
    window.push(tick(50, 500, { phase: 'warmup' }));
    window.push(tick(100, 800));
    expect(window.figures()?.messages).toBe(300);
    window.measuringSince(600);
    expect(window.figures()?.messages).toBe(200);
  });

  it('tell how each process spent its time', () => {
    const window = new TickWindow();
    window.push(tick(1000, 10));
    window.push(tick(2000, 20));
    const [producer] = window.figures()?.processes ?? [];
    expect(producer?.running).toBeCloseTo(0.2);
    expect(producer?.blocked).toBeCloseTo(0.7);
    expect(producer?.waiting).toBeCloseTo(0.1);
  });

  it('name the place in the kernel where a process mostly slept', () => {
    const window = new TickWindow();
    const asleep = (ms: number, waiting_in?: string): void => {
      const made = tick(ms, ms);
      const processes = made.processes.map((p) =>
        p.role === 'producer' && waiting_in !== undefined
          ? { ...p, waiting_in, waiting_call: waiting_in === 'futex_do_wait' ? 'futex' : 'write' }
          : p,
      );
      window.push({ ...made, processes });
    };
    asleep(50, 'anon_pipe_write');
    asleep(100, 'futex_do_wait');
    asleep(150, 'anon_pipe_write');
    asleep(200);
    expect(window.figures()?.processes.map((p) => p.sleeps_in)).toEqual(['anon_pipe_write', undefined]);
    expect(window.figures()?.processes.map((p) => p.sleeps_in_call)).toEqual(['write', undefined]);
  });

  it('know nothing before the first tick, and count the first from the start', () => {
    const window = new TickWindow();
    expect(window.figures()).toBeUndefined();
    window.push(tick(500, 50));
    expect(window.figures()?.messages_per_s).toBeCloseTo(100);
  });
});
