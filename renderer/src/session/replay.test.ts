import { describe, expect, it } from 'vitest';
import type { FramesRange } from '#contract/replay';
import type { SessionFrame } from '#contract/frames';
import { FakeHost, ok } from '../test-support/fake-host.ts';
import { note, snapshot, summary, tick } from '../test-support/frames.ts';
import { ringOf } from '../test-support/ring.ts';
import { Replay, type ReplayClock } from './replay.svelte.ts';

/** Ten seconds of a session, a tick every 50 ms, 10 messages each; paused between 4 s and 6 s. */
const TICKS = Array.from({ length: 200 }, (_, i) => tick((i + 1) * 50, (i + 1) * 10));
const FRAMES: SessionFrame[] = [...TICKS, note('paused', 4000), note('resumed', 6000)].sort(
  (a, b) => a.elapsed_ns - b.elapsed_ns,
);
const RUN = snapshot({
  summary: { ...summary(), elapsed_ns: 10e9 },
  series: ringOf(...TICKS).toTable(),
  notes: [note('paused', 4000), note('resumed', 6000)],
});

class TestClock implements ReplayClock {
  #draw: ((now_ms: number) => void) | undefined;
  now_ms = 0;
  request(draw: (now_ms: number) => void): number {
    this.#draw = draw;
    return 1;
  }
  cancel(): void {
    this.#draw = undefined;
  }
  get asked(): boolean {
    return this.#draw !== undefined;
  }
  /** Draws so often, every 40 ms, letting answers come in between. */
  async run(ms: number): Promise<void> {
    for (const until = this.now_ms + ms; this.now_ms < until;) {
      this.now_ms += 40;
      const draw = this.#draw;
      this.#draw = undefined;
      draw?.(this.now_ms);
      for (let i = 0; i < 5; i++) await Promise.resolve();
    }
  }
}

function open(answer?: () => Promise<void>) {
  const asked: FramesRange[] = [];
  const host = new FakeHost({
    'runs.frames': (range) => {
      asked.push(range);
      const frames = FRAMES.filter(
        ({ elapsed_ns }) => elapsed_ns > range.from_ns && elapsed_ns <= range.to_ns,
      );
      return ok({ frames, until_ns: range.to_ns, full: false, end: range.to_ns >= 10e9 });
    },
  });
  const call = host.call;
  if (answer) {
    Object.assign(host, {
      call: (async (...given: Parameters<typeof call>) => {
        await answer();
        return call(...given);
      }) as typeof call,
    });
  }
  const clock = new TestClock();
  return { replay: new Replay(host, RUN, clock), clock, asked, host };
}

const newest_s = (replay: Replay): number => {
  const { ring } = replay.session;
  return ring?.at(0, ring.length - 1) ?? NaN;
};

describe('a replay', () => {
  it('shows the whole run with its summary before it is played', () => {
    const { replay, clock } = open();
    expect(replay.atEnd).toBe(true);
    expect(replay.time_s).toBe(10);
    expect(replay.session.summary).not.toBeNull();
    expect(clock.asked).toBe(false);
  });

  it('goes through the run as it went, and ends with its summary', async () => {
    const { replay, clock } = open();
    await replay.play();
    expect(replay.session.summary).toBeNull();
    expect(replay.session.over).toBe(false);
    await clock.run(2000);
    expect(replay.time_s).toBeGreaterThan(1.7);
    expect(replay.time_s).toBeLessThanOrEqual(2);
    expect(newest_s(replay)).toBeGreaterThan(replay.time_s - 0.06);
    expect(newest_s(replay)).toBeLessThanOrEqual(replay.time_s);
    expect(replay.session.figures?.messages_per_s).toBeCloseTo(200, 0);
    await clock.run(3000);
    expect(replay.session.state).toBe('paused');
    await clock.run(2000);
    expect(replay.session.state).toBe('running');
    await clock.run(5000);
    expect(replay.playing).toBe(false);
    expect(replay.atEnd).toBe(true);
    expect(replay.session.summary?.messages).toBe(123_456);
  });

  it.each([0.5, 2, 5, 10])('at %f times its speed takes so much less or more time', async (speed) => {
    const { replay, clock, asked } = open();
    replay.setSpeed(speed);
    await replay.play();
    await clock.run(800);
    expect(replay.time_s).toBeGreaterThan(speed * 0.6);
    expect(replay.time_s).toBeLessThanOrEqual(speed * 0.8 + 1e-9);
    // No more ticks are asked for than can be shown.
    expect(asked.at(-1)?.every_ns).toBe(speed > 1 ? speed * 33e6 : 0);
  });

  it('holds a few seconds of frames at most, however long the run is', async () => {
    const { replay, clock, asked } = open();
    await replay.play();
    await clock.run(3000);
    for (const { from_ns, to_ns } of asked) expect(to_ns - from_ns).toBeLessThanOrEqual(3e9);
    expect(Math.max(...asked.map(({ to_ns }) => to_ns))).toBeLessThanOrEqual((replay.time_s + 5) * 1e9);
  });

  it('shows the moment that is sought, with the figures of its last second', async () => {
    const { replay } = open();
    await replay.seek(3.5);
    expect(replay.session.summary).toBeNull();
    expect(newest_s(replay)).toBeCloseTo(3.5);
    expect(replay.session.ring?.at(0, 0)).toBeCloseTo(0.05);
    expect(replay.session.figures?.messages_per_s).toBeCloseTo(200, 0);
    expect(replay.session.notes).toEqual([]);
    await replay.seek(5);
    expect(replay.session.state).toBe('paused');
    expect(replay.session.notes.map(({ code }) => code)).toEqual(['paused']);
    await replay.seek(1);
    expect(newest_s(replay)).toBeCloseTo(1);
    expect(replay.session.notes).toEqual([]);
    await replay.seek(99);
    expect(replay.atEnd).toBe(true);
    await replay.seek(-5);
    expect(replay.time_s).toBe(0);
  });

  it('goes on from the moment that was sought', async () => {
    const { replay, clock } = open();
    await replay.play();
    await clock.run(400);
    await replay.seek(7);
    await clock.run(400);
    expect(replay.playing).toBe(true);
    expect(replay.time_s).toBeGreaterThan(7.2);
    const { ring } = replay.session;
    const times = Array.from({ length: ring?.length ?? 0 }, (_, row) => ring?.at(0, row) ?? NaN);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBe(times.length);
  });

  it('fetches only the last of many moments that are sought at once', async () => {
    let answers: (() => void)[] = [];
    const { replay, asked } = open(() => new Promise((resolve) => answers.push(resolve)));
    void replay.seek(1);
    for (let s = 2; s <= 8; s++) void replay.seek(s);
    while (answers.length > 0) {
      const now = answers;
      answers = [];
      for (const answer of now) answer();
      await new Promise((resolve) => setTimeout(resolve));
    }
    expect(asked).toHaveLength(2);
    expect(newest_s(replay)).toBeCloseTo(8);
  });

  it('is paused and goes on, and its speed may change on the way', async () => {
    const { replay, clock } = open();
    await replay.toggle();
    await clock.run(1000);
    await replay.toggle();
    const { time_s } = replay;
    await clock.run(1000);
    expect(replay.time_s).toBe(time_s);
    await replay.toggle();
    replay.setSpeed(10);
    await clock.run(400);
    expect(replay.time_s).toBeGreaterThan(time_s + 2);
    replay.setSpeed(3);
    expect(replay.speed).toBe(10);
  });

  it('does not leap ahead after the page was held up', async () => {
    const { replay, clock } = open();
    await replay.play();
    await clock.run(200);
    const { time_s } = replay;
    clock.now_ms += 60_000;
    await clock.run(40);
    expect(replay.time_s - time_s).toBeLessThan(0.3);
  });

  it('says what is wrong and stands still where the recording cannot be read any more', async () => {
    const error = { code: 'recording_missing' as const, message: 'm', remedy: 'r' };
    const host = new FakeHost({ 'runs.frames': () => ({ ok: false, error }) });
    const clock = new TestClock();
    const replay = new Replay(host, RUN, clock);
    await replay.play();
    await clock.run(200);
    expect(replay.error?.code).toBe('recording_missing');
    expect(replay.playing).toBe(false);
  });

  it('is not possible for a run without samples', async () => {
    const host = new FakeHost();
    const replay = new Replay(host, snapshot({ hello: null, series: null, summary: null }), new TestClock());
    expect(replay.possible).toBe(false);
    await replay.play();
    await replay.seek(1);
    expect(host.asked('runs.frames')).toEqual([]);
  });

  it('asks for nothing more once the view is left', async () => {
    const { replay, clock, asked } = open();
    await replay.play();
    replay.close();
    const before = asked.length;
    await clock.run(500);
    expect(asked).toHaveLength(before);
  });
});
