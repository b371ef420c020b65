import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SweepResult } from '#contract/sweep';
import { readResults, ResultsLog } from './results-log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipc-scope-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const path = (): string => join(folder, 'results.ndjson');
const result = (cell: number, repetition = 0): SweepResult => ({
  cell,
  repetition,
  began_ms: 1,
  took_ms: 2,
  figures: null,
  error: { code: 'internal', message: 'x'.repeat(200), remedy: 'r' },
});

async function write(...results: SweepResult[]): Promise<void> {
  const log = await ResultsLog.open(folder);
  for (const each of results) await log.append(each);
  await log.close();
}

describe('the log of a sweep', () => {
  it('gives back what was appended, over several openings', async () => {
    await write(result(0));
    await write(result(1), result(0, 1));
    expect(await readResults(folder, 2, 2)).toEqual({
      results: [result(0), result(1), result(0, 1)],
      unreadable: 0,
    });
  });

  it('that is not there yet holds nothing', async () => {
    expect(await readResults(folder, 2, 2)).toEqual({ results: [], unreadable: 0 });
  });

  it('is cut back to its last whole line before anything is appended', async () => {
    await write(result(0));
    // Longer than one look from the end.
    await writeFile(path(), `{"cell":1,${' '.repeat(100_000)}`, { flag: 'a' });
    expect(await readResults(folder, 2, 2)).toMatchObject({ results: [{ cell: 0 }], unreadable: 1 });
    await write(result(1));
    expect(await readResults(folder, 2, 2)).toEqual({ results: [result(0), result(1)], unreadable: 0 });
  });

  it('takes no result twice, and none of cells that the sweep has not', async () => {
    await write(result(0), result(0), result(7), result(1, 9));
    await writeFile(path(), 'nonsense\n{"cell":-1}\n', { flag: 'a' });
    expect(await readResults(folder, 2, 2)).toEqual({ results: [result(0)], unreadable: 5 });
  });

  it('takes back a line that the disk took only half of', async () => {
    await write(result(0));
    let room = 20;
    const log = await ResultsLog.open(folder, async (name) => {
      const handle = await open(name, 'a');
      const full = async (bytes: Buffer, from: number, length: number) => {
        if (room === 0) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        const written = await handle.write(bytes, from, Math.min(room, length));
        room = 0;
        return written;
      };
      return {
        write: full as never,
        truncate: (length?: number) => handle.truncate(length),
        stat: (() => handle.stat()) as never,
        close: () => handle.close(),
      };
    });
    await expect(log.append(result(1))).rejects.toThrow('no space left');
    await log.close();
    expect((await readFile(path(), 'utf8')).trimEnd().split('\n')).toHaveLength(1);
    await write(result(1));
    expect((await readResults(folder, 2, 2)).results).toHaveLength(2);
  });
});
