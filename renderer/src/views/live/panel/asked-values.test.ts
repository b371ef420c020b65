import { expect, it } from 'vitest';
import type { Result } from '#contract/errors';
import { LiveSession } from '../../../session/live-session.svelte.ts';
import { frame, hello, info, note, state } from '../../../test-support/frames.ts';
import { AskedValues } from './asked-values.svelte.ts';

const error = { code: 'system_refused' as const, message: 'm', remedy: 'r', where: 'rate_per_s' };

function asking(answer: Result<unknown>): { session: LiveSession; asked: AskedValues; done: Promise<void> } {
  const session = new LiveSession(info('starting'));
  session.take([frame(hello), state('running')], 0);
  const asked = new AskedValues(session);
  return { session, asked, done: asked.ask('rate_per_s', 1000, () => Promise.resolve(answer)) };
}

it('is shown until the session says what came of it', async () => {
  const { session, asked, done } = asking({ ok: true, value: undefined });
  await done;
  expect(asked.of('rate_per_s')).toBe(1000);
  session.take([frame(note('rate_changed', 10, { rate_per_s: 1024 }))], 0);
  expect(asked.of('rate_per_s')).toBeUndefined();
});

it('is not shown once it is refused, by the engine or later by the helper', async () => {
  const refused = asking({ ok: false, error });
  expect(refused.asked.of('rate_per_s')).toBe(1000);
  await refused.done;
  expect(refused.asked.of('rate_per_s')).toBeUndefined();

  const { session, asked, done } = asking({ ok: true, value: undefined });
  await done;
  session.take([frame({ t: 'error', elapsed_ns: 1, fatal: false, ...error })], 0);
  expect(asked.of('rate_per_s')).toBeUndefined();
});

it('of a later question is not taken back by the answer to an earlier one', async () => {
  const { asked, done } = asking({ ok: false, error });
  void asked.ask('rate_per_s', 2000, () => Promise.resolve({ ok: true, value: undefined }));
  await done;
  expect(asked.of('rate_per_s')).toBe(2000);
});
