/** Marks of real sessions, set through the calls that a page has. */
import { expect, it } from 'vitest';
import { newFolder, open, openOn } from './support.ts';

const ENDLESS = { duration_ms: 0, warmup_ms: 0, rate_per_s: 1000 };
const mark = (id: string, elapsed_ns: number, text = '') => ({ id, elapsed_ns, text });

it('are set, changed and taken away while the session runs, and are kept with its run', async () => {
  const engine = await open();
  const { id } = await engine.start('pipe', ENDLESS);
  // At once, before anything was measured: the run has hardly its folder.
  const first = mark('first000', 100e6, '느려진 때');
  expect(await engine.get('runs.mark', { id, mark: first })).toEqual(first);
  await engine.get('runs.mark', { id, mark: mark('second00', 50e6) });
  await engine.get('runs.mark', { id, mark: mark('second00', 50e6, 'changed') });
  await engine.get('runs.mark', { id, mark: mark('third000', 70e6) });
  await engine.get('runs.unmark', { id, mark: 'third000' });
  const kept = [mark('second00', 50e6, 'changed'), first];
  expect((await engine.get('session.snapshot', { id })).marks).toEqual(kept);
  expect((await engine.get('runs.open', { id })).marks).toEqual(kept);

  await engine.get('session.command', { id, command: { command: 'stop' } });
  await engine.over();
  expect((await engine.get('session.snapshot', { id })).marks).toEqual(kept);
  const recorded = await engine.get('runs.open', { id });
  expect(recorded.marks).toEqual(kept);
  expect(recorded.errors).toEqual([]);
  // Also long after the session, by another app on the same folder.
  await engine.get('runs.unmark', { id, mark: 'first000' });
  const other = await openOn(engine.folder);
  expect((await other.get('runs.open', { id })).marks).toEqual(kept.slice(0, 1));
  const { text } = await other.get('runs.export', { id, format: 'json' });
  expect((JSON.parse(text) as { marks: unknown }).marks).toEqual(kept.slice(0, 1));
});

it('are refused where there is no recording, and where they are none', async () => {
  const engine = await openOn(await newFolder(), undefined, false);
  const { id } = await engine.start('pipe', { duration_ms: 300, warmup_ms: 0 });
  expect(await engine.refusal('runs.mark', { id, mark: mark('first000', 1) })).toMatchObject({
    code: 'recording_missing',
    value: id,
  });
  await engine.over();
  for (const bad of [mark('../../..', 1), mark('first000', -1), mark('first000', 1, 'two\nlines')]) {
    expect(await engine.refusal('runs.mark', { id, mark: bad })).toMatchObject({ code: 'bad_request' });
  }
});
