/** A dialogue through the calls that a page has: said, heard, recorded, and told again from the recording. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Role } from '../../electron/contract/frames.ts';
import { newFolder, open, openOn, type TestEngine } from './support.ts';

const dialogue = (options = {}) => ({ mechanism: 'pipe', pattern: 'dialogue', options });

async function say(engine: TestEngine, id: string, role: Role, text: string): Promise<void> {
  const heard = engine.frames('utterance').length;
  await engine.get('session.command', { id, command: { command: 'say', role, text } });
  await engine.until(() => engine.frames('utterance').length > heard);
}

describe('a dialogue', () => {
  it('is heard live, and its recording tells the same, also to an engine that started later', async () => {
    const folder = await newFolder();
    const engine = await openOn(folder);
    const { id } = await engine.get('session.start', dialogue({ messages: 3 }));
    await say(engine, id, 'producer', '안녕하세요');
    await say(engine, id, 'consumer', '  who is "there"?');
    await say(engine, id, 'producer', 'me');
    const summary = await engine.over();
    expect(engine.errors()).toEqual([]);
    expect(summary).toMatchObject({ ended_by: 'count', messages: 3, integrity: { lost: 0 } });
    const said = engine.frames('utterance');
    expect(said.map(({ from, text }) => [from.role, text])).toEqual([
      ['producer', '안녕하세요'],
      ['consumer', '  who is "there"?'],
      ['producer', 'me'],
    ]);
    const recorded = await engine.get('runs.open', { id });
    expect(recorded.utterances).toEqual(said);
    const exported = await engine.get('runs.export', { id, format: 'json' });
    expect(JSON.parse(exported.text)).toMatchObject({ utterances: said });
    const lines = await readFile(join(folder, 'runs', id, 'frames.ndjson'), 'utf8');
    expect(lines.split('\n').filter((line) => line.includes('"t":"utterance"'))).toHaveLength(3);
    await engine.engine.close();
    const later = await openOn(folder);
    expect((await later.get('runs.open', { id })).utterances).toEqual(said);
  });

  it('a line that cannot be said is refused before it reaches the helper', async () => {
    const engine = await open();
    const { id } = await engine.get('session.start', dialogue());
    const refused = (text: string) =>
      engine.refusal('session.command', { id, command: { command: 'say', role: 'producer', text } });
    const allowed = '1..1000 bytes of UTF-8 without control characters';
    for (const text of ['', 'a\nstop', '\u001b[2J', '가'.repeat(334), '\ud800']) {
      expect(await refused(text)).toMatchObject({ code: 'bad_command', where: 'say', allowed });
    }
    expect(await refused('x'.repeat(10_001))).toMatchObject({ code: 'bad_request' });
    await engine.get('session.command', { id, command: { command: 'pause' } });
    await engine.until(() => engine.states().at(-1) === 'paused');
    expect(await refused('hello')).toMatchObject({ code: 'wrong_state', where: 'say', value: 'paused' });
    await engine.get('session.command', { id, command: { command: 'stop' } });
    expect(await engine.over()).toMatchObject({ messages: 0, ended_by: 'stop' });
    expect(engine.frames('error')).toEqual([]);
  });

  it('nobody speaks in a stream', async () => {
    const engine = await open();
    const { id } = await engine.start('pipe', { duration_ms: 0, warmup_ms: 0 });
    const command = { command: 'say', role: 'producer', text: 'hello' } as const;
    expect(await engine.refusal('session.command', { id, command })).toMatchObject({
      code: 'bad_command',
      where: 'say',
    });
    await engine.get('session.command', { id, command: { command: 'stop' } });
    await engine.over();
  });
});
