import { describe, expect, it } from 'vitest';
import type { Result } from '#contract/errors';
import { FakeHost, ok } from '../test-support/fake-host.ts';
import { info, snapshot, state } from '../test-support/frames.ts';
import { SessionDesk } from './desk.svelte.ts';

const refusal = (code: 'system_refused' | 'session_unknown' | 'connection_lost'): Result<never> => ({
  ok: false,
  error: { code, message: 'm', remedy: 'r' },
});

describe('a session that ended while the page was away', () => {
  async function left(answer: () => Result<unknown>): Promise<SessionDesk> {
    const host = new FakeHost({ 'session.snapshot': answer });
    const desk = new SessionDesk(host);
    host.send(state('starting'), state('running'));
    await desk.restore();
    return desk;
  }

  it('is asked of the engine, which keeps it without a recording too', async () => {
    const desk = await left(() => ok(snapshot()));
    expect(desk.session?.state).toBe('finished');
    expect(desk.session?.summary?.messages).toBe(123_456);
  });

  it('has failed where nobody knows it any more', async () => {
    const desk = await left(() => refusal('session_unknown'));
    expect(desk.session?.state).toBe('failed');
    expect(desk.session?.errors).toMatchObject([{ code: 'session_unknown' }]);
  });

  it('is left as it is where the connection is lost again', async () => {
    const desk = await left(() => refusal('connection_lost'));
    expect(desk.session?.state).toBe('running');
  });
});

describe('a refusal', () => {
  it('is said until the session goes on to another state', async () => {
    const host = new FakeHost({ 'session.command': () => refusal('system_refused') });
    const desk = new SessionDesk(host);
    host.send(state('starting'), state('running'));
    await desk.command({ command: 'stop' });
    expect(desk.error?.code).toBe('system_refused');
    host.send(state('running', '20261121-041500-pipe-0000'));
    expect(desk.error?.code).toBe('system_refused');
    host.send(state('stopping'));
    expect(desk.error).toBeUndefined();
  });

  it('of a start is no reason to forget it: it has no session', async () => {
    const host = new FakeHost({ 'session.start': () => refusal('system_refused') });
    const desk = new SessionDesk(host);
    expect(await desk.start(info('starting').spec)).toBe(false);
    expect(desk.error?.code).toBe('system_refused');
    expect(desk.busy).toBe(false);
  });

  it('for want of a connection is over when the connection is back', async () => {
    const host = new FakeHost({
      'session.list': () => ok([info('running')]),
      'session.snapshot': () => ok(snapshot({ info: info('running') })),
      'session.command': () => refusal('connection_lost'),
    });
    const desk = new SessionDesk(host);
    await desk.restore();
    await desk.command({ command: 'pause' });
    expect(desk.error?.code).toBe('connection_lost');
    await desk.restore();
    expect(desk.error).toBeUndefined();
  });
});
