import { describe, expect, it } from 'vitest';
import { options } from '../test-support/describe.ts';
import { call, frame, hello, info, note, snapshot, state, summary, tick } from '../test-support/frames.ts';
import { ringOf } from '../test-support/ring.ts';
import { LiveSession } from './live-session.svelte.ts';

function running(): LiveSession {
  const session = new LiveSession(info('starting'));
  session.take([frame(hello), state('running')], 0);
  return session;
}

describe('a session fed from the stream', () => {
  it('keeps samples in a ring and the text of its figures five times a second', () => {
    const session = running();
    session.take([frame(tick(50, 100))], 1000);
    session.take([frame(tick(100, 200))], 1050);
    expect(session.ring?.length).toBe(2);
    expect(session.figures?.messages).toBe(100);
    session.take([frame(tick(150, 300))], 1300);
    expect(session.figures?.messages).toBe(300);
  });

  it('tells who draws it that there is more, and only then', () => {
    const session = running();
    const { version } = session;
    session.take([frame(note('paused', 60))], 10);
    expect(session.version).toBe(version);
    session.take([frame(tick(50, 1)), frame(tick(100, 2))], 20);
    expect(session.version).toBe(version + 1);
  });

  it('knows with which value it runs: the newest that the helper reported, else the one it started with', () => {
    const session = running();
    const of = (name: string) => {
      const option = options.find((candidate) => candidate.name === name);
      return option && session.valueOf(option);
    };
    expect([of('rate_per_s'), of('size_bytes'), of('spare_slots')]).toEqual([0, 64, 2]);
    session.take([frame(note('rate_changed', 60, { rate_per_s: 1000 }))], 10);
    session.take([frame(note('rate_changed', 70, { rate_per_s: 4096 }))], 20);
    session.take([frame(note('process_ended', 80, { rate_per_s: 7 }))], 30);
    expect(of('rate_per_s')).toBe(4096);
  });

  it('ends with its summary', () => {
    const session = running();
    session.take([frame(tick(50, 100)), frame(summary()), state('finished')], 10);
    expect(session.over).toBe(true);
    expect(session.summary?.messages).toBe(123_456);
    expect(session.elapsed_ns).toBe(5.2e9);
  });

  it('keeps the errors of the helper and of the engine', () => {
    const session = running();
    const error = { code: 'system_refused' as const, message: 'm', remedy: 'r', errno: 'EMFILE' };
    session.take([frame({ t: 'error', elapsed_ns: 1, fatal: true, ...error }), state('failed')], 0);
    session.take(
      [
        {
          event: 'error',
          session: session.id,
          error: { code: 'disk_full', message: 'm', remedy: 'r' },
          fatal: false,
        },
      ],
      0,
    );
    expect(session.errors.map(({ code }) => code)).toEqual(['system_refused', 'disk_full']);
    expect(session.errors[0]).toEqual(error);
  });
});

describe('a session restored after a reload', () => {
  function restored(): LiveSession {
    const ring = ringOf(tick(50, 100), tick(100, 200));
    return LiveSession.fromSnapshot(
      snapshot({
        info: info('running'),
        summary: null,
        series: ring.toTable(),
        notes: [note('measuring', 60, { warmup_messages: 50 })],
        calls: [call(10), call(20)],
      }),
    );
  }

  it('goes on where the snapshot ends, and shows nothing twice', () => {
    const session = restored();
    session.take(
      [
        frame(tick(100, 200)),
        frame(call(20)),
        frame(call(30)),
        frame(note('measuring', 60, { warmup_messages: 50 })),
        frame(tick(150, 300)),
        frame(tick(200, 400)),
      ],
      1000,
    );
    expect(session.ring?.length).toBe(3);
    expect(session.calls.length).toBe(3);
    expect(session.notes).toHaveLength(1);
    expect(session.ring?.at(session.ring.indexOf('messages_per_s'), 2)).toBeCloseTo(2000);
  });

  it('does not count messages of the warm-up', () => {
    const session = restored();
    session.take([frame(tick(150, 300))], 1000);
    expect(session.figures?.messages).toBe(250);
  });

  it('shows a recorded run whole', () => {
    const session = LiveSession.fromSnapshot(snapshot());
    expect(session.over).toBe(true);
    expect(session.elapsed_ns).toBe(5.2e9);
  });
});
