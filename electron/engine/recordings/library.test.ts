import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AppError } from '#contract/errors';
import { figuresOf } from '#contract/runs';
import type { SessionState } from '#contract/session';
import { call, hello, ndjson, note, summary, tick } from '#contract/test-frames';
import { exportRun } from './export.ts';
import { RunLibrary } from './library.ts';
import { Recorder, type OpenFrames } from './recorder.ts';
import type { RunFile } from './run-file.ts';

const ID = '20261121-041500-pipe-7f3a';
let folder: string;
let library: RunLibrary;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipc-scope-runs-'));
  library = new RunLibrary(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A process that has ended: nobody records for it any more. */
const deadPid = spawnSync(process.execPath, ['-e', '']).pid;

function runFile(change: Partial<RunFile> = {}): RunFile {
  return {
    format: 1,
    id: ID,
    created_ms: 1000,
    spec: { mechanism: 'pipe', options: { size_bytes: 64 } },
    app: '0.1.0',
    helper: '0.1.0',
    writer_pid: deadPid,
    state: 'running',
    summary: null,
    ...change,
  };
}

const errors: AppError[] = [];
const listener = { failed: (error: AppError) => void errors.push(error), pressure: () => undefined };
beforeEach(() => void errors.splice(0));

async function record(
  state: SessionState | null,
  frames: readonly object[],
  file = runFile(),
): Promise<void> {
  const recorder = new Recorder(library.folderOf(file.id), file, listener);
  for (const frame of frames) recorder.write(JSON.stringify(frame));
  if (state !== null) {
    const last = frames.at(-1);
    await recorder.close(state, last !== undefined && 't' in last && last.t === 'summary' ? summary() : null);
  }
}

/** A run as a crash leaves it: run.json of the start, and frames up to some byte. */
async function plant(frames: string, run: object | string = runFile(), id = ID): Promise<string> {
  const path = library.folderOf(id);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'run.json'), typeof run === 'string' ? run : JSON.stringify(run));
  await writeFile(join(path, 'frames.ndjson'), frames);
  return path;
}

const codes = (list: readonly AppError[]) => list.map(({ code }) => code);
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no refusal',
    (thrown: { error?: AppError }) => thrown.error?.code ?? thrown,
  );

describe('the machine in a recording', () => {
  const machine = {
    host: 'aaaa',
    os: 'linux',
    release: '6.1',
    arch: 'x86_64',
    cpu_model: 'Quick 9000',
    cpus: 2,
    clock: 'CLOCK_MONOTONIC',
  };
  const frames = ndjson(hello(), tick(1), summary());

  it('is told by the run and its export', async () => {
    await record('finished', [hello(), tick(1), summary()], runFile({ machine }));
    const opened = await library.open(ID, 100);
    expect(opened.snapshot.machine).toEqual(machine);
    expect(JSON.parse(exportRun(opened, 'json').text)).toMatchObject({ machine });
  });

  it('may be missing, as in older recordings, or unreadable, and the run opens all the same', async () => {
    for (const given of [{}, { machine: null }, { machine: { host: 7 } }]) {
      await plant(frames, { ...runFile({ state: 'finished' }), ...given });
      const { snapshot } = await library.open(ID, 100);
      expect(snapshot.machine).toBeUndefined();
      expect(snapshot.errors).toEqual([]);
    }
  });
});

describe('a recorded run', () => {
  const frames = [hello(), tick(1), call(1), note('measuring'), tick(2), summary()];

  it('is opened as it was', async () => {
    await record('finished', frames);
    const { snapshot } = await library.open(ID, 100);
    expect(snapshot.info).toMatchObject({ id: ID, state: 'finished', created_ms: 1000 });
    expect(snapshot.hello).toEqual(hello());
    expect(snapshot.summary).toEqual(summary());
    expect(snapshot.series?.rows).toBe(2);
    expect(snapshot.calls).toEqual([call(1)]);
    expect(snapshot.notes).toEqual([note('measuring')]);
    expect(snapshot.latency_buckets).toEqual([101, 50, 102, 50]);
    expect(snapshot.errors).toEqual([]);
    expect(errors).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('can be read by its owner alone', async () => {
    await record('finished', frames);
    const path = library.folderOf(ID);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(path)) expect((await stat(join(path, name))).mode & 0o777).toBe(0o600);
  });

  it('is listed with its summary, the newest first', async () => {
    await record('finished', frames);
    const later = '20261121-041501-tcp-0001';
    await record('failed', [hello()], runFile({ id: later, created_ms: 2000 }));
    const runs = await library.list();
    expect(runs.map(({ id, state }) => [id, state])).toEqual([
      [later, 'failed'],
      [ID, 'finished'],
    ]);
    expect(runs[1]?.summary).toEqual(figuresOf(summary()));
    expect(runs[1]?.bytes_on_disk).toBeGreaterThan(ndjson(...frames).length);
  });

  it('is read to its last whole frame when it was cut off at any byte', async () => {
    const text = ndjson(hello(), tick(1), tick(2));
    const from = ndjson(hello(), tick(1)).length;
    for (let cut = from; cut < text.length - 1; cut += 37) {
      await plant(text.slice(0, cut));
      const { snapshot } = await library.open(ID, 100);
      expect(codes(snapshot.errors)).toEqual(['recording_truncated']);
      expect(snapshot.series?.rows).toBe(1);
      expect(snapshot.info.state).toBe('failed');
    }
  });

  it('that ended, but whose app was killed before it could say so, is finished and has its summary', async () => {
    await plant(ndjson(...frames));
    expect((await library.list())[0]).toMatchObject({ state: 'finished', summary: figuresOf(summary()) });
    const { snapshot } = await library.open(ID, 100);
    expect(snapshot.info.state).toBe('finished');
    expect(snapshot.errors).toEqual([]);
  });

  it('with a damaged line is opened with the rest, and the line is named', async () => {
    await plant(`${ndjson(hello(), tick(1))}{"t":"tick","elap\u0000\n${ndjson(tick(3), summary())}`);
    const { snapshot } = await library.open(ID, 100);
    expect(snapshot.series?.rows).toBe(2);
    expect(snapshot.errors).toMatchObject([{ code: 'recording_damaged', where: 'frames.ndjson:3' }]);
  });

  it('with frames missing inside is opened with the rest, and says how many', async () => {
    const ticks = [1, 2, 3, 7, 8, 10, 11].map((n) => tick(n));
    await record('finished', [hello(), ...ticks, summary()]);
    const { snapshot } = await library.open(ID, 100);
    expect(snapshot.series?.rows).toBe(7);
    expect(snapshot.errors).toMatchObject([{ code: 'recording_incomplete', value: '4' }]);
  });

  it('that is nothing but garbage still opens, with few errors', async () => {
    await plant('\u0000\u0001garbage\n'.repeat(5000));
    const { snapshot } = await library.open(ID, 100);
    expect(snapshot.hello).toBeNull();
    expect(snapshot.errors.length).toBeLessThan(30);
  });

  it('with a damaged run.json is listed as damaged and opened from its frames', async () => {
    await plant(ndjson(...frames), '{"format":1,');
    expect((await library.list())[0]).toMatchObject({
      id: ID,
      state: 'damaged',
      spec: { mechanism: 'pipe' },
      created_ms: Date.UTC(2026, 10, 21, 4, 15),
    });
    const { snapshot, file } = await library.open(ID, 100);
    expect(file).toBeUndefined();
    expect(snapshot.info).toMatchObject({
      state: 'finished',
      spec: { mechanism: 'pipe', pattern: 'stream' },
    });
    expect(codes(snapshot.errors)).toEqual(['recording_damaged']);
  });

  it('whose frames cannot be read is damaged, not a fault of ours', async () => {
    const path = await plant('', runFile({ state: 'finished', summary: summary() }));
    await rm(join(path, 'frames.ndjson'));
    // A folder: neither readable, nor missing, whoever asks.
    await mkdir(join(path, 'frames.ndjson'));
    const { snapshot } = await library.open(ID, 100);
    expect(snapshot.summary).toEqual(summary());
    expect(snapshot.errors).toMatchObject([{ code: 'recording_damaged', where: 'frames.ndjson' }]);
  });

  it('of a newer format is refused, with both formats', async () => {
    await plant(ndjson(...frames), { format: 2, anything: 'else' });
    expect((await library.list())[0]).toMatchObject({ id: ID, state: 'newer', spec: { mechanism: 'pipe' } });
    await expect(library.open(ID, 100)).rejects.toMatchObject({
      error: { code: 'recording_newer', value: '2', allowed: '1' },
    });
  });

  it('that is not there, or whose name leads elsewhere, is missing', async () => {
    expect(await refusal(library.open(ID, 100))).toBe('recording_missing');
    expect(await refusal(library.delete(ID))).toBe('recording_missing');
    expect(await refusal(library.restore(ID))).toBe('recording_missing');
    expect(await refusal(library.open('../settings', 100))).toBe('recording_missing');
    expect(await library.list()).toEqual([]);
  });

  it('that is longer than a chart is thinned evenly: no message and no latency is lost', async () => {
    const many = Array.from({ length: 1000 }, (_, i) => tick(i + 1, i < 100 ? { phase: 'warmup' } : {}));
    await record('finished', [hello(), ...many, summary()]);
    const { series, latency_buckets } = (await library.open(ID, 100)).snapshot;
    expect(series?.rows).toBe(100);
    expect(series?.values[0]?.[0]).toBeCloseTo(0.5);
    expect(series?.values[0]?.at(-1)).toBeCloseTo(50);
    expect(new Set(series?.values[1])).toEqual(new Set([1000]));
    expect(latency_buckets.filter((_, i) => i % 2 === 1).reduce((a, b) => a + b)).toBe(900 * 50);
    expect((await library.open(ID, Infinity)).snapshot.series?.rows).toBe(1000);
  });

  it('is deleted into the trash, taken back, and gone for good when the app that deleted it has ended', async () => {
    await record('finished', frames);
    await library.delete(ID);
    expect(await library.list()).toEqual([]);
    await library.emptyTrash();
    await library.restore(ID);
    expect((await library.list()).map(({ id }) => id)).toEqual([ID]);
    await library.delete(ID);
    await new RunLibrary(folder).emptyTrash();
    expect(await readdir(join(folder, 'trash'))).toEqual([]);
    expect(await refusal(library.restore(ID))).toBe('recording_missing');
  });

  it('that was deleted frees the disk after a while, or when the trash is emptied', async () => {
    const hasty = new RunLibrary(folder, 30);
    await record('finished', frames);
    await hasty.delete(ID);
    const trash = join(folder, 'trash');
    const inTrash = async () => (await readdir(trash, { recursive: true })).length;
    // The folder itself.
    await expect.poll(inTrash).toBe(1);
    expect(await refusal(hasty.restore(ID))).toBe('recording_missing');

    await record('finished', frames);
    await hasty.delete(ID);
    await hasty.restore(ID);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await hasty.list()).toHaveLength(1);

    await library.delete(ID);
    await library.emptyOwnTrash();
    await library.emptyOwnTrash();
    expect(await inTrash()).toBe(1);
    await hasty.emptyOwnTrash();
    expect(await inTrash()).toBe(0);
  });

  it('that another living app records is neither broken nor to be deleted', async () => {
    await plant(ndjson(hello(), tick(1)), runFile({ writer_pid: process.pid }));
    expect((await library.list())[0]?.state).toBe('running');
    expect((await library.open(ID, 100)).snapshot.errors).toEqual([]);
    expect(await refusal(library.delete(ID))).toBe('run_in_use');
  });

  it('is not taken for one that is being recorded because another process has its writer’s number', async () => {
    const path = await plant(ndjson(hello(), tick(1)), runFile({ writer_pid: process.pid }));
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of await readdir(path)) await utimes(join(path, name), longAgo, longAgo);
    expect((await library.list())[0]?.state).toBe('failed');
    await library.delete(ID);
  });

  it('grows line by line, so that what was written is there before it is closed', async () => {
    const recorder = new Recorder(library.folderOf(ID), runFile(), listener);
    recorder.write(JSON.stringify(hello()));
    recorder.write(JSON.stringify(tick(1)));
    await expect
      .poll(() => readFile(join(library.folderOf(ID), 'frames.ndjson'), 'utf8').catch(() => ''))
      .toBe(ndjson(hello(), tick(1)));
    await recorder.close('failed', null);
  });
});

describe('exports', () => {
  it('write samples as CSV: units in the header, elapsed_s first, nothing for no value', async () => {
    const silent = tick(2, { latency: { kind: 'one_way', buckets: [] } });
    await record('finished', [hello(), tick(1), silent, summary()]);
    const { name, mime, text } = exportRun(await library.open(ID, Infinity), 'csv');
    expect([name, mime]).toEqual([`${ID}.csv`, 'text/csv']);
    const lines = text.split('\r\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^elapsed_s,messages_per_s,bytes_per_s,p50_ns,/);
    expect(lines[0]).toContain('running_share/producer/0');
    expect(lines[1]).toMatch(/^0\.05,1000,64000,101,101,101,101,101,640,,0\.009765625,0,/);
    expect(lines[2]).toMatch(/^0\.1,1000,64000,,,,,,640,/);
  });

  it('write everything as JSON', async () => {
    await record('finished', [hello(), tick(1), summary()]);
    const { text } = exportRun(await library.open(ID, Infinity), 'json');
    expect(JSON.parse(text)).toMatchObject({
      id: ID,
      app: '0.1.0',
      helper: '0.1.0',
      spec: { mechanism: 'pipe' },
      hello: { mechanism: 'pipe' },
      summary: { messages: 1000 },
      series: { rows: 1 },
    });
  });

  it('refuse samples where there are none', async () => {
    await plant('');
    const opened = await library.open(ID, 10);
    expect(() => exportRun(opened, 'csv')).toThrow('no samples');
  });
});

describe('a disk that fails', () => {
  function failing(after: number, code: string): { openFile: OpenFrames; written: () => string } {
    let text = '';
    let writes = 0;
    const openFile = (async () => ({
      write: async (bytes: Buffer, from: number) => {
        if (++writes > after) {
          text += bytes.subarray(from, from + 5).toString();
          throw Object.assign(new Error('write failed'), { code });
        }
        text += bytes.subarray(from).toString();
        return { bytesWritten: bytes.length - from, buffer: bytes };
      },
      truncate: async (length: number) => void (text = text.slice(0, length)),
      close: async () => undefined,
    })) as unknown as OpenFrames;
    return { openFile, written: () => text };
  }

  it('is told once, leaves whole lines, and the end of the run is still noted', async () => {
    const { openFile, written } = failing(1, 'EIO');
    const recorder = new Recorder(library.folderOf(ID), runFile(), listener, openFile);
    recorder.write(JSON.stringify(hello()));
    await expect.poll(written).toBe(ndjson(hello()));
    for (let n = 1; n < 50; n++) recorder.write(JSON.stringify(tick(n)));
    await recorder.close('finished', summary());
    expect(errors).toMatchObject([{ code: 'recording_write_failed', errno: 'EIO' }]);
    expect(written()).toBe(ndjson(hello()));
    expect((await library.list())[0]).toMatchObject({ state: 'finished', summary: { messages: 1000 } });
  });

  it('because it is full gives back some room, so that the end of the run can be noted', async () => {
    const { openFile, written } = failing(100, 'ENOSPC');
    const recorder = new Recorder(library.folderOf(ID), runFile(), listener, openFile);
    recorder.write(JSON.stringify(tick(1)));
    await expect.poll(written).not.toBe('');
    for (let n = 2; n <= 200; n++) {
      recorder.write(JSON.stringify(tick(n)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await recorder.close('finished', summary());
    expect(codes(errors)).toEqual(['disk_full']);
    const all = ndjson(...Array.from({ length: 100 }, (_, i) => tick(i + 1)));
    expect(all.startsWith(written())).toBe(true);
    expect(written().endsWith('\n')).toBe(true);
    expect(written().length).toBeLessThanOrEqual(all.length - 16 * 1024);
    expect(written().length).toBeGreaterThan(all.length - 20 * 1024);
  });

  it('before anything could be written leaves no run', async () => {
    const { openFile } = failing(0, 'ENOSPC');
    const recorder = new Recorder(library.folderOf(ID), runFile(), listener, openFile);
    recorder.write(JSON.stringify(hello()));
    await recorder.close('finished', summary());
    expect(codes(errors)).toEqual(['disk_full']);
    expect(await library.list()).toEqual([]);
  });

  it('that cannot even be begun on is told as such', async () => {
    await appendFile(join(folder, 'runs'), 'a file where a folder should be');
    const recorder = new Recorder(library.folderOf(ID), runFile(), listener);
    recorder.write('{}');
    await recorder.close('finished', null);
    expect(codes(errors)).toEqual(['recording_write_failed']);
  });

  it('that is merely slow holds the source back and loses nothing', async () => {
    let text = '';
    const gate: { open?: () => void } = {};
    const ready = new Promise<void>((resolve) => (gate.open = resolve));
    const openFile = (async () => ({
      write: async (bytes: Buffer) => {
        await ready;
        text += bytes.toString();
        return { bytesWritten: bytes.length, buffer: bytes };
      },
      close: async () => undefined,
    })) as unknown as OpenFrames;
    const pressure: boolean[] = [];
    const recorder = new Recorder(
      library.folderOf(ID),
      runFile(),
      { failed: listener.failed, pressure: (high) => void pressure.push(high) },
      openFile,
    );
    const line = 'x'.repeat(1024 * 1024);
    for (let n = 0; n < 40; n++) recorder.write(line);
    expect(pressure).toEqual([true]);
    gate.open?.();
    await recorder.close('finished', null);
    expect(pressure).toEqual([true, false]);
    expect(text.length).toBe(40 * (line.length + 1));
    expect(errors).toEqual([]);
  });
});
