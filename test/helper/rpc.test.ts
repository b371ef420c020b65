/** Our ONC RPC speaks with that of others: stubs by rpcgen, linked with libtirpc; and what it does with broken records. */
import { execFileSync, spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { helper } from '../support/helper.ts';

const sources = fileURLToPath(new URL('../rpc/', import.meta.url));
const libtirpc = '/usr/include/tirpc';
const others = existsSync(`${libtirpc}/rpc/rpc.h`) && spawnSync('rpcgen', ['--version']).error === undefined;
const KINDS = ['tcp', 'udp'];

const servers: ChildProcessWithoutNullStreams[] = [];

/** Starts a server that ends with its standard input; answers the first line it prints. */
async function start(program: string, ...args: string[]): Promise<string> {
  const server = spawn(program, args);
  servers.push(server);
  let complaints = '';
  server.stderr.on('data', (data: Buffer) => (complaints += data.toString()));
  const lines = createInterface({ input: server.stdout });
  return new Promise((resolve, reject) => {
    lines.once('line', resolve);
    server.once('error', reject);
    server.once('close', (code) => reject(new Error(`${program} ended with ${code}: ${complaints}`)));
  });
}

/** Starts our server; answers its port. */
async function serve(kind: string): Promise<number> {
  const told: unknown = JSON.parse(await start(helper, 'rpc', 'serve', '--port', '0', '--kind', kind));
  expect(told).toMatchObject({
    t: 'rpc_serving',
    kind,
    address: '127.0.0.1',
    program: 0x20495043,
    version: 1,
  });
  return (told as { port: number }).port;
}

/** Makes one call with our client. */
function call(...args: string[]): { reply: unknown; code: number | null } {
  const { stdout, status } = spawnSync(helper, ['rpc', 'call', ...args], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return { reply: JSON.parse(stdout), code: status };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    const ended = new Promise((done) => server.once('close', done));
    if (server.exitCode === null) server.stdin.end();
    else continue;
    await ended;
  }
});

describe.each(KINDS)('our client and our server over %s', (kind) => {
  it('call every procedure', async () => {
    const to = ['--kind', kind, '--port', String(await serve(kind))];
    const results = (...args: string[]): unknown => {
      const { reply, code } = call(...to, ...args);
      expect(code).toBe(0);
      expect(reply).toMatchObject({ t: 'rpc_reply', status: 'SUCCESS' });
      return (reply as { results: unknown }).results;
    };
    expect(results()).toEqual({});
    expect(results('--procedure', 'echo', '--text', '안녕')).toEqual({ content: '안녕' });
    expect(results('--procedure', 'sum', '--numbers', '1,2,-10')).toEqual({ sum: '-7' });
    expect(results('--procedure', 'sum', '--numbers', '9223372036854775807')).toEqual({
      sum: '9223372036854775807',
    });
    expect(results('--procedure', 'describe', '--text', 'abc', '--name', 'n', '--owner', 'o')).toEqual({
      summary: 'n of o, 3 bytes',
      bytes: 3,
      text: true,
      content: 'abc',
    });
  });

  it('say what the server refuses', async () => {
    const to = ['--kind', kind, '--port', String(await serve(kind))];
    expect(call(...to, '--version', '9')).toMatchObject({
      code: 1,
      reply: { status: 'PROG_MISMATCH', low: 1, high: 1 },
    });
    expect(call(...to, '--program', '7')).toMatchObject({ code: 1, reply: { status: 'PROG_UNAVAIL' } });
  });
});

it('a call to a port where nobody listens is a typed error', () => {
  expect(call('--port', '1')).toMatchObject({
    code: 3,
    reply: { t: 'error', code: 'system_refused', errno: 'ECONNREFUSED' },
  });
});

describe('records on a connection', () => {
  const NULL_CALL =
    '00001234 00000000 00000002 20495043 00000001 00000000 00000000 00000000 00000000 00000000';
  const NULL_REPLY = '80000018 00001234 00000001 00000000 00000000 00000000 00000000';
  const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

  /** Sends bytes, closing behind them when `end`; answers what came back until the server closed. */
  async function exchange(port: number, hex: string, end: boolean): Promise<string> {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString('hex')));
    socket.on('error', () => undefined);
    const closed = new Promise<void>((done) => socket.on('close', () => done()));
    if (end) socket.end(bytes(hex));
    else socket.write(bytes(hex));
    await closed;
    return answer;
  }

  it('in one fragment or several, and one call after the other, are answered', async () => {
    const port = await serve('tcp');
    const once = bytes(NULL_REPLY).toString('hex');
    expect(await exchange(port, `80000028 ${NULL_CALL}`, true)).toBe(once);
    const parts = `00000004 00001234 00000000 80000024 ${NULL_CALL.slice(9)}`;
    expect(await exchange(port, parts, true)).toBe(once);
    expect(await exchange(port, `80000028 ${NULL_CALL} ${parts}`, true)).toBe(once + once);
  });

  it('that are cut short, too long or no call close the connection without a word', async () => {
    const port = await serve('tcp');
    expect(await exchange(port, `80000028 ${NULL_CALL.slice(0, 60)}`, true)).toBe('');
    // These three are closed by the server while the client keeps its end open.
    expect(await exchange(port, '80000004 00001234', false)).toBe('');
    expect(await exchange(port, 'ffffffff 00001234', false)).toBe('');
    expect(await exchange(port, `80000028 ${NULL_CALL.replace('00000000', '00000001')}`, false)).toBe('');
    // And the server goes on.
    expect(call('--port', String(port))).toMatchObject({ code: 0 });
  });

  it('of one client that stops halfway do not hold up another', async () => {
    const port = await serve('tcp');
    const halfway = connect(port, '127.0.0.1');
    await new Promise<void>((done) => halfway.write(bytes('80000028 00001234'), () => done()));
    expect(call('--port', String(port))).toMatchObject({ code: 0 });
    halfway.destroy();
  });
});

const named = others ? 'rpcgen and libtirpc' : 'rpcgen and libtirpc (apt install rpcsvc-proto libtirpc-dev)';

describe.skipIf(!others)(named, () => {
  let folder = '';
  const made = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ipc-scope-rpc-'));
    const run = (program: string, ...args: string[]): void => {
      execFileSync(program, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    };
    for (const name of ['ipc_scope.x', 'client.c', 'server.c']) copyFileSync(sources + name, made(name));
    const parts = { '-h': 'ipc_scope.h', '-l': 'stubs.c', '-m': 'dispatch.c', '-c': 'xdr.c' };
    for (const [flag, name] of Object.entries(parts))
      run('rpcgen', '-C', '-N', '-M', flag, '-o', name, 'ipc_scope.x');
    const compile = ['-D_GNU_SOURCE', `-I${libtirpc}`, '-w', '-o'];
    run('cc', ...compile, 'client', 'client.c', 'stubs.c', 'xdr.c', '-ltirpc');
    run('cc', ...compile, 'server', 'server.c', 'dispatch.c', 'xdr.c', '-ltirpc');
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(KINDS)('their client understands our server over %s', async (kind) => {
    const port = await serve(kind);
    const { stdout, stderr } = spawnSync(made('client'), [kind, String(port)], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      'null: RPC: Success',
      'echo 0: same',
      'echo 5: same',
      'echo 8000: same',
      ...(kind === 'tcp' ? ['echo 1000003: same'] : []),
      'sum: 8999999999999999991',
      'describe: greeting of libtirpc, 5 bytes; 5; text; hello',
      'program: RPC: Program unavailable',
      'version: RPC: Program/version mismatch',
      'procedure: RPC: Procedure unavailable',
      "arguments: RPC: Server can't decode arguments",
    ]);
  });

  it.each(KINDS)('our client understands their server over %s', async (kind) => {
    const to = ['--kind', kind, '--port', await start(made('server'), kind)];
    expect(call(...to)).toMatchObject({ code: 0, reply: { status: 'SUCCESS' } });
    expect(call(...to, '--procedure', 'echo', '--text', 'x'.repeat(5001))).toMatchObject({
      reply: { status: 'SUCCESS', results: { content: 'x'.repeat(5001) } },
    });
    expect(call(...to, '--procedure', 'sum', '--numbers', '1,2,-10')).toMatchObject({
      reply: { results: { sum: '-7' } },
    });
    expect(
      call(...to, '--procedure', 'describe', '--text', 'abc', '--name', 'n', '--owner', 'o'),
    ).toMatchObject({
      reply: { results: { summary: 'n, says libtirpc to o', bytes: 3, text: true, content: 'abc' } },
    });
    expect(call(...to, '--version', '9')).toMatchObject({
      code: 1,
      reply: { status: 'PROG_MISMATCH', low: 1, high: 1 },
    });
    expect(call(...to, '--program', '7')).toMatchObject({ code: 1, reply: { status: 'PROG_UNAVAIL' } });
  });
});
