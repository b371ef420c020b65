/** The other commands of the terminal, each as a person types it. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shell } from './support.ts';

const SHORT = ['--duration', '200ms', '--warmup', '0'];

describe('ipc-scope', () => {
  it('explains itself', async () => {
    const { run } = await shell();
    const { code, out } = await run('--help');
    expect(code).toBe(0);
    for (const command of ['run', 'list', 'runs', 'serve', 'doctor']) expect(out).toContain(`  ${command} `);
    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(['run', 'list', 'runs', 'serve', 'doctor', 'sweep'])(
    '%s --help tells its flags',
    async (command) => {
      const { run } = await shell();
      const { code, out } = await run(command, '--help');
      expect(code).toBe(0);
      expect(out).toContain(`ipc-scope ${command}`);
      expect(out).toContain('--help');
    },
  );

  it('refuses what it does not know', async () => {
    const { run } = await shell();
    expect(await run('frobnicate')).toMatchObject({
      code: 2,
      err: expect.stringContaining('run, list, runs'),
    });
    expect(await run()).toMatchObject({ code: 2 });
    expect(await run('constructor')).toMatchObject({ code: 2 });
    expect(await run('list', '--bogus')).toMatchObject({ code: 2 });
    expect(await run('doctor', 'who')).toMatchObject({ code: 2 });
  });
});

describe('settings that are damaged', () => {
  it('are told on stderr, once, in the language of the terminal', async () => {
    const { run, folder } = await shell({ LC_ALL: 'ko_KR.UTF-8' });
    await writeFile(join(folder, 'settings.json'), '{');
    expect(await run('runs')).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringMatching(/설정 파일을 읽을 수 없어.*\n.*settings\.damaged-/),
    });
    expect((await run('runs')).err).not.toContain('설정');
  });
});

describe('ipc-scope list', () => {
  it('shows every mechanism with patterns, variants and options, from describe', async () => {
    const { run } = await shell();
    const { code, out } = await run('list');
    expect(code).toBe(0);
    for (const id of ['pipe', 'tcp', 'shm']) expect(out).toMatch(new RegExp(`^${id} \\(`, 'm'));
    expect(out).toMatch(/--size +1\.\.16777216 \(B, KiB, MiB, GiB\)/);
    const json = JSON.parse((await run('list', 'shm', '--json')).out);
    expect(json.mechanisms.map(({ id }: { id: string }) => id)).toEqual(['shm']);
    expect(await run('list', 'smoke_signals')).toMatchObject({ code: 2 });
  });
});

describe('ipc-scope runs', () => {
  it('says so where there are none', async () => {
    const { run } = await shell();
    expect(await run('runs')).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('no recorded runs'),
    });
    expect(await run('runs', 'show', 'last')).toMatchObject({ code: 2 });
  });

  it('lists, shows, exports and deletes', async () => {
    const { run, folder } = await shell();
    await run('run', 'pipe', ...SHORT);
    const [{ id }] = JSON.parse((await run('runs', '--json')).out);
    expect((await run('runs')).out).toContain(id);

    const shown = await run('runs', 'show', id);
    expect(shown.out).toMatch(/pipe · plain · stream/);
    expect((await run('runs', 'show', 'last')).out).toBe(shown.out);
    expect(JSON.parse((await run('runs', 'show', id, '--json')).out)).toMatchObject({ info: { id } });

    const csv = await run('runs', 'export', id, '--format', 'csv');
    expect(csv.out).toMatch(/^elapsed_s,messages_per_s,/);
    const file = join(folder, 'out.json');
    expect(await run('runs', 'export', id, '--format', 'json', '--out', file)).toMatchObject({
      code: 0,
      out: '',
    });
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ id });
    const report = await run('runs', 'export', id, '--format', 'html');
    expect(report).toMatchObject({ code: 0, err: '' });
    expect(report.out).toMatch(/^<!doctype html>\n<html lang="en">[\s\S]*<\/html>\n$/);
    expect(report.out.match(/<figure><svg /g)).toHaveLength(10);
    expect(report.out).toContain(`<code>${id}</code>`);
    expect(await run('runs', 'export', id, '--format', 'json', '--out', '/nowhere/x')).toMatchObject({
      code: 3,
    });
    expect(await run('runs', 'export', id, '--format', 'png')).toMatchObject({ code: 2 });
    expect(await run('runs', 'export', id)).toMatchObject({ code: 2 });

    expect(await run('runs', 'delete', id)).toMatchObject({ code: 0 });
    expect(JSON.parse((await run('runs', '--json')).out)).toEqual([]);
    expect(await run('runs', 'show', id)).toMatchObject({ code: 2, err: expect.stringContaining(id) });
  });

  it('tells a run of a newer format from a damaged one', async () => {
    const { run, folder } = await shell();
    const id = '20261121-041500-pipe-7f3a';
    await mkdir(join(folder, 'runs', id), { recursive: true });
    await writeFile(join(folder, 'runs', id, 'run.json'), '{"format":99}');
    expect((await run('runs')).out).toMatch(new RegExp(`^${id} .*newer format`, 'm'));
    expect(await run('runs', 'show', id)).toMatchObject({
      code: 3,
      err: expect.stringContaining('format 99'),
    });
  });

  it.each([['../../etc'], ['20260101-000000-pipe-0000'], ['']])('refuses the name %j', async (id) => {
    const { run } = await shell();
    expect(await run('runs', 'show', id)).toMatchObject({
      code: 2,
      err: expect.stringContaining(`There is no run ${id}`),
    });
  });

  it('survives a reader that has seen enough', async () => {
    const { begin } = await shell();
    const list = begin('list');
    list.child.stdout.destroy();
    expect(await list.ended).toMatchObject({ code: 0, err: '' });
  });
});

describe('ipc-scope doctor', () => {
  it('finds that everything is there', async () => {
    const { run } = await shell();
    const { code, out } = await run('doctor');
    expect(out).toMatch(/✓ helper .* answers, protocol 1/);
    expect(out).toContain('CLOCK_MONOTONIC');
    expect(out).not.toContain('✗');
    expect(code).toBe(0);
  });

  it('says what is missing, and goes on with the rest', async () => {
    const { run } = await shell({ IPC_SCOPE_HELPER: '/nowhere/ipc-helper', IPC_SCOPE_DATA: '/dev/null/x' });
    const { code, out } = await run('doctor');
    expect(code).toBe(1);
    expect(out).toMatch(/✗ .*\/nowhere\/ipc-helper/);
    expect(out).toMatch(/✗ data folder \/dev\/null\/x/);
    expect(out).toMatch(/✓ Node/);
  });
});

describe('ipc-scope serve', () => {
  it('prints the address, answers there, and ends by Ctrl-C', async () => {
    const { begin } = await shell();
    const server = begin('serve', '--port', '0');
    const url = await server.until(() => /http:\/\/\S+/.exec(server.out)?.[0]);
    const page = await fetch(url, { redirect: 'manual' });
    expect(page.status).toBeLessThan(400);
    server.interrupt();
    expect(await server.ended).toMatchObject({ code: 0 });
  });

  it('beside another one on the same folder says where that is, without its token', async () => {
    const { begin, run, folder } = await shell();
    const first = begin('serve', '--port', '0');
    const url = new URL(await first.until(() => /http:\/\/\S+/.exec(first.out)?.[0]));
    const second = await run('serve', '--port', '0');
    expect(second).toMatchObject({ code: 3, out: '', err: expect.stringContaining(url.host) });
    expect(second.err).toContain('running already');
    expect(second.err).not.toContain(url.searchParams.get('token'));
    expect(await readFile(join(folder, 'app.lock'), 'utf8')).not.toContain(url.searchParams.get('token'));
    // A single measurement is a person's own choice.
    expect(await run('run', 'pipe', ...SHORT)).toMatchObject({ code: 0 });

    // Whoever is killed leaves nothing that anybody would have to remove.
    first.child.kill('SIGKILL');
    await first.ended;
    const third = begin('serve', '--port', '0');
    await third.until(() => /http:\/\/\S+/.exec(third.out)?.[0]);
    third.interrupt();
    expect(await third.ended).toMatchObject({ code: 0 });
    expect(await readdir(folder)).not.toContain('app.lock');
  });

  it('refuses a taken port that was asked for, and finds another one otherwise', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address() as AddressInfo;
    const { run } = await shell();
    const refused = await run('serve', '--port', String(port));
    expect(refused).toMatchObject({ code: 3, err: expect.stringContaining(String(port)) });
    blocker.close();
    expect(await run('serve', '--port', '70000')).toMatchObject({ code: 2 });
  });
});
