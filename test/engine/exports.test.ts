/** What can be taken away of a session, while it runs and after it. */
import { describe, expect, it } from 'vitest';
import { newFolder, open, openOn } from './support.ts';

describe('exports of a session that runs', () => {
  it('hold what there is so far, in every format', async () => {
    const engine = await open();
    const { id } = await engine.start('pipe', { duration_ms: 0, warmup_ms: 0 });
    await engine.until(() => engine.frames('tick').length > 5);
    const exported = async (format: 'csv' | 'json' | 'html') =>
      (await engine.get('runs.export', { id, format })).text;
    expect((await exported('csv')).split('\r\n').length).toBeGreaterThan(4);
    const json = JSON.parse(await exported('json'));
    expect(json).toMatchObject({ id, state: 'running', hello: { mechanism: 'pipe' }, summary: null });
    expect(json.errors).toEqual([]);
    const html = await exported('html');
    expect(html).toContain('still running when this was written');
    expect(html.match(/<figure><svg /g)).toHaveLength(10);
    await engine.get('session.command', { id, command: { command: 'stop' } });
    await engine.over();
  });

  it('are made of what is in memory where nothing is recorded', async () => {
    const engine = await openOn(await newFolder(), undefined, false);
    const { id } = await engine.start('pipe', { duration_ms: 300, warmup_ms: 0 });
    await engine.over();
    const { text } = await engine.get('runs.export', { id, format: 'csv' });
    expect(text).toMatch(/^elapsed_s,messages_per_s,/);
    expect(text.split('\r\n').length).toBeGreaterThan(3);
    expect(
      await engine.refusal('runs.export', { id: `${id.slice(0, -4)}0000`, format: 'csv' }),
    ).toMatchObject({
      code: 'recording_missing',
    });
  });
});

it('a report speaks the language that is asked for, and is named after the run', async () => {
  const engine = await open();
  const { id } = await engine.start('shm', { duration_ms: 300, warmup_ms: 0 });
  await engine.over();
  await engine.get('runs.label', { id, change: { name: '첫 실행 <b>', note: 'cold & slow' } });
  const { name, mime, text } = await engine.get('runs.export', { id, format: 'html', locale: 'ko' });
  expect([name, mime]).toEqual([`첫-실행-b-${id}.html`, 'text/html']);
  expect(text).toContain('<html lang="ko">');
  expect(text).toContain('<h1>첫 실행 &lt;b&gt;</h1>');
  expect(text).toContain('cold &amp; slow');
});
