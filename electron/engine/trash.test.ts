import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Trash } from './trash.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipc-scope-trash-'));
  path = join(folder, 'sweeps', 'one');
  await mkdir(path, { recursive: true });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('what was deleted', () => {
  it('is away, and comes back', async () => {
    const trash = new Trash(folder);
    await trash.take(path, 'one');
    await expect(stat(path)).rejects.toThrow();
    await trash.giveBack('one', path);
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('is gone for good after its time', async () => {
    const trash = new Trash(folder, 20);
    await trash.take(path, 'one');
    await expect.poll(async () => (await readdir(join(folder, 'trash'), { recursive: true })).length).toBe(1);
    await expect(trash.giveBack('one', path)).rejects.toThrow();
  });

  it('is gone when the app ends', async () => {
    const trash = new Trash(folder);
    await trash.take(path, 'one');
    await trash.empty();
    expect(await readdir(join(folder, 'trash'))).toEqual([]);
    await trash.empty();
  });
});
