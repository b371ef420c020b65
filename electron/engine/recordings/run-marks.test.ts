import { appendFile, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { MARK_LIMITS, MarkSchema, type Mark } from '#contract/marks';
import { RunLibrary } from './library.ts';
import { MARKS_FILE, readMarks } from './run-marks.ts';

const ID = '20261121-041500-pipe-7f3a';
let data: string;
let folder: string;
let library: RunLibrary;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'ipc-scope-marks-'));
  folder = join(data, 'runs', ID);
  library = new RunLibrary(data);
  await mkdir(folder, { recursive: true });
});
afterEach(() => rm(data, { recursive: true, force: true }));

function mark(n: number, elapsed_ns: number, text = ''): Mark {
  return { id: `mark${String(n).padStart(6, '0')}`, elapsed_ns, text };
}
const kept = async (): Promise<Mark[]> => (await readMarks(folder)).marks;
const lines = (marks: readonly Mark[]): string =>
  marks.map((one) => `${JSON.stringify({ t: 'mark', ...one })}\n`).join('');

describe('marks', () => {
  it('are none until somebody sets one, and lie in the order of time', async () => {
    expect(await readMarks(folder)).toEqual({ marks: [], error: undefined });
    await library.marks.set(ID, mark(1, 2e9, 'slow consumer'));
    await library.marks.set(ID, mark(2, 1e9));
    expect(await kept()).toEqual([mark(2, 1e9), mark(1, 2e9, 'slow consumer')]);
  });

  it('are changed, taken away and set again under their id', async () => {
    await library.marks.set(ID, mark(1, 1e9, 'before'));
    await library.marks.set(ID, mark(1, 1e9, 'after'));
    expect(await kept()).toEqual([mark(1, 1e9, 'after')]);
    await library.marks.remove(ID, mark(1, 0).id);
    expect(await kept()).toEqual([]);
    await library.marks.remove(ID, mark(1, 0).id);
    await library.marks.set(ID, mark(1, 1e9, 'after'));
    expect(await kept()).toEqual([mark(1, 1e9, 'after')]);
  });

  it('of many changes at once are all kept', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => library.marks.set(ID, mark(i, i * 1e6))));
    expect(await kept()).toHaveLength(40);
  });

  it('survive a line that was cut off, and the next one stands on a line of its own', async () => {
    await library.marks.set(ID, mark(1, 1e9));
    await appendFile(join(folder, MARKS_FILE), '{"t":"mark","id":"mark00');
    expect(await readMarks(folder)).toEqual({ marks: [mark(1, 1e9)], error: undefined });
    await library.marks.set(ID, mark(2, 2e9));
    expect(await kept()).toEqual([mark(1, 1e9), mark(2, 2e9)]);
  });

  it.each([
    '{"t":"mark","id":"../../etc","elapsed_ns":1,"text":""}',
    '{"t":"mark","id":"mark000009","elapsed_ns":-1,"text":""}',
    `{"t":"mark","id":"mark000009","elapsed_ns":1,"text":"${'x'.repeat(201)}"}`,
    'no JSON',
    'null',
  ])('leave out the line %s and say which it was', async (bad) => {
    await writeFile(join(folder, MARKS_FILE), `${lines([mark(1, 1)])}${bad}\n${lines([mark(2, 2)])}`);
    const read = await readMarks(folder);
    expect(read.marks).toEqual([mark(1, 1), mark(2, 2)]);
    expect(read.error).toMatchObject({ code: 'recording_damaged', where: `${MARKS_FILE}:2` });
  });

  it('are limited for who sets them, but not for who changes one', async () => {
    const full = Array.from({ length: MARK_LIMITS.made }, (_, i) => mark(i, i));
    await writeFile(join(folder, MARKS_FILE), lines(full));
    await expect(library.marks.set(ID, mark(999_999, 1))).rejects.toMatchObject({
      error: { code: 'too_many_marks', allowed: '1000' },
    });
    await library.marks.set(ID, { ...mark(5, 5), text: 'changed' });
    expect((await kept())[5]?.text).toBe('changed');
  });

  it('of a run that is not there are refused, and make no folder', async () => {
    const gone = '20261121-041500-pipe-0000';
    await expect(library.marks.set(gone, mark(1, 1))).rejects.toMatchObject({
      error: { code: 'recording_missing' },
    });
    await expect(readFile(join(data, 'runs', gone, MARKS_FILE))).rejects.toThrow();
  });

  it('beyond what can be shown are left out, and that is said', async () => {
    const many = Array.from({ length: 510 }, (_, i) => mark(i, 1000 - i));
    await writeFile(join(folder, MARKS_FILE), lines(many));
    const read = await readMarks(folder, 500);
    expect(read.marks).toEqual(many.slice(0, 500).reverse());
    expect(read.error).toMatchObject({ code: 'too_many_marks', value: '510', allowed: '500' });
    expect((await readMarks(folder)).marks).toHaveLength(510);
  });

  it('in a file that nobody could have made are not read at all', async () => {
    await writeFile(join(folder, MARKS_FILE), lines([mark(1, 1)]));
    await truncate(join(folder, MARKS_FILE), 200 * 1024 * 1024);
    const read = await readMarks(folder);
    expect(read.marks).toEqual([]);
    expect(read.error).toMatchObject({ code: 'too_many_marks', allowed: '0' });
  });

  it('go with their run to the trash and come back with it', async () => {
    await library.marks.set(ID, mark(1, 1e9, 'kept'));
    await library.delete(ID);
    await expect(library.marks.set(ID, mark(2, 1))).rejects.toThrow();
    await library.restore(ID);
    expect(await kept()).toEqual([mark(1, 1e9, 'kept')]);
  });
});

it('a mark has a note of one line in any script', () => {
  const takes = (text: string) => v.safeParse(MarkSchema, { ...mark(1, 1), text }).success;
  expect(takes('소비자가 느려진 때')).toBe(true);
  expect(takes('x'.repeat(200))).toBe(true);
  expect(takes('x'.repeat(201))).toBe(false);
  expect(takes('two\nlines')).toBe(false);
  expect(takes('turned \u202e round')).toBe(false);
});
