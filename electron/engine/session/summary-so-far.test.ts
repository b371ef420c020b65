import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { SummarySchema } from '#contract/frames';
import { hello, note, tick } from '#contract/test-frames';
import { History } from './history.ts';

function historyOf(...frames: Parameters<History['add']>[0][]): History {
  const history = new History();
  for (const frame of frames) history.add(frame);
  return history;
}

describe('the summary of a session that was cut off', () => {
  it('counts from the end of the warm-up to the last tick', () => {
    const warmup = { phase: 'warmup' as const };
    const made = historyOf(hello(), tick(1, warmup), tick(2, warmup), tick(3), tick(4)).summarySoFar();
    expect(v.safeParse(SummarySchema, made).success).toBe(true);
    // 50 messages a tick, two ticks of 50 ms.
    expect(made).toMatchObject({
      messages: 100,
      bytes: 6400,
      duration_ns: 100_000_000,
      messages_per_s: 1000,
      ended_by: 'error',
      latency: { samples: 100, min_ns: 103, p50_ns: 103, max_ns: 104 },
    });
    expect(made?.processes.map((process) => [process.pid, process.messages, process.exit])).toEqual([
      [101, 100, 'unknown'],
      [102, 100, 'unknown'],
    ]);
  });

  it('leaves pauses out of the measured time', () => {
    const made = historyOf(
      hello(),
      tick(1),
      note('paused'),
      tick(2),
      note('resumed'),
      tick(3),
    ).summarySoFar();
    expect(made?.duration_ns).toBe(100_000_000);
  });

  it('is what a recording will answer: where a process slept at the last tick is no part of it', () => {
    const asleep = tick(2).processes.map((process) => ({ ...process, waiting_in: 'anon_pipe_read' }));
    const made = historyOf(hello(), tick(1), tick(2, { processes: asleep })).summarySoFar();
    expect(v.parse(SummarySchema, made)).toEqual(made);
  });

  it('is none where nothing was measured', () => {
    expect(historyOf(hello(), tick(1, { phase: 'warmup' })).summarySoFar()).toBeNull();
    expect(new History().summarySoFar()).toBeNull();
  });
});
