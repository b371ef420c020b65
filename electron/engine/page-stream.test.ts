import { describe, expect, it } from 'vitest';
import { totalCount } from '#contract/histogram';
import type { SessionEvent } from '#contract/session';
import { BATCH_INTERVAL_MS, STREAM_CREDIT, type FromShell } from '#contract/stream';
import type { SweepProgress } from '#contract/sweep';
import { PageStream, type StreamClock } from './page-stream.ts';
import { call, note, tick } from '#contract/test-frames';

class TestClock implements StreamClock {
  time = 0;
  timers: { at: number; run: () => void }[] = [];
  now(): number {
    return this.time;
  }
  setTimeout(run: () => void, ms: number): unknown {
    const timer = { at: this.time + ms, run };
    this.timers.push(timer);
    return timer;
  }
  clearTimeout(timer: unknown): void {
    this.timers = this.timers.filter((other) => other !== timer);
  }
  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.clearTimeout(next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }
}

type Batch = FromShell & { kind: 'batch' };
type Frame = (SessionEvent & { event: 'frame' })['frame'];

function open() {
  const clock = new TestClock();
  const sent: FromShell[] = [];
  const stream = new PageStream((message) => sent.push(message), clock);
  return {
    clock,
    stream,
    batches: () => sent.filter((message): message is Batch => message.kind === 'batch'),
    frames: () =>
      sent.flatMap((message) =>
        message.kind === 'batch'
          ? message.events.flatMap((event) => (event.event === 'frame' ? [event.frame] : []))
          : [],
      ),
    sent,
    frame: (frame: Frame) => stream.push({ event: 'frame', session: 's', frame }),
  };
}

describe('the stream to a page', () => {
  it('sends what comes together in one batch, in order, at most 30 batches a second', () => {
    const { clock, stream, batches, frame } = open();
    for (let n = 1; n <= 1000; n++) {
      frame(tick(n));
      clock.pass(1);
      for (const { seq } of batches()) stream.acknowledge(seq);
    }
    expect(batches().length).toBeLessThanOrEqual(Math.ceil(1000 / BATCH_INTERVAL_MS) + 1);
    expect(batches().length).toBeGreaterThan(25);
    const ticks = batches().flatMap(({ events }) => events);
    expect(batches().at(-1)?.dropped).toBe(0);
    expect(ticks.map((event) => (event.event === 'frame' ? event.frame.elapsed_ns : 0))).toEqual(
      Array.from({ length: ticks.length }, (_, i) => tick(i + 1).elapsed_ns),
    );
  });

  it('sends no more than the credit ahead, merges ticks meanwhile, and says how many', () => {
    const { clock, stream, batches, frames, frame } = open();
    for (let n = 1; n <= 200; n++) {
      frame(tick(n));
      clock.pass(50);
    }
    expect(batches()).toHaveLength(STREAM_CREDIT);
    stream.acknowledge(STREAM_CREDIT);
    clock.pass(100);
    const last = batches().at(-1);
    expect(batches()).toHaveLength(STREAM_CREDIT + 1);
    expect(last?.events).toHaveLength(1);
    expect(last?.dropped).toBe(200 - STREAM_CREDIT - 1);
    const latencies = frames().reduce(
      (sum, f) => sum + (f.t === 'tick' ? totalCount(f.latency.buckets) : 0),
      0,
    );
    expect(latencies).toBe(200 * 50);
    const intervals = frames().reduce((sum, f) => sum + (f.t === 'tick' ? f.interval_ns : 0), 0);
    expect(intervals).toBe(200 * 50_000_000);
  });

  it('never drops a note, and never merges ticks across one', () => {
    const { clock, stream, frames, frame } = open();
    for (let n = 1; n <= STREAM_CREDIT; n++) {
      frame(tick(n));
      clock.pass(50);
    }
    frame(tick(10));
    frame(tick(11));
    frame(note('paused'));
    frame(tick(12));
    frame(tick(13));
    stream.acknowledge(STREAM_CREDIT);
    clock.pass(100);
    expect(frames().slice(STREAM_CREDIT)).toMatchObject([
      { t: 'tick', elapsed_ns: tick(11).elapsed_ns },
      { t: 'note', code: 'paused' },
      { t: 'tick', elapsed_ns: tick(13).elapsed_ns },
    ]);
  });

  it('keeps memory bounded for a page that never answers: ticks merge, the call log keeps its newest', () => {
    const { clock, stream, frames, frame } = open();
    for (let n = 1; n <= 5000; n++) {
      frame(tick(n));
      frame(call(n));
      clock.pass(10);
    }
    for (let seq = 1; seq < 1000; seq++) {
      stream.acknowledge(seq);
      clock.pass(BATCH_INTERVAL_MS);
    }
    const calls = frames().filter(({ t }) => t === 'call');
    expect(frames().length).toBeLessThan(700);
    expect(calls.at(-1)?.elapsed_ns).toBe(5000);
  });

  it('splits what is too much for one message', () => {
    const { clock, batches, frame } = open();
    const buckets = Array.from({ length: 6000 }, (_, i) => i);
    for (let n = 1; n <= 4; n++) frame(tick(n, { latency: { kind: 'one_way', buckets } }));
    clock.pass(200);
    expect(batches().map(({ events }) => events.length)).toEqual([1, 1, 1, 1]);
  });

  it('ignores acknowledgements of what was never sent', () => {
    const { clock, stream, batches, frame } = open();
    stream.acknowledge(1e9);
    for (let n = 1; n <= 50; n++) {
      frame(tick(n));
      clock.pass(50);
    }
    stream.acknowledge(1e9);
    clock.pass(100);
    expect(batches()).toHaveLength(STREAM_CREDIT);
  });

  it('hands menu actions over at once, even without credit, and nothing after close', () => {
    const { clock, stream, sent, frame } = open();
    for (let n = 1; n <= 10; n++) {
      frame(tick(n));
      clock.pass(50);
    }
    stream.action('stop');
    expect(sent.at(-1)).toEqual({ kind: 'action', action: 'stop' });
    stream.close();
    const before = sent.length;
    stream.action('start');
    frame(tick(11));
    stream.acknowledge(STREAM_CREDIT);
    clock.pass(1000);
    expect(sent).toHaveLength(before);
    expect(clock.timers).toHaveLength(0);
  });
});

describe('where a sweep stands', () => {
  const progress = (done: number): SweepProgress => ({
    id: '20261121-041500-sweep-7f3a',
    state: 'running',
    done,
    failed: 0,
    steps: 9,
    repetitions: 3,
    current: null,
    left_ms: 0,
    error: null,
  });

  it('goes with the next batch, and a page that is behind hears only the newest', () => {
    const { stream, clock, batches } = open();
    for (let done = 0; done < 20; done++) {
      stream.sweep(progress(done));
      clock.pass(BATCH_INTERVAL_MS);
    }
    // Nothing is acknowledged: the page gets no more than its credit.
    expect(batches().map(({ sweep }) => sweep?.done)).toEqual(
      Array.from({ length: STREAM_CREDIT }, (_, i) => i),
    );
    stream.acknowledge(STREAM_CREDIT);
    clock.pass(BATCH_INTERVAL_MS);
    expect(batches().at(-1)).toMatchObject({ events: [], sweep: { done: 19 } });
    stream.acknowledge(STREAM_CREDIT + 1);
    clock.pass(10 * BATCH_INTERVAL_MS);
    expect(batches()).toHaveLength(STREAM_CREDIT + 1);
  });
});
