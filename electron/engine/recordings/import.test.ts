import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '#contract/errors';
import {
  MOST_FILE_BYTES,
  PIECE_BYTES,
  type Imported,
  type PackedRun,
  type TaskProgress,
} from '#contract/run-files';
import { call, hello, ndjson, note, summary, tick } from '#contract/test-frames';
import { dispatch } from '../dispatch.ts';
import { exportRun } from './export.ts';
import { RunLibrary } from './library.ts';
import { RunHandlers } from './run-handlers.ts';
import { writeMarks } from './run-marks.ts';

const ID = '20261121-041500-pipe-7f3a';
const LABEL = { name: '이름', note: 'two\nlines', tags: ['a', 'b'], pinned: true };
const MARKS = [
  { id: 'mark0001', elapsed_ns: 1e9, text: '느려진 곳' },
  { id: 'mark0002', elapsed_ns: 2e9, text: '' },
];
const FRAMES = [hello(), tick(1), call(1), note('measuring'), tick(2), tick(3), summary()];

let folder: string;
let library: RunLibrary;
let runs: RunHandlers;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipc-scope-import-'));
  library = new RunLibrary(folder);
  runs = new RunHandlers(library, folder, {
    running: () => undefined,
    recorded: () => Promise.resolve(),
    newest: () => undefined,
  });
});
afterEach(async () => {
  await runs.close();
  await rm(folder, { recursive: true, force: true });
});

async function plant(frames: string, change: object = {}, id = ID): Promise<void> {
  const path = library.folderOf(id);
  await mkdir(path, { recursive: true });
  const run = {
    format: 1,
    id,
    created_ms: 1000,
    spec: { mechanism: 'pipe', options: { size_bytes: 64 } },
    app: '0.1.0',
    helper: '0.1.0',
    writer_pid: 1,
    state: 'finished',
    summary: summary(),
    ...change,
  };
  await writeFile(join(path, 'run.json'), JSON.stringify(run));
  await writeFile(join(path, 'label.json'), JSON.stringify(LABEL));
  await writeMarks(path, MARKS);
  await writeFile(join(path, 'frames.ndjson'), frames);
}

/** As every page asks: through the border, with its checks. */
async function ask(name: string, argument: unknown): Promise<unknown> {
  const result = await dispatch(runs.handlers as never, name, argument);
  if (result.ok) return result.value;
  throw Object.assign(new Error(result.error.message), { error: result.error });
}

async function packed(id = ID): Promise<Buffer> {
  const { transfer, size_bytes, name } = (await ask('runs.pack', { id })) as PackedRun;
  expect(name).toBe(`${id}.ipcscope`);
  const pieces: Buffer[] = [];
  for (let from = 0; from < size_bytes;) {
    const piece = Buffer.from((await ask('runs.take', { transfer, from })) as string, 'base64');
    from += piece.length;
    pieces.push(piece);
  }
  await ask('runs.cancel', { task: transfer });
  return Buffer.concat(pieces);
}

async function imported(file: Buffer): Promise<Imported> {
  const transfer = (await ask('runs.receive', { size_bytes: file.length })) as string;
  for (let from = 0; from < file.length; from += PIECE_BYTES) {
    const data = file.subarray(from, from + PIECE_BYTES).toString('base64');
    await ask('runs.put', { transfer, from, data });
  }
  return (await ask('runs.import', { transfer })) as Imported;
}

async function refusal(file: Buffer | string): Promise<AppError> {
  const before = await readdir(join(folder, 'runs')).catch(() => []);
  const error = await imported(Buffer.from(file)).then(
    () => undefined,
    (thrown: { error?: AppError }) => thrown.error,
  );
  // Nothing of what was refused is left.
  expect(await readdir(join(folder, 'runs')).catch(() => [])).toEqual(before);
  const left = (await readdir(join(folder, 'transfer'), { recursive: true })).filter((path) =>
    path.includes('/'),
  );
  expect(left).toEqual([]);
  if (error === undefined) throw new Error('it was not refused');
  return error;
}

const lines = (file: Buffer): string[] => gunzipSync(file).toString().trimEnd().split('\n');
const gzip = (...content: (string | object)[]): Buffer =>
  gzipSync(`${content.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')}\n`);
const header = (change: object = {}): object => ({
  t: 'ipc_scope_recording',
  format: 1,
  run: null,
  files: {},
  ...change,
});

describe('a run as one file', () => {
  it('comes back on another computer as it was, with label and marks, and is told from those recorded there', async () => {
    await plant(ndjson(...FRAMES));
    const file = await packed();
    await rm(join(folder, 'runs'), { recursive: true });

    expect(await imported(file)).toEqual({ id: ID, missing_frames: 0 });
    expect(await readFile(join(library.folderOf(ID), 'frames.ndjson'), 'utf8')).toBe(ndjson(...FRAMES));
    const [info] = await library.list();
    expect(info).toMatchObject({ id: ID, imported: true, label: LABEL, state: 'finished', created_ms: 1000 });
    const { snapshot } = await library.open(ID, 100);
    expect(snapshot.summary).toEqual(summary());
    expect(snapshot.series?.rows).toBe(3);
    expect(snapshot.marks).toEqual(MARKS);
    expect(snapshot.errors).toEqual([]);
  });

  it('gets another name beside one that is there, or that was deleted and may come back', async () => {
    await plant(ndjson(...FRAMES));
    const file = await packed();
    const second = (await imported(file)).id;
    expect(second).not.toBe(ID);
    expect(second).toMatch(/^20261121-041500-pipe-[0-9a-f]{8}$/);
    await library.delete(ID);
    expect((await imported(file)).id).not.toBe(ID);
    await library.restore(ID);
    expect(await library.list()).toHaveLength(3);
    expect((await library.open(second, 10)).snapshot.info.id).toBe(second);
  });

  it('is exported up to its last whole frame where it was cut off by a crash', async () => {
    await plant(ndjson(...FRAMES).slice(0, -40), { state: 'running', summary: null });
    const file = await packed();
    expect(lines(file)).toHaveLength(FRAMES.length - 1 + MARKS.length + 2);
    const { id, missing_frames } = await imported(file);
    expect(missing_frames).toBe(0);
    expect((await library.list()).find((run) => run.id === id)?.state).toBe('failed');
  });

  it('may be what the helper printed', async () => {
    const { id } = await imported(Buffer.from(ndjson(...FRAMES)));
    const { snapshot } = await library.open(id, 100);
    expect(snapshot.info).toMatchObject({ state: 'finished', spec: { mechanism: 'pipe', variant: 'plain' } });
  });

  it('of a run that is not there is refused', async () => {
    await expect(ask('runs.pack', { id: ID })).rejects.toMatchObject({
      error: { code: 'recording_missing' },
    });
    await expect(ask('runs.take', { transfer: 'f'.repeat(32), from: 0 })).rejects.toMatchObject({
      error: { code: 'import_refused', where: 'lost' },
    });
  });

  it('with frames missing inside is opened, and says how many', async () => {
    await plant(ndjson(...FRAMES));
    const whole = lines(await packed());
    const { id, missing_frames } = await imported(gzip(...whole.filter((_, at) => at !== 3 && at !== 4)));
    expect(missing_frames).toBe(2);
    const { snapshot } = await library.open(id, 100);
    expect(snapshot.errors).toMatchObject([{ code: 'recording_incomplete', value: '2' }]);
    expect(snapshot.summary).toEqual(summary());
  });

  it('keeps the marks that are sound, and no others', async () => {
    await plant(ndjson(...FRAMES));
    const whole = lines(await packed());
    const evil = { t: 'mark', id: '../../etc', elapsed_ns: -1, text: '\u001b[2J' };
    const { id } = await imported(gzip(...whole.toSpliced(-1, 0, JSON.stringify(evil))));
    expect((await library.open(id, 100)).snapshot.marks).toEqual(MARKS);
  });

  it('with damaged lines inside is opened without them, and says how many', async () => {
    await plant(ndjson(...FRAMES));
    const whole = lines(await packed());
    const { missing_frames } = await imported(gzip(...whole.with(3, '{"t":"tick"}').with(5, '\u0000')));
    expect(missing_frames).toBe(2);
  });
});

describe('a file that cannot be imported', () => {
  it.each([
    ['nothing', '', 'empty'],
    ['a text', 'Dear all,\nplease find attached\n', 'kind'],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), 'kind'],
    ['another JSON', '{"name":"ipc-scope"}\n', 'kind'],
    ['a list', '[1,2,3]\n', 'kind'],
    ['one endless line', 'x'.repeat(3 * 1024 * 1024), 'kind'],
    ['frames without a session', ndjson(hello({ protocol: 1 })).replace('hello', 'tick'), 'kind'],
    ['a header alone', gzip(header()), 'cut'],
    ['an empty session', gzip(header(), { t: 'end', frames: 0 }), 'empty'],
    [
      'a header without its parts',
      gzip({ t: 'ipc_scope_recording', format: 1, files: 7 }, hello()),
      'header',
    ],
    [
      'a gzip that is none',
      Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
      'corrupt',
    ],
  ])('is %s', async (_, file, fault) => {
    expect(await refusal(Buffer.from(file))).toMatchObject({ code: 'import_refused', where: fault });
  });

  it('is a run exported as JSON, and is told so', async () => {
    await plant(ndjson(...FRAMES));
    const { text } = exportRun(await library.open(ID, 100), 'json');
    expect(await refusal(text)).toMatchObject({ code: 'import_refused', where: 'json_export' });
    expect(await refusal(JSON.stringify(JSON.parse(text)))).toMatchObject({ where: 'json_export' });
  });

  it('was cut at any byte', async () => {
    await plant(ndjson(...FRAMES));
    const file = await packed();
    for (let cut = 12; cut < file.length; cut += 41) {
      expect(await refusal(file.subarray(0, cut))).toMatchObject({ code: 'import_refused', where: 'cut' });
    }
    const plain = gunzipSync(file).toString();
    expect(await refusal(plain.slice(0, -30))).toMatchObject({ where: 'cut' });
  });

  it('has a flipped bit', async () => {
    await plant(ndjson(...FRAMES));
    const file = await packed();
    file[file.length - 6] = (file[file.length - 6] ?? 0) ^ 1;
    expect(await refusal(file)).toMatchObject({ code: 'import_refused', where: 'corrupt' });
  });

  it.each([
    ['file', gzip(header({ format: 2 }), hello()), '2'],
    ['recording', gzip(header({ run: { format: 7 } }), ...FRAMES, { t: 'end', frames: 7 }), '7'],
    ['protocol', gzip(header(), hello({ protocol: 9 }), { t: 'end', frames: 1 }), '9'],
  ])('is of a newer version: the %s', async (_, file, value) => {
    expect(await refusal(file)).toMatchObject({ code: 'recording_newer', value, allowed: '1' });
  });

  it.each([
    ['empty lines', Buffer.alloc(30 * 1024 ** 2, '\n'), 'kind'],
    [
      'one line without end',
      Buffer.concat([Buffer.from(ndjson(hello())), Buffer.alloc(3 * 1024 ** 2)]),
      'bomb',
    ],
    ['lines that are no frames', `${ndjson(hello())}${'{"t":"text"}\n'.repeat(100_000)}`, 'corrupt'],
    ['one frame again and again', ndjson(hello()) + ndjson(call(1)).repeat(200_000), 'bomb'],
  ])(
    'unpacks to far more than it is: %s',
    async (_, content, fault) => {
      const bomb = gzipSync(content, { level: 9 });
      expect(bomb.length).toBeLessThan(200_000);
      expect(await refusal(bomb)).toMatchObject({ code: 'import_refused', where: fault });
    },
    30_000,
  );

  it('is announced as too large, or sent otherwise than announced', async () => {
    await expect(ask('runs.receive', { size_bytes: MOST_FILE_BYTES + 1 })).rejects.toMatchObject({
      error: { code: 'import_too_large', allowed: '8 GiB' },
    });
    const transfer = await ask('runs.receive', { size_bytes: 10 });
    const put = (from: number, data: string) => ask('runs.put', { transfer, from, data });
    const bad = { error: { code: 'bad_request' } };
    await expect(put(5, 'AAAA')).rejects.toMatchObject(bad);
    await expect(put(0, 'A'.repeat(20))).rejects.toMatchObject(bad);
    await expect(put(0, 'not base64!')).rejects.toMatchObject(bad);
    await expect(ask('runs.import', { transfer })).rejects.toMatchObject({ error: { where: 'cut' } });
    await expect(ask('runs.put', { transfer: '../../etc/passwd', from: 0, data: '' })).rejects.toMatchObject(
      bad,
    );
  });

  it('names paths of its own, none of which is ever used', async () => {
    const run = {
      format: 1,
      id: '../../../tmp/evil',
      created_ms: 1e15,
      spec: { mechanism: '../evil', options: {} },
      app: '',
      helper: '',
      writer_pid: 1,
      state: 'finished',
      summary: null,
    };
    const files = {
      '../evil.json': {},
      'frames.ndjson': 'x',
      __proto__: { a: 1 },
      'label.json': { name: 5 },
    };
    const { id } = await imported(gzip(header({ run, files }), ...FRAMES, { t: 'end', frames: 7 }));
    expect(id).toMatch(/^\d{8}-\d{6}-pipe-[0-9a-f]{4}$/);
    expect((await readdir(library.folderOf(id))).toSorted()).toEqual(['frames.ndjson', 'run.json']);
    expect((await library.list())[0]?.label.name).toBe('');
  });

  it('has its escape sequences and marks of direction taken out', async () => {
    const hostile = [
      hello({
        objects: [{ kind: 'pipe', name: '\u001b[2J\u0007\u202eevil', mode: '0600', capacity_bytes: 1 }],
      }),
      note('process_ended', { exit: '\u009b31m\u2066x' }),
      tick(1),
      summary(),
    ];
    const { id } = await imported(Buffer.from(ndjson(...hostile)));
    const text = await readFile(join(library.folderOf(id), 'frames.ndjson'), 'utf8');
    expect(text).not.toMatch(/\\u001b|\\u0007|[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect((await library.open(id, 10)).snapshot.hello?.objects[0]?.name).toBe('\ufffd[2J\ufffd\ufffdevil');
  });

  it('has more processes, sessions or time than a recording can have: those frames are left out', async () => {
    const crowd = Array.from({ length: 1000 }, (_, index) => ({
      role: 'producer' as const,
      index,
      pid: index,
    }));
    expect(await refusal(gzip(header(), hello({ processes: crowd }), { t: 'end', frames: 1 }))).toMatchObject(
      {
        where: 'empty',
      },
    );
    const { missing_frames } = await imported(
      Buffer.from(ndjson(hello(), hello(), tick(2), tick(1), tick(3))),
    );
    expect(missing_frames).toBe(2);
  });

  it('is cancelled on the way, and nothing is left of it', async () => {
    const many = Array.from({ length: 8000 }, (_, i) => tick(i + 1));
    const file = gzipSync(ndjson(hello(), ...many));
    const transfer = (await ask('runs.receive', { size_bytes: file.length })) as string;
    for (let from = 0; from < file.length; from += PIECE_BYTES) {
      const data = file.subarray(from, from + PIECE_BYTES).toString('base64');
      await ask('runs.put', { transfer, from, data });
    }
    const outcome = ask('runs.import', { transfer }).then(
      () => 'imported',
      (thrown: { error?: AppError }) => thrown.error?.code,
    );
    const progress = () => ask('runs.progress', { task: transfer }) as Promise<TaskProgress>;
    while (!(await progress()).active) await new Promise((resolve) => setImmediate(resolve));
    expect((await progress()).total_bytes).toBe(file.length);
    await ask('runs.cancel', { task: transfer });
    expect(await outcome).toBe('cancelled');
    expect((await progress()).active).toBe(false);
    expect(await library.list()).toEqual([]);
  }, 30_000);
});
