/** Whatever stands in the helper's place, the engine answers with a typed error and goes on. */
import { isAlive } from '../support/helper.ts';
import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeFrame, hello, summary, tick } from '../../electron/contract/test-frames.ts';
import { badHelper, newFolder, open } from './support.ts';

const PIPE = { mechanism: 'pipe', options: {} };

/** A helper that describes itself well, and misbehaves in a session. */
const inSession = (script: string): Promise<string> =>
  badHelper(`
if (command === 'describe') print(${JSON.stringify(describeFrame())});
else if (command === 'clean') print({ t: 'cleaned', removed: [] });
else { ${script} }
`);
const HELLO = JSON.stringify(hello());
const TICK = JSON.stringify(tick(1));
const SUMMARY = JSON.stringify(summary());

describe('a helper that', () => {
  it('is missing', async () => {
    const engine = await open('/nowhere/ipc-helper');
    expect(await engine.refusal('helper.describe')).toMatchObject({
      code: 'helper_missing',
      where: '/nowhere/ipc-helper',
      errno: 'ENOENT',
    });
    expect(await engine.refusal('session.start', PIPE)).toMatchObject({ code: 'helper_missing' });
  });

  it('may not be executed', async () => {
    const path = await badHelper('', 0o644);
    const engine = await open(path);
    expect(await engine.refusal('helper.describe')).toMatchObject({
      code: 'helper_not_executable',
      where: path,
      errno: 'EACCES',
    });
  });

  it('is a folder', async () => {
    const engine = await open(await newFolder());
    expect(await engine.refusal('helper.describe')).toMatchObject({ code: 'helper_not_executable' });
  });

  it('says nothing for 5 s is ended', async () => {
    const engine = await open(await badHelper('linger();'));
    const began = Date.now();
    expect(await engine.refusal('helper.describe')).toMatchObject({ code: 'helper_silent' });
    expect(Date.now() - began).toBeGreaterThan(4900);
    expect(Date.now() - began).toBeLessThan(7000);
  });

  it('speaks another protocol', async () => {
    const path = await badHelper(`print({ t: 'describe', protocol: 7, whatever: true });`);
    const engine = await open(path);
    expect(await engine.refusal('helper.describe')).toMatchObject({
      code: 'helper_protocol',
      value: '7',
      allowed: '1',
    });
  });

  it('prints garbage', async () => {
    const engine = await open(await badHelper(`print('Segmentation fault (core dumped)');`));
    expect(await engine.refusal('helper.describe')).toMatchObject({
      code: 'helper_bad_frame',
      value: 'Segmentation fault (core dumped)',
    });
  });

  it('crashes', async () => {
    const path = await badHelper(
      `process.stderr.write('out of luck\\n'); process.kill(process.pid, 'SIGSEGV');`,
    );
    const engine = await open(path);
    expect(await engine.refusal('helper.describe')).toMatchObject({
      code: 'helper_crashed',
      message: expect.stringMatching(/signal SIGSEGV: out of luck/),
    });
  });

  it('was missing is found as soon as it is built', async () => {
    const folder = await newFolder();
    const path = join(folder, 'late');
    const engine = await open(path);
    expect(await engine.refusal('helper.describe')).toMatchObject({ code: 'helper_missing' });
    const text = `#!${process.execPath}\nprocess.stdout.write(${JSON.stringify(`${JSON.stringify(describeFrame())}\n`)});`;
    await writeFile(path, text, { mode: 0o755 });
    expect(await engine.get('helper.describe')).toEqual(describeFrame());
  });
});

describe('a session whose helper', () => {
  it('refuses to start answers with the helper’s own error, and is no run', async () => {
    const engine = await open(
      await inSession(
        `print({ t: 'error', elapsed_ns: 0, fatal: true, code: 'system_refused', message: 'no pipes left', remedy: 'close some', where: 'pipe', errno: 'EMFILE' }); process.exitCode = 3;`,
      ),
    );
    expect(await engine.refusal('session.start', PIPE)).toEqual({
      code: 'system_refused',
      message: 'no pipes left',
      remedy: 'close some',
      where: 'pipe',
      errno: 'EMFILE',
    });
    expect(engine.states()).toEqual(['starting', 'failed']);
    expect(await engine.get('runs.list')).toEqual([]);
    expect(await engine.get('session.list')).toEqual([]);
  });

  it('is silent is ended after 5 s, and is no run', async () => {
    const engine = await open(await inSession('linger();'));
    expect(await engine.refusal('session.start', PIPE)).toMatchObject({ code: 'helper_silent' });
    expect(engine.states()).toEqual(['starting', 'failed']);
    expect(await engine.get('runs.list')).toEqual([]);
  });

  it('speaks another protocol is refused', async () => {
    const engine = await open(await inSession(`print({ ...${HELLO}, protocol: 2 }); linger();`));
    expect(await engine.refusal('session.start', PIPE)).toMatchObject({
      code: 'helper_protocol',
      value: '2',
    });
  });

  it('ends without a word is crashed', async () => {
    const engine = await open(await inSession(''));
    expect(await engine.refusal('session.start', PIPE)).toMatchObject({
      code: 'helper_crashed',
      message: 'exit 0',
    });
  });

  it('prints a line of garbage among its frames goes on; the line is told and recorded', async () => {
    const engine = await open(
      await inSession(`print(${HELLO}); print('gar\\u0007bage'); print(${TICK}); print(${SUMMARY});`),
    );
    const { id } = await engine.get('session.start', PIPE);
    expect(await engine.over()).toMatchObject({ messages: 1000 });
    expect(engine.states()).toEqual(['starting', 'running', 'finished']);
    expect(engine.events.filter(({ event }) => event === 'error')).toMatchObject([
      { fatal: false, error: { code: 'helper_bad_frame', value: 'gar\ufffdbage' } },
    ]);
    expect(engine.frames('tick')).toHaveLength(1);
    const recorded = await engine.get('runs.open', { id });
    expect(recorded.errors).toMatchObject([{ code: 'helper_bad_frame' }]);
    expect(recorded.series?.rows).toBe(1);
  });

  it('splits characters and lines anywhere is understood', async () => {
    const engine = await open(
      await inSession(`
const text = Buffer.from([${HELLO}, { t: 'text', elapsed_ns: 1, who: '생산자', direction: 'out', text: '안녕 🎛' }, ${SUMMARY}].map((f) => JSON.stringify(f)).join('\\n') + '\\n');
let at = 0;
const step = () => { if (at < text.length) { process.stdout.write(text.subarray(at, at += 7)); setImmediate(step); } };
step();`),
    );
    await engine.get('session.start', PIPE);
    await engine.over();
    expect(engine.frames('text')).toMatchObject([{ who: '생산자', text: '안녕 🎛' }]);
    expect(engine.errors()).toEqual([]);
  });

  it('prints nothing but garbage is given up', async () => {
    const engine = await open(
      await inSession(`print(${HELLO}); for (let i = 0; i < 500; i++) print('garbage ' + i); linger();`),
    );
    await engine.get('session.start', PIPE);
    await engine.over();
    expect(engine.states().at(-1)).toBe('failed');
    const errors = engine.events.filter(({ event }) => event === 'error');
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toMatchObject({ fatal: true, error: { code: 'helper_bad_frame' } });
  });

  it('prints a line without end is not listened to for ever', async () => {
    const engine = await open(
      await inSession(
        `print(${HELLO}); for (let i = 0; i < 40; i++) process.stdout.write('x'.repeat(65536)); print(''); print(${TICK}); print(${SUMMARY});`,
      ),
    );
    await engine.get('session.start', PIPE);
    expect(await engine.over()).toBeDefined();
    expect(engine.errors()).toMatchObject([
      { code: 'helper_bad_frame', message: expect.stringContaining('1 MiB') },
    ]);
  });

  it('crashes half-way keeps what was measured, with the reason', async () => {
    const engine = await open(
      await inSession(
        `print(${HELLO}); print(${TICK}); process.stderr.write('assertion failed\\n'); setTimeout(() => process.exit(134), 50);`,
      ),
    );
    const { id } = await engine.get('session.start', PIPE);
    expect(await engine.over()).toMatchObject({ messages: 50, ended_by: 'error' });
    expect(engine.events.slice(-4)).toMatchObject([
      {
        event: 'error',
        fatal: true,
        error: { code: 'helper_crashed', message: 'exit 134: assertion failed' },
      },
      { event: 'frame', frame: { t: 'note', code: 'supervisor_ended', params: { exit: 134 } } },
      { event: 'frame', frame: { t: 'summary' } },
      { event: 'state', state: 'failed' },
    ]);
    const recorded = await engine.get('runs.open', { id });
    expect(recorded.series?.rows).toBe(1);
    expect(recorded.errors).toMatchObject([{ code: 'helper_crashed' }]);
    expect(await engine.get('runs.list')).toMatchObject([{ id, state: 'failed', summary: { messages: 50 } }]);
  });

  it('does not hear stop is ended by force after 3 s', async () => {
    const engine = await open(await inSession(`print(${HELLO}); linger();`));
    const { id } = await engine.get('session.start', PIPE);
    const began = Date.now();
    await engine.get('session.command', { id, command: { command: 'stop' } });
    await engine.over();
    expect(Date.now() - began).toBeGreaterThan(2900);
    expect(Date.now() - began).toBeLessThan(5000);
    expect(engine.states()).toEqual(['starting', 'running', 'stopping', 'failed']);
    expect(engine.errors()).toMatchObject([{ code: 'helper_silent' }]);
  });

  it('falls silent in the middle of a session is ended after 5 s, and what was measured is kept', async () => {
    const engine = await open();
    await engine.start('pipe', { duration_ms: 0, warmup_ms: 0 });
    await engine.until(() => engine.frames('tick').length > 3);
    process.kill(engine.frames('hello')[0]?.pid ?? 0, 'SIGSTOP');
    await engine.over();
    expect(engine.states().at(-1)).toBe('failed');
    expect(engine.errors()).toMatchObject([{ code: 'helper_silent' }]);
    const pids = engine.frames('hello').flatMap((hello) => hello.processes.map(({ pid }) => pid));
    await engine.until(() => !pids.some(isAlive));
    const [run] = await engine.get('runs.list');
    expect(run).toMatchObject({ state: 'failed' });
    expect((await engine.get('runs.open', { id: run?.id ?? '' })).series?.rows).toBeGreaterThan(2);
  });

  it('does not end after its summary is ended, and finished', async () => {
    const engine = await open(await inSession(`print(${HELLO}); print(${SUMMARY}); linger();`));
    await engine.get('session.start', PIPE);
    await engine.over();
    expect(engine.states()).toEqual(['starting', 'running', 'finished']);
  });

  it('hangs does not keep the app from closing within 2 s', async () => {
    const engine = await open(await inSession(`print(${HELLO}); linger();`));
    const { id } = await engine.get('session.start', PIPE);
    const began = Date.now();
    await engine.engine.close();
    expect(Date.now() - began).toBeLessThan(2000);
    expect(engine.states().at(-1)).toBe('failed');
    expect((await readdir(join(engine.folder, 'runs'))).at(0)).toBe(id);
    await access(join(engine.folder, 'runs', id, 'run.json'));
  });
});

describe('a session that is stopped before it began', () => {
  it('is refused as such', async () => {
    const engine = await open(await inSession(`process.stdin.on('data', () => process.exit(0)); linger();`));
    const refused = engine.refusal('session.start', PIPE);
    const { session } = await engine.until(() => engine.events.find(({ event }) => event === 'state'));
    await engine.get('session.command', { id: session, command: { command: 'stop' } });
    expect(await refused).toMatchObject({ code: 'wrong_state', where: 'session.start' });
    expect(engine.states()).toEqual(['starting', 'stopping', 'failed']);
  });
});
