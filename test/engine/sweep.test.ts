/** Sweeps with the real helper: whole, paused, cancelled, killed and taken up again, with cells that fail. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SweepProgress, SweepSpec } from '../../electron/contract/sweep.ts';
import { helper, leftovers } from '../support/helper.ts';
import { badHelper, newFolder, open, openOn, type TestEngine } from './support.ts';

const small: SweepSpec = {
  channels: [
    { mechanism: 'pipe', variant: 'plain' },
    { mechanism: 'shm', variant: 'plain' },
  ],
  sizes_bytes: [64, 1024],
  patterns: ['stream', 'pingpong'],
  repetitions: 2,
  duration_ms: 60,
  warmup_ms: 10,
  options: {},
};
const STEPS = 16;

function progressOf({ engine }: TestEngine): SweepProgress[] {
  const told: SweepProgress[] = [];
  engine.onSweep((progress) => told.push(progress));
  return told;
}

async function settled(engine: TestEngine, id: string, state: SweepProgress['state']) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const { info } = await engine.get('sweep.open', { id });
    if (info.state === state) return info;
    if (Date.now() > deadline) throw new Error(`it stayed ${JSON.stringify(info)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a sweep', () => {
  it('measures every combination as often as asked, and tells how it goes', async () => {
    const engine = await open();
    const told = progressOf(engine);
    const { id, steps } = await engine.get('sweep.start', small);
    expect(steps).toBe(STEPS);
    await settled(engine, id, 'finished');
    const { info, results, plan, machine } = await engine.get('sweep.open', { id });
    expect(info).toMatchObject({ done: STEPS, failed: 0, left_ms: 0, current: null, error: null });
    expect(plan.left_out).toEqual([]);
    expect(machine.cpus).toBeGreaterThan(0);
    // One pass over all cells, then the next.
    expect(results.map(({ repetition }) => repetition)).toEqual([...Array(8).fill(0), ...Array(8).fill(1)]);
    for (const pass of [results.slice(0, 8), results.slice(8)]) {
      expect(new Set(pass.map(({ cell }) => cell)).size).toBe(8);
    }
    for (const { figures, took_ms } of results) {
      expect(figures?.messages).toBeGreaterThan(0);
      expect(figures?.faults).toBe(0);
      expect(took_ms).toBeGreaterThanOrEqual(70);
    }
    const kinds = new Set(
      results.map(({ cell, figures }) => `${plan.cells[cell]?.pattern} ${figures?.latency_kind}`),
    );
    expect([...kinds].sort()).toEqual(['pingpong round_trip', 'stream one_way']);
    // Never two at once.
    const byTime = results.toSorted((a, b) => a.began_ms - b.began_ms);
    byTime.slice(1).forEach((next, i) => {
      const before = byTime[i];
      expect(next.began_ms).toBeGreaterThanOrEqual((before?.began_ms ?? 0) + (before?.took_ms ?? 0) - 1);
    });
    expect(told.filter(({ current }) => current !== null).length).toBeGreaterThanOrEqual(STEPS);
    expect(told.at(-1)).toMatchObject({ id, state: 'finished', done: STEPS });
    // Its cells are in no list but its own.
    expect(await engine.get('runs.list')).toEqual([]);
    expect(await engine.get('sweep.list')).toMatchObject([{ id, state: 'finished', cells: 8 }]);
    expect(engine.events).toEqual([]);
    expect((await engine.get('sweep.open', { id, from: 14 })).results).toHaveLength(2);
    expect(leftovers()).toEqual([]);
  });

  it('and an ordinary session exclude each other, and so do two sweeps', async () => {
    const engine = await open();
    const session = await engine.start('pipe', { duration_ms: 0, warmup_ms: 0 });
    expect(await engine.refusal('sweep.start', small)).toMatchObject({ code: 'session_busy' });
    await engine.get('session.command', { id: session.id, command: { command: 'stop' } });
    await engine.over();
    const { id } = await engine.get('sweep.start', small);
    expect(await engine.refusal('sweep.start', small)).toMatchObject({ code: 'sweep_busy' });
    expect(await engine.refusal('session.start', { mechanism: 'pipe', options: {} })).toMatchObject({
      code: 'sweep_busy',
    });
    expect(await engine.refusal('sweep.delete', { id })).toMatchObject({
      code: 'sweep_state',
      value: 'running',
    });
    await engine.get('sweep.command', { id, command: 'cancel' });
    await engine.start('pipe', { duration_ms: 50, warmup_ms: 0 });
  });

  it('pauses, leaves the machine to others meanwhile, and goes on where it was', async () => {
    const engine = await open();
    const told = progressOf(engine);
    const { id } = await engine.get('sweep.start', { ...small, duration_ms: 150 });
    await engine.until(() => told.some(({ done }) => done >= 2));
    await engine.get('sweep.command', { id, command: 'pause' });
    const { info, results } = await engine.get('sweep.open', { id });
    expect(info).toMatchObject({ state: 'paused', current: null });
    expect(leftovers()).toEqual([]);
    expect(await engine.refusal('sweep.command', { id, command: 'pause' })).toMatchObject({
      code: 'sweep_state',
      value: 'paused',
    });
    const session = await engine.start('pipe', { duration_ms: 0, warmup_ms: 0 });
    expect(await engine.refusal('sweep.command', { id, command: 'resume' })).toMatchObject({
      code: 'session_busy',
    });
    await engine.get('session.command', { id: session.id, command: { command: 'stop' } });
    await engine.over();
    expect((await engine.get('sweep.open', { id })).results).toEqual(results);
    await engine.get('sweep.command', { id, command: 'resume' });
    const end = await settled(engine, id, 'finished');
    expect(end).toMatchObject({ done: STEPS, failed: 0 });
    expect((await engine.get('sweep.open', { id })).results.slice(0, results.length)).toEqual(results);
  });

  it('takes a command that comes before the one before it is through', async () => {
    const engine = await open();
    const told = progressOf(engine);
    const { id } = await engine.get('sweep.start', small);
    const states: SweepProgress['state'][] = [];
    engine.engine.onSweep(({ state }) => states.push(state));
    await engine.until(() => told.some(({ done }) => done >= 1));
    const paused = engine.get('sweep.command', { id, command: 'pause' });
    await engine.until(() => states.includes('paused'));
    await engine.get('sweep.command', { id, command: 'resume' });
    await paused;
    await engine.until(() => told.some(({ done }) => done >= 2));
    const cancelled = engine.get('sweep.command', { id, command: 'cancel' });
    await engine.until(() => states.includes('cancelled'));
    await engine.start('pipe', { duration_ms: 50, warmup_ms: 0 });
    await cancelled;
  });

  it('that is cancelled keeps what is done, and can still be taken up again', async () => {
    const engine = await open();
    const told = progressOf(engine);
    const { id } = await engine.get('sweep.start', small);
    await engine.until(() => told.some(({ done }) => done >= 3));
    await engine.get('sweep.command', { id, command: 'cancel' });
    const { info, results } = await engine.get('sweep.open', { id });
    expect(info.state).toBe('cancelled');
    expect(results.length).toBeGreaterThanOrEqual(3);
    expect(results.length).toBeLessThan(STEPS);
    expect(leftovers()).toEqual([]);
    await engine.get('sweep.command', { id, command: 'resume' });
    expect(await settled(engine, id, 'finished')).toMatchObject({ done: STEPS });
    expect(await engine.refusal('sweep.command', { id, command: 'resume' })).toMatchObject({
      value: 'finished',
    });
  });

  it('whose app ended without a word is offered, not begun by itself, and goes on in the same order', async () => {
    const folder = await newFolder();
    const first = await openOn(folder);
    const told = progressOf(first);
    const { id } = await first.get('sweep.start', small);
    await first.until(() => told.some(({ done }) => done >= 3));
    await first.engine.close();
    // What kill -9 leaves: nobody said how it ended, and half a line of the next result.
    const path = join(folder, 'sweeps', id, 'sweep.json');
    const file = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(
      path,
      JSON.stringify({ ...file, state: 'running', writer: { pid: 2 ** 22 + 1, start: '1' } }),
    );
    const log = join(folder, 'sweeps', id, 'results.ndjson');
    await appendFile(log, '{"cell":1,"repet');

    const engine = await openOn(folder);
    const [info] = await engine.get('sweep.list');
    expect(info).toMatchObject({ id, state: 'interrupted' });
    const before = await engine.get('sweep.open', { id });
    expect(before.unreadable).toBe(1);
    expect(before.results.length).toBeGreaterThanOrEqual(3);
    await engine.get('sweep.command', { id, command: 'resume' });
    await settled(engine, id, 'finished');
    const { results } = await engine.get('sweep.open', { id });
    expect(results.slice(0, before.results.length)).toEqual(before.results);
    expect(results).toHaveLength(STEPS);
    expect(results.map(({ repetition }) => repetition)).toEqual([...Array(8).fill(0), ...Array(8).fill(1)]);
    // The half line is gone, not glued to the next one.
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(STEPS);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('that another process runs is left alone', async () => {
    const folder = await newFolder();
    const first = await openOn(folder);
    const { id } = await first.get('sweep.start', small);
    await first.engine.close();
    const path = join(folder, 'sweeps', id, 'sweep.json');
    const file = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(
      path,
      JSON.stringify({ ...file, state: 'running', writer: { pid: process.ppid, start: null } }),
    );
    const engine = await openOn(folder);
    expect(await engine.get('sweep.list')).toMatchObject([{ id, state: 'elsewhere' }]);
    for (const command of ['pause', 'resume', 'cancel'] as const) {
      expect(await engine.refusal('sweep.command', { id, command })).toMatchObject({ value: 'elsewhere' });
    }
    expect(await engine.refusal('sweep.delete', { id })).toMatchObject({ code: 'sweep_state' });
  });

  it('stops within 2 s when the app closes, and is interrupted then', async () => {
    const folder = await newFolder();
    const engine = await openOn(folder);
    const { id } = await engine.get('sweep.start', { ...small, duration_ms: 30_000 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = Date.now();
    await engine.engine.close();
    expect(Date.now() - began).toBeLessThan(2000);
    const later = await openOn(folder);
    expect(await later.get('sweep.list')).toMatchObject([{ id, state: 'interrupted', done: 0 }]);
    expect(leftovers()).toEqual([]);
  });

  it('goes on when a cell fails, and says which and why', async () => {
    const engine = await open(await failingHelper());
    const { id } = await engine.get('sweep.start', small);
    const info = await settled(engine, id, 'finished');
    const { plan, results } = await engine.get('sweep.open', { id });
    expect(info).toMatchObject({ done: STEPS, failed: 4 });
    const failed = results.filter(({ error }) => error !== null);
    expect(failed).toHaveLength(4);
    for (const { cell, figures, error } of failed) {
      expect(plan.cells[cell]).toMatchObject({ mechanism: 'shm', size_bytes: 1024 });
      expect(figures).toBeNull();
      expect(error).toMatchObject({ code: 'limit_reached', where: 'ftruncate', errno: 'ENOSPC' });
    }
  });

  it('pauses by itself when its helper is gone, and goes on when it is back', async () => {
    const path = await failingHelper();
    const engine = await open(path);
    const script = await readFile(path, 'utf8');
    const told = progressOf(engine);
    const { id } = await engine.get('sweep.start', small);
    await engine.until(() => told.some(({ done }) => done >= 2));
    await writeFile(path, '#!/nowhere/at/all\n');
    const info = await settled(engine, id, 'paused');
    expect(info.error).toMatchObject({ code: 'helper_missing' });
    await writeFile(path, script);
    await engine.get('sweep.command', { id, command: 'resume' });
    expect(await settled(engine, id, 'finished')).toMatchObject({ done: STEPS, error: null });
  });

  it('leaves out beforehand what this system cannot do, and refuses what leaves nothing', async () => {
    const engine = await open();
    const signal = [{ mechanism: 'signal', variant: 'plain' }];
    expect(await engine.refusal('sweep.start', { ...small, channels: signal })).toMatchObject({
      code: 'sweep_empty',
    });
    const { id } = await engine.get('sweep.start', { ...small, channels: [...small.channels, ...signal] });
    const { plan, info } = await engine.get('sweep.open', { id });
    expect(info.steps).toBe(STEPS);
    expect(plan.left_out).toMatchObject([
      { mechanism: 'signal', pattern: 'stream', sizes_bytes: [64, 1024] },
      { mechanism: 'signal', pattern: 'pingpong', sizes_bytes: [64, 1024] },
    ]);
    await engine.get('sweep.command', { id, command: 'cancel' });
  });
});

describe('kept sweeps', () => {
  it('are deleted and taken back', async () => {
    const engine = await open();
    const { id } = await engine.get('sweep.start', { ...small, repetitions: 1, patterns: ['stream'] });
    await settled(engine, id, 'finished');
    const before = await engine.get('sweep.open', { id });
    await engine.get('sweep.delete', { id });
    expect(await engine.get('sweep.list')).toEqual([]);
    expect(await engine.refusal('sweep.open', { id })).toMatchObject({ code: 'sweep_unknown', value: id });
    await engine.get('sweep.restore', { id });
    expect(await engine.get('sweep.open', { id })).toEqual(before);
    expect(await engine.refusal('sweep.restore', { id })).toMatchObject({ code: 'sweep_unknown' });
  });

  it('are deleted as soon as they say that they were cancelled', async () => {
    const engine = await open();
    const told = progressOf(engine);
    const { id } = await engine.get('sweep.start', { ...small, duration_ms: 1000 });
    await engine.until(() => told.some(({ current }) => current !== null));
    // The last measurement is still being ended when the second arrives.
    await Promise.all([
      engine.get('sweep.command', { id, command: 'cancel' }),
      engine.get('sweep.delete', { id }),
    ]);
    expect(await engine.get('sweep.list')).toEqual([]);
  });

  it('that are damaged or of a newer version are listed as such, and can be deleted', async () => {
    const folder = await newFolder();
    const first = await openOn(folder);
    const spec = { ...small, repetitions: 1, patterns: ['stream'] };
    const ids: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { id } = await first.get('sweep.start', spec);
      await settled(first, id, 'finished');
      ids.push(id);
    }
    await first.engine.close();
    for (const [i, change] of [{ format: 2 }, { plan: 'none' }].entries()) {
      const path = join(folder, 'sweeps', ids[i] ?? '', 'sweep.json');
      const file = JSON.parse(await readFile(path, 'utf8')) as object;
      await writeFile(path, JSON.stringify({ ...file, ...change }));
    }
    const later = await openOn(folder);
    const list = await later.get('sweep.list');
    expect(list.map(({ state }) => state).sort()).toEqual(['damaged', 'newer']);
    for (const { id } of list) await later.get('sweep.delete', { id });
    expect(await later.get('sweep.list')).toEqual([]);
  });

  it('of another machine are shown, but not gone on with', async () => {
    const folder = await newFolder();
    const first = await openOn(folder);
    const { id } = await first.get('sweep.start', small);
    await first.get('sweep.command', { id, command: 'cancel' });
    await first.engine.close();
    const path = join(folder, 'sweeps', id, 'sweep.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/"cpus": \d+/, '"cpus": 1234'));
    const later = await openOn(folder);
    expect((await later.get('sweep.open', { id })).machine.cpus).toBe(1234);
    expect(await later.refusal('sweep.command', { id, command: 'resume' })).toMatchObject({
      code: 'sweep_moved',
    });
  });

  it('are exported: every measurement as CSV, medians as Markdown', async () => {
    const engine = await open();
    const { id } = await engine.get('sweep.start', small);
    await settled(engine, id, 'finished');
    const csv = await engine.get('sweep.export', { id, format: 'csv', locale: 'en' });
    const [head = '', ...rows] = csv.text.trimEnd().split('\r\n');
    expect(csv.name).toBe(`${id}.csv`);
    expect(head.split(',').slice(0, 5)).toEqual([
      'mechanism',
      'variant',
      'pattern',
      'size_bytes',
      'repetition',
    ]);
    expect(rows).toHaveLength(STEPS);
    for (const row of rows) expect(row.split(',')).toHaveLength(head.split(',').length);
    const markdown = await engine.get('sweep.export', { id, format: 'markdown', locale: 'en' });
    expect(markdown.text).toContain('## pingpong');
    expect(markdown.text).toMatch(/\| pipe \| [\d.,]+.*\/s.*\| [\d.,]+.*\/s.*\|/);
    const korean = await engine.get('sweep.export', { id, format: 'markdown', locale: 'ko' });
    expect(korean.text).toContain('중앙값');
  });

  it('a name that is none of a sweep is refused at the border', async () => {
    const engine = await open();
    for (const id of ['../../etc', '20260101-000000-pipe-0000', '']) {
      expect(await engine.refusal('sweep.open', { id })).toMatchObject({ code: 'bad_request' });
    }
    expect(await engine.refusal('sweep.start', { ...small, repetitions: 0 })).toMatchObject({
      code: 'bad_request',
    });
  });
});

/** The real helper, but shared memory of 1 KiB messages finds the system's room used up. */
async function failingHelper(): Promise<string> {
  return badHelper(`
const { spawn } = await import('node:child_process');
const args = process.argv.slice(2);
const at = (flag) => args[args.indexOf(flag) + 1];
if (args[0] === 'run' && args[1] === 'shm' && at('--size') === '1024') {
  print({ t: 'error', elapsed_ns: 0, fatal: true, code: 'limit_reached', message: 'no room', remedy: 'r', where: 'ftruncate', errno: 'ENOSPC' });
  process.exit(3);
}
const child = spawn(${JSON.stringify(helper)}, args, { stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 1));
`);
}
