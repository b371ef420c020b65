import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { NO_LABEL, RunLabelSchema } from '#contract/runs';
import { summary } from '#contract/test-frames';
import { RunLibrary } from './library.ts';

const ID = '20261121-041500-pipe-7f3a';
let folder: string;
let library: RunLibrary;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipc-scope-labels-'));
  library = new RunLibrary(folder);
  await mkdir(join(folder, 'runs', ID), { recursive: true });
  const file = {
    format: 1,
    id: ID,
    created_ms: 1000,
    spec: { mechanism: 'pipe', options: {} },
    app: '0.1.0',
    helper: '0.1.0',
    writer_pid: 1,
    state: 'finished',
    summary: summary(),
  };
  await writeFile(join(folder, 'runs', ID, 'run.json'), JSON.stringify(file));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const listed = async () => (await library.list())[0]?.label;

describe('a label', () => {
  it('is none until somebody says something, and is then in the list', async () => {
    expect(await listed()).toEqual(NO_LABEL);
    expect(await library.label(ID, { name: 'Before the change' })).toEqual({
      ...NO_LABEL,
      name: 'Before the change',
    });
    await library.label(ID, { tags: ['lab 1', 'pipe'], pinned: true });
    expect(await listed()).toEqual({
      name: 'Before the change',
      note: '',
      tags: ['lab 1', 'pipe'],
      pinned: true,
    });
    expect(await new RunLibrary(folder).list()).toMatchObject([{ label: { pinned: true } }]);
  });

  it('keeps every change of many at once', async () => {
    await Promise.all([
      library.label(ID, { name: 'one' }),
      library.label(ID, { note: 'two' }),
      library.label(ID, { tags: ['three'] }),
      library.label(ID, { pinned: true }),
    ]);
    expect(await listed()).toEqual({ name: 'one', note: 'two', tags: ['three'], pinned: true });
  });

  it('leaves the recording as it is', async () => {
    const before = await readFile(join(folder, 'runs', ID, 'run.json'), 'utf8');
    await library.label(ID, { name: 'x' });
    expect(await readFile(join(folder, 'runs', ID, 'run.json'), 'utf8')).toBe(before);
  });

  it.each(['{', '[]', '{"name": 3}', ''])('that cannot be read (%j) counts as none', async (text) => {
    await writeFile(join(folder, 'runs', ID, 'label.json'), text);
    expect(await listed()).toEqual(NO_LABEL);
    expect((await library.label(ID, { name: 'new' })).name).toBe('new');
  });

  it('of a run that is not there is refused, and makes no folder', async () => {
    const gone = '20261121-041500-pipe-0000';
    await expect(library.label(gone, { name: 'x' })).rejects.toMatchObject({
      error: { code: 'recording_missing' },
    });
    expect(await library.list()).toHaveLength(1);
  });

  it('goes with its run to the trash and comes back with it', async () => {
    await library.label(ID, { name: 'kept' });
    await library.delete(ID);
    await library.restore(ID);
    expect(await listed()).toMatchObject({ name: 'kept' });
  });
});

describe('what may be said', () => {
  const takes = (change: object) => v.safeParse(RunLabelSchema, { ...NO_LABEL, ...change }).success;

  it('is one line for names and tags, several for a note, in any script', () => {
    expect(takes({ name: '공유 메모리 첫 실험', tags: ['과제 1'], note: '한 줄\n두 줄' })).toBe(true);
    expect(takes({ name: 'two\nlines' })).toBe(false);
    expect(takes({ name: 'turned \u202e round' })).toBe(false);
    expect(takes({ note: 'a\u0000b' })).toBe(false);
  });

  it('has its limits', () => {
    expect(takes({ name: 'x'.repeat(80) })).toBe(true);
    expect(takes({ name: 'x'.repeat(81) })).toBe(false);
    expect(takes({ note: 'x'.repeat(2001) })).toBe(false);
    expect(takes({ tags: Array.from({ length: 13 }, (_, i) => `t${i}`) })).toBe(false);
    expect(takes({ tags: ['a', 'a'] })).toBe(false);
    expect(takes({ tags: ['a,b'] })).toBe(false);
    expect(takes({ tags: [''] })).toBe(false);
  });
});
