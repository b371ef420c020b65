/** Sessions of the real helper, driven through the calls that a page has. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { quantiles, totalCount } from '../../electron/contract/histogram.ts';
import { figuresOf } from '../../electron/contract/runs.ts';
import { leftovers } from '../support/helper.ts';
import { newFolder, open, openOn } from './support.ts';

const SHORT = { duration_ms: 400, warmup_ms: 100 };
const ENDLESS = { duration_ms: 0, warmup_ms: 0 };

describe.each(['pipe', 'tcp', 'shm'])('a session over %s', (mechanism) => {
  it('goes from start to summary, and its recording says the same', async () => {
    const engine = await open();
    const info = await engine.start(mechanism, SHORT);
    expect(info).toMatchObject({ state: 'running', spec: { mechanism, options: SHORT } });
    const summary = await engine.over();
    expect(engine.states()).toEqual(['starting', 'running', 'finished']);
    expect(engine.errors()).toEqual([]);
    expect(summary).toMatchObject({ mechanism, ended_by: 'duration', integrity: { lost: 0, corrupt: 0 } });
    expect(summary?.messages).toBeGreaterThan(1000);

    const live = await engine.get('session.snapshot', { id: info.id });
    expect(live.summary).toEqual(summary);
    expect(live.series?.rows).toBe(engine.samples());
    expect(totalCount(live.latency_buckets)).toBe(summary?.latency.samples);
    expect(quantiles(live.latency_buckets, [0.5, 0.99])).toEqual([
      summary?.latency.p50_ns,
      summary?.latency.p99_ns,
    ]);

    const recorded = await engine.get('runs.open', { id: info.id });
    expect(recorded).toEqual(live);
    if (summary === undefined) throw new Error('no summary');
    expect(await engine.get('runs.list')).toMatchObject([
      { id: info.id, state: 'finished', summary: figuresOf(summary) },
    ]);
  });
});

describe('a running session', () => {
  it('pauses, resumes and stops when the helper says so, and each change is an event', async () => {
    const engine = await open();
    const { id } = await engine.start('pipe', ENDLESS);
    const command = (name: 'pause' | 'resume' | 'stop') =>
      engine.get('session.command', { id, command: { command: name } });
    await engine.until(() => engine.frames('tick').length > 2);
    await command('pause');
    await engine.until(() => engine.states().includes('paused'));
    expect(engine.frames('note').map(({ code }) => code)).toContain('paused');
    expect(await engine.refusal('session.command', { id, command: { command: 'pause' } })).toMatchObject({
      code: 'wrong_state',
      where: 'pause',
      value: 'paused',
    });
    await command('resume');
    await engine.until(() => engine.states().at(-1) === 'running');
    expect(await engine.get('session.list')).toMatchObject([{ id, state: 'running' }]);
    await command('stop');
    expect(await engine.over()).toMatchObject({ ended_by: 'stop' });
    expect(engine.states()).toEqual(['starting', 'running', 'paused', 'running', 'stopping', 'finished']);
    expect(await engine.refusal('session.command', { id, command: { command: 'stop' } })).toMatchObject({
      code: 'session_unknown',
      value: id,
    });
    expect(await engine.get('session.list')).toEqual([]);
  });

  it('takes another rate, and refuses what may not be changed', async () => {
    const engine = await open();
    const { id } = await engine.start('pipe', { ...ENDLESS, rate_per_s: 1000 });
    const set = (option: string, value: number | string) =>
      ({ id, command: { command: 'set', option, value } }) as const;
    await engine.until(() => engine.frames('tick').length > 2);
    await engine.get('session.command', set('verify', 'full'));
    const told = await engine.until(() =>
      engine.frames('note').find(({ code }) => code === 'verify_changed'),
    );
    expect(told.params).toEqual({ verify: 'full' });
    expect(await engine.refusal('session.command', set('verify', 'twice'))).toMatchObject({
      allowed: 'none, sequence, full',
    });
    await engine.get('session.command', set('rate_per_s', 5000));
    const note = await engine.until(() => engine.frames('note').find(({ code }) => code === 'rate_changed'));
    expect(note.params).toEqual({ rate_per_s: 5000 });
    expect(await engine.refusal('session.command', set('size_bytes', 1))).toMatchObject({
      code: 'bad_request',
      allowed: expect.stringContaining('rate_per_s'),
    });
    expect(await engine.refusal('session.command', set('rate_per_s', 1e12))).toMatchObject({
      code: 'out_of_range',
    });
    expect(await engine.refusal('session.command', set('rate_per_s', -1))).toMatchObject({
      code: 'bad_request',
    });
    expect(
      await engine.refusal('session.command', {
        id,
        command: { command: 'kill', role: 'consumer', index: 9 },
      }),
    ).toMatchObject({ code: 'bad_request', allowed: 'producer 0, consumer 0' });
  });

  it.each(['producer', 'consumer'] as const)(
    'whose %s is killed ends with its name and a summary',
    async (role) => {
      const engine = await open();
      const { id } = await engine.start('shm', ENDLESS);
      await engine.until(() => engine.frames('tick').length > 2);
      await engine.get('session.command', { id, command: { command: 'kill', role, index: 0 } });
      expect(await engine.over()).toMatchObject({ ended_by: 'peer_exit' });
      expect(engine.frames('note')).toContainEqual(
        expect.objectContaining({ params: expect.objectContaining({ role, index: 0 }) }),
      );
      expect(engine.states().at(-1)).toBe('finished');
      expect(leftovers()).toEqual([]);
    },
  );

  it('whose supervisor is killed fails with the reason, and leaves nothing behind', async () => {
    const engine = await open();
    const { id } = await engine.start('shm', ENDLESS);
    const measured = () => engine.frames('tick').filter(({ phase }) => phase === 'measure');
    await engine.until(() => measured().length > 2);
    const pid = engine.frames('hello')[0]?.pid ?? 0;
    process.kill(pid, 'SIGKILL');
    const summary = await engine.over();
    // The helper can make no summary any more: the engine makes it of what the ticks told.
    expect(summary).toMatchObject({ mechanism: 'shm', ended_by: 'error', integrity: { lost: 0 } });
    expect(summary?.messages).toBeGreaterThan(1000);
    expect(summary?.latency.samples).toBeGreaterThan(0);
    expect(engine.errors()).toMatchObject([
      { code: 'helper_crashed', message: expect.stringContaining('SIGKILL') },
    ]);
    expect(engine.frames('note')).toContainEqual(
      expect.objectContaining({ code: 'supervisor_ended', params: { pid, signal: 'SIGKILL' } }),
    );
    expect(engine.states().at(-1)).toBe('failed');
    await engine.until(() => leftovers().length === 0);
    const recorded = await engine.get('runs.open', { id });
    expect(recorded.series?.rows).toBeGreaterThan(2);
    expect(recorded.summary).toEqual(summary);
    // The next one starts as if nothing had happened.
    await engine.start('pipe', SHORT);
  });

  it('is the only one: a second would spoil both', async () => {
    const engine = await open();
    const first = engine.start('pipe', ENDLESS);
    expect(await engine.refusal('session.start', { mechanism: 'pipe', options: {} })).toMatchObject({
      code: 'session_busy',
    });
    const { id } = await first;
    expect(await engine.refusal('session.start', { mechanism: 'pipe', options: {} })).toMatchObject({
      code: 'session_busy',
    });
    await engine.get('session.command', { id, command: { command: 'stop' } });
    await engine.over();
    await engine.start('pipe', SHORT);
  });

  it('can be shown from the middle: a snapshot has everything so far', async () => {
    const engine = await open();
    const { id } = await engine.start('pipe', ENDLESS);
    await engine.until(() => engine.frames('tick').length > 5);
    const snapshot = await engine.get('session.snapshot', { id });
    expect(snapshot.info.state).toBe('running');
    expect(snapshot.series?.rows).toBe(engine.samples());
    expect(snapshot.calls.length).toBe(Math.min(1000, engine.frames('call').length));
    expect(await engine.get('runs.open', { id })).toMatchObject({ info: { state: 'running' } });
    expect(await engine.refusal('runs.delete', { id })).toMatchObject({ code: 'run_in_use' });
  });

  it('stops in order when the app closes, within 2 s, and its recording is whole', async () => {
    const folder = await newFolder();
    const engine = await openOn(folder);
    const { id } = await engine.start('tcp', ENDLESS);
    await engine.until(() => engine.frames('tick').length > 2);
    const began = Date.now();
    await engine.engine.close();
    expect(Date.now() - began).toBeLessThan(2000);
    expect(engine.states().slice(-2)).toEqual(['stopping', 'finished']);
    const later = await openOn(folder);
    const recorded = await later.get('runs.open', { id });
    expect(recorded.errors).toEqual([]);
    expect(recorded.summary).toMatchObject({ ended_by: 'stop' });
    expect(leftovers()).toEqual([]);
  });
});

describe('a session that cannot be', () => {
  it.each([
    [{ mechanism: 'carrier_pigeon', options: {} }, 'unknown_mechanism', 'mq, shm, mmap, file, rpc'],
    [{ mechanism: 'pipe', options: { wingspan: 3 } }, 'unknown_flag', 'size_bytes'],
    [{ mechanism: 'pipe', options: { size_bytes: 0 } }, 'out_of_range', '1..16777216'],
    [{ mechanism: 'pipe', options: { size_bytes: 16_777_217 } }, 'out_of_range', '1..16777216'],
    [{ mechanism: 'pipe', options: { rate_per_s: -1 } }, 'out_of_range', '0..'],
    [{ mechanism: 'pipe', options: { size_bytes: 1.5 } }, 'not_a_number', '1..'],
    [{ mechanism: 'pipe', options: { verify: 'maybe' } }, 'not_a_choice', 'none, sequence, full'],
    [{ mechanism: 'pipe', options: {}, pattern: 'spiral' }, 'not_a_choice', 'stream, pingpong'],
    [{ mechanism: 'pipe', options: { placement: '9999' } }, 'out_of_range', ''],
  ])('%j is refused with %s', async (spec, code, allowed) => {
    const engine = await open();
    expect(await engine.refusal('session.start', spec)).toMatchObject({
      code,
      allowed: expect.stringContaining(allowed),
    });
    expect(await engine.get('runs.list')).toEqual([]);
    // The app goes on.
    await engine.start('pipe', { duration_ms: 50, warmup_ms: 0 });
  });
});

describe('the library', () => {
  it('exports, deletes and takes back', async () => {
    const engine = await open();
    const { id } = await engine.start('pipe', SHORT);
    await engine.over();
    const csv = await engine.get('runs.export', { id, format: 'csv' });
    expect(csv.name).toBe(`${id}.csv`);
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(engine.samples() + 1);
    const json = JSON.parse((await engine.get('runs.export', { id, format: 'json' })).text);
    expect(json).toMatchObject({ id, spec: { mechanism: 'pipe' }, summary: { ended_by: 'duration' } });

    await engine.get('runs.delete', { id });
    expect(await engine.get('runs.list')).toEqual([]);
    expect(await engine.refusal('runs.open', { id })).toMatchObject({ code: 'recording_missing', value: id });
    await engine.get('runs.restore', { id });
    expect(await engine.get('runs.list')).toMatchObject([{ id }]);

    await engine.get('runs.delete', { id });
    await engine.engine.close();
    expect(await readdir(join(engine.folder, 'trash'))).toEqual([]);
  });

  it('keeps frames as the helper wrote them', async () => {
    const engine = await open();
    const { id } = await engine.start('pipe', SHORT);
    await engine.over();
    const text = await readFile(join(engine.folder, 'runs', id, 'frames.ndjson'), 'utf8');
    const types = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).t as string);
    expect(types[0]).toBe('hello');
    expect(types.at(-1)).toBe('summary');
    const frames = engine.events.filter(({ event }) => event === 'frame');
    expect(types).toHaveLength(frames.length);
  });

  it('stays as it was without recording', async () => {
    const engine = await openOn(await newFolder(), undefined, false);
    const { id } = await engine.start('pipe', SHORT);
    await engine.over();
    expect(await engine.get('runs.list')).toEqual([]);
    expect((await engine.get('session.snapshot', { id })).summary).not.toBeNull();
  });
});

describe('settings that are damaged', () => {
  it('are told to everybody who asks, and defaults are used', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'settings.json'), '{');
    const engine = await openOn(folder);
    for (let time = 0; time < 2; time++) {
      expect(await engine.get('app.problems')).toMatchObject([
        { code: 'settings_damaged', where: expect.stringMatching(/^settings\.damaged-/) },
      ]);
    }
    expect(engine.errors()).toEqual([]);
    expect(await engine.get('settings.get')).toMatchObject({ theme: 'system' });
    expect(await (await openOn(folder)).get('app.problems')).toEqual([]);
  });
});
