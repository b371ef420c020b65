/** A disk that really is full: a tiny file system in memory, where the machine lets us mount one. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openOn } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-full-'));
/** Whether a program of the system did what it was asked to. */
const system = (...[program = '', ...args]: string[]): boolean => spawnSync(program, args).status === 0;
const mounted =
  process.platform === 'linux' &&
  system('mount', '-t', 'tmpfs', '-o', 'size=200k,mode=0700', 'tmpfs', folder);

afterAll(() => {
  if (mounted) system('umount', folder);
  rmdirSync(folder);
});

describe.skipIf(!mounted)('a full disk (needs the right to mount)', () => {
  it('costs the recording, never the session; what was recorded opens, and the next run is refused nothing', async () => {
    const engine = await openOn(folder);
    const { id } = await engine.start('pipe', { duration_ms: 0, warmup_ms: 0 });
    await engine.until(() => engine.errors().length > 0, 20_000);
    const ticks = engine.frames('tick').length;
    await engine.until(() => engine.frames('tick').length > ticks + 4);
    await engine.get('session.command', { id, command: { command: 'stop' } });
    const summary = await engine.over();
    expect(summary).toMatchObject({ ended_by: 'stop' });
    expect(engine.errors()).toMatchObject([{ code: 'disk_full', errno: 'ENOSPC' }]);
    expect(engine.states().at(-1)).toBe('finished');

    const recorded = await engine.get('runs.open', { id });
    expect(recorded.summary).toEqual(summary);
    expect(recorded.errors).toMatchObject([{ code: 'recording_truncated' }]);
    expect(recorded.series?.rows).toBeGreaterThan(1);

    await engine.get('runs.delete', { id });
    await engine.get('runs.restore', { id });
    expect(await engine.get('runs.list')).toMatchObject([{ id, state: 'finished' }]);

    // What was deleted makes room for the next run.
    await engine.get('runs.delete', { id });
    const next = await engine.start('pipe', { duration_ms: 300, warmup_ms: 0 });
    await engine.until(() => engine.states().filter((state) => state === 'finished').length === 2);
    expect(engine.errors()).toHaveLength(1);
    expect(await engine.get('runs.list')).toMatchObject([{ id: next.id, state: 'finished' }]);
    expect(await readdir(join(folder, 'trash'))).toEqual([]);
  });
});
