/** Marks outlive an app that is killed in the middle of a session. */
import { expect, it } from 'vitest';
import type { Result } from '#contract/errors';
import type { SessionInfo } from '#contract/session';
import { WebPage } from '../support/web-page.ts';
import { shell } from './support.ts';

it('are there after kill -9, all that were answered', async () => {
  const { begin, run } = await shell();
  const app = begin('serve');
  const address = await app.until(() => /http:\/\/\S+/.exec(app.out + app.err)?.[0], 30_000);
  const page = await WebPage.open(address);
  const options = { duration_ms: 0, warmup_ms: 0, rate_per_s: 1000 };
  const started = (await page.call('session.start', { mechanism: 'pipe', options })) as Result<SessionInfo>;
  if (!started.ok) throw new Error(started.error.message);
  const { id } = started.value;
  const marks = Array.from({ length: 20 }, (_, i) => ({
    id: `mark${String(i).padStart(4, '0')}`,
    elapsed_ns: i * 1e6,
    text: `note ${i}`,
  }));
  for (const mark of marks) expect(await page.call('runs.mark', { id, mark })).toMatchObject({ ok: true });
  app.child.kill('SIGKILL');
  expect((await app.ended).signal).toBe('SIGKILL');

  const { out, code } = await run('runs', 'export', id, '--format', 'json');
  expect(code).toBe(0);
  expect((JSON.parse(out) as { marks: unknown }).marks).toEqual(marks);
});
