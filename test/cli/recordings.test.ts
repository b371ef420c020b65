/** Recordings that go from one computer to another in the terminal, and lists that show what people said about them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunInfo } from '#contract/runs';
import { newFolder, shell } from './support.ts';

const SHORT = ['--duration', '300ms', '--warmup', '50ms'];
const list = (out: string): RunInfo[] => JSON.parse(out) as RunInfo[];

describe('ipc-scope runs import and export', () => {
  it('takes a run to another computer as one file', async () => {
    const here = await shell();
    const there = await shell();
    await here.run('run', 'pipe', ...SHORT);
    const [run] = list((await here.run('runs', '--json')).out);
    const file = join(here.folder, 'run.ipcscope');
    expect(await here.run('runs', 'export', 'last', '--format', 'recording', '--out', file)).toMatchObject({
      code: 0,
      err: expect.stringContaining(file),
    });
    const imported = await there.run('runs', 'import', file);
    expect(imported).toMatchObject({ code: 0, err: expect.stringContaining(run?.id ?? '?') });
    const [copy] = list((await there.run('runs', '--imported', '--json')).out);
    expect(copy).toMatchObject({ id: run?.id, summary: run?.summary, imported: true });
    expect((await there.run('runs', 'show', 'last')).out).toBe((await here.run('runs', 'show', 'last')).out);
  });

  it('refuses what is no recording, and leaves nothing', async () => {
    const { run } = await shell();
    const file = join(await newFolder(), 'letter.txt');
    await writeFile(file, 'Dear all,\n');
    expect(await run('runs', 'import', file)).toMatchObject({
      code: 2,
      err: expect.stringContaining('not a recording'),
    });
    expect(await run('runs', 'import', '/nowhere/x')).toMatchObject({ code: 3 });
    expect(await run('runs', 'import', '/tmp')).toMatchObject({ code: 3 });
    expect(await run('runs', 'import')).toMatchObject({ code: 2 });
    expect(list((await run('runs', '--json')).out)).toEqual([]);
  });
});

describe('ipc-scope runs', () => {
  it('shows labels, and narrows the list by them', async () => {
    const { run, folder } = await shell();
    await run('run', 'pipe', ...SHORT);
    await run('run', 'shm', ...SHORT);
    const all = list((await run('runs', '--json')).out);
    const pipe = all.find(({ spec }) => spec.mechanism === 'pipe')?.id ?? '';
    const label = { name: '빠른 파이프', note: 'with a Note', tags: ['lab', '과제 1'], pinned: true };
    await writeFile(join(folder, 'runs', pipe, 'label.json'), JSON.stringify(label));
    expect((await run('runs')).out).toMatch(/\* 빠른 파이프 #lab #과제 1/);
    const ids = async (...flags: string[]) =>
      list((await run('runs', ...flags, '--json')).out).map(({ id }) => id);
    expect(await ids('--pinned')).toEqual([pipe]);
    expect(await ids('--tag', '과제 1')).toEqual([pipe]);
    expect(await ids('--search', 'NOTE 파이프')).toEqual([pipe]);
    expect(await ids('--mechanism', 'shm')).toEqual(all.map(({ id }) => id).filter((id) => id !== pipe));
    expect(await run('runs', '--tag', 'no such')).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('No run is like that'),
    });
    expect(await run('runs', '--tag')).toMatchObject({ code: 2 });
    expect(await readFile(join(folder, 'runs', pipe, 'label.json'), 'utf8')).toBe(JSON.stringify(label));
  });
});
