import { describe, expect, it } from 'vitest';
import type { Handlers } from '#contract/channels';
import { AppException } from '#contract/errors';
import { DEFAULT_SETTINGS } from '#contract/settings';
import { dispatch } from './dispatch.ts';

const asked: unknown[] = [];
const handlers = {
  'settings.get': () => DEFAULT_SETTINGS,
  'settings.set': (change: unknown) => {
    asked.push(change);
    return DEFAULT_SETTINGS;
  },
  'session.start': () => {
    throw new AppException({ code: 'session_busy', message: 'busy', remedy: 'wait' });
  },
  'runs.open': async () => Promise.reject(new Error('boom')),
} as unknown as Handlers;

const call = (name: unknown, argument?: unknown) => dispatch(handlers, name, argument);

describe('dispatch', () => {
  it('answers with the handler’s value', async () => {
    expect(await call('settings.get')).toEqual({ ok: true, value: DEFAULT_SETTINGS });
  });

  it.each([['no.such'], ['constructor'], ['__proto__'], ['toString'], [undefined], [42], [{}], [null]])(
    'refuses the name %s',
    async (name) => {
      expect(await call(name)).toMatchObject({ ok: false, error: { code: 'bad_request', where: 'channel' } });
    },
  );

  it('names channel and path of a bad argument', async () => {
    expect(
      await call('session.command', {
        id: '20261121-041500-pipe-7f3a',
        command: { command: 'set', option: 'rate', value: -1 },
      }),
    ).toMatchObject({
      ok: false,
      error: { code: 'bad_request', where: 'session.command: command.value', value: '-1' },
    });
    expect(await call('runs.open', { id: '../../etc/passwd' })).toMatchObject({
      ok: false,
      error: { code: 'bad_request', where: 'runs.open: id' },
    });
    expect(await call('settings.get', 'something')).toMatchObject({
      ok: false,
      error: { code: 'bad_request' },
    });
  });

  it('passes an AppException through and turns anything else into internal', async () => {
    expect(await call('session.start', { mechanism: 'pipe', options: {} })).toMatchObject({
      ok: false,
      error: { code: 'session_busy' },
    });
    expect(await call('runs.open', { id: '20261121-041500-pipe-7f3a' })).toMatchObject({
      ok: false,
      error: { code: 'internal', message: 'boom' },
    });
  });

  it('survives arguments made to hurt', async () => {
    const trap = new Proxy(
      {},
      {
        get: () => {
          throw new Error('trap');
        },
      },
    );
    expect(await call('session.start', trap)).toMatchObject({ ok: false });
    const polluted = JSON.parse('{"mechanism":"pipe","options":{"__proto__":{"polluted":1}}}');
    await call('session.start', polluted);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const long = 'x'.repeat(1_000_000);
    const answer = await call('session.start', { mechanism: long, options: {} });
    expect(JSON.stringify(answer).length).toBeLessThan(1000);
  });

  it('refuses a setting that there is not, instead of setting its default', async () => {
    const before = asked.length;
    for (const change of [
      { locale: 'fr' },
      { theme: 'sepia', locale: 'ko' },
      { last_spec: { mechanism: 7 } },
    ]) {
      expect(await call('settings.set', change)).toMatchObject({ ok: false, error: { code: 'bad_request' } });
    }
    expect(asked).toHaveLength(before);
  });

  it('hands on only what a partial change says', async () => {
    await call('settings.set', { theme: 'dark' });
    expect(asked.at(-1)).toEqual({ theme: 'dark' });
  });
});
