/** Who gets into the web shell and who does not, on real sockets. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { AppException } from '#contract/errors';
import { startWebShell, type WebShell } from '../../electron/web/server.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { eventually } from '../support/eventually.ts';

const base = mkdtempSync(join(tmpdir(), 'ipc-scope-web-'));
const rendererFolder = join(base, 'renderer');
const engine = fakeEngine();
let shell: WebShell;
let port = 0;
let token = '';
let cookie = '';

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Not fetch: it sets Host and Origin itself and normalizes paths. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, path, method, headers: { Host: `127.0.0.1:${port}`, ...headers } },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      },
    );
    request.on('error', reject).end();
  });
}

/** Opens the stream and answers the status of the refusal, or 101. */
function upgrade(headers: Record<string, string>, path = '/stream'): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
    socket.on('open', () => {
      socket.close();
      resolve(101);
    });
    socket.on('unexpected-response', (request, response) => {
      request.destroy();
      resolve(response.statusCode ?? 0);
    });
    socket.on('error', reject);
  });
}

beforeAll(async () => {
  mkdirSync(join(rendererFolder, 'assets'), { recursive: true });
  writeFileSync(join(rendererFolder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(rendererFolder, 'assets', 'app.js'), 'export {};');
  writeFileSync(join(base, 'secret.txt'), 'secret');
  symlinkSync(join(base, 'secret.txt'), join(rendererFolder, 'link.txt'));
  shell = await startWebShell({ engine, rendererFolder, port: 0, metrics: true });
  const url = new URL(shell.url);
  port = Number(url.port);
  token = url.searchParams.get('token') ?? '';
  cookie = `ipc-scope-${port}=${token}`;
});
afterAll(async () => {
  await shell.close();
  rmSync(base, { recursive: true, force: true });
});

describe('token and cookie', () => {
  test('the printed address sets a strict cookie and leads to the page without the token', async () => {
    const reply = await ask(`/?token=${token}`);
    expect(reply.status).toBe(303);
    expect(reply.headers.location).toBe('/');
    expect(reply.headers['set-cookie']).toEqual([`${cookie}; Path=/; HttpOnly; SameSite=Strict`]);
    expect((await ask('/', { Cookie: cookie })).body).toContain('<title>page</title>');
  });

  test('every start has another token', async () => {
    const other = await startWebShell({ engine, rendererFolder, port: 0, metrics: false });
    expect(new URL(other.url).searchParams.get('token')).not.toBe(token);
    await other.close();
  });

  test.each(['/', '/index.html', '/assets/app.js', '/metrics', '/nothing', '/?token=', '/?token=wrong'])(
    '%s without the cookie is 401, in plain words of both languages',
    async (path) => {
      const reply = await ask(path);
      expect(reply.status).toBe(401);
      expect(reply.headers['set-cookie']).toBeUndefined();
      expect(reply.body).toContain('token');
      expect(reply.body).toContain('토큰');
      expect(reply.body).not.toContain('<script');
    },
  );

  test('a wrong cookie is 401, and the token opens nothing but the start page', async () => {
    expect((await ask('/', { Cookie: `ipc-scope-${port}=${token.slice(0, -1)}` })).status).toBe(401);
    expect((await ask(`/assets/app.js?token=${token}`)).status).toBe(401);
  });
});

describe('host and origin', () => {
  test.each(['evil.example', 'evil.example:80', '127.0.0.1', 'localhost:1', '[::1]:80'])(
    'Host %s is refused even with the cookie',
    async (host) => {
      expect((await ask('/', { Host: host, Cookie: cookie })).status).toBe(421);
      expect((await ask(`/?token=${token}`, { Host: host })).status).toBe(421);
    },
  );

  test('localhost is as good as 127.0.0.1', async () => {
    expect((await ask('/', { Host: `localhost:${port}`, Cookie: cookie })).status).toBe(200);
  });

  test('whatever is not GET is refused, from elsewhere as a stranger', async () => {
    const origin = `http://127.0.0.1:${port}`;
    expect((await ask('/', { Cookie: cookie }, 'POST')).status).toBe(403);
    expect((await ask('/', { Cookie: cookie, Origin: 'http://evil.example' }, 'POST')).status).toBe(403);
    expect((await ask('/', { Cookie: cookie, Origin: origin }, 'DELETE')).status).toBe(405);
  });

  test('the stream needs cookie, Host and Origin, and has one path', async () => {
    const Origin = `http://127.0.0.1:${port}`;
    const Host = `127.0.0.1:${port}`;
    expect(await upgrade({ Origin, Host, Cookie: cookie })).toBe(101);
    expect(await upgrade({ Origin, Host })).toBe(401);
    expect(await upgrade({ Host, Cookie: cookie })).toBe(403);
    expect(await upgrade({ Origin: 'http://evil.example', Host, Cookie: cookie })).toBe(403);
    expect(await upgrade({ Origin: `http://127.0.0.1:${port + 1}`, Host, Cookie: cookie })).toBe(403);
    expect(await upgrade({ Origin: 'http://evil.example', Host: 'evil.example', Cookie: cookie })).toBe(421);
    expect(await upgrade({ Origin, Host, Cookie: cookie }, '/other')).toBe(404);
  });
});

describe('answers', () => {
  test('carry the policy and the other headers, whatever their status', async () => {
    for (const reply of [
      await ask('/', { Cookie: cookie }),
      await ask('/'),
      await ask('/x', { Cookie: cookie }),
    ]) {
      const policy = reply.headers['content-security-policy'];
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain(`connect-src 'self' ws://127.0.0.1:${port} ws://localhost:${port}`);
      expect(policy).not.toContain('unsafe');
      expect(reply.headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(reply.headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e%2fsecret.txt',
    '/assets/../../secret.txt',
    '//../secret.txt',
    '/link.txt',
    '/assets/',
    '/%00',
    '/%zz',
    'http://evil.example/',
  ])('%s is not found', async (path) => {
    const reply = await ask(path, { Cookie: cookie });
    expect(reply.status).toBe(404);
    expect(reply.body).not.toContain('secret');
  });

  test('HEAD has headers and no body', async () => {
    const reply = await ask('/assets/app.js', { Cookie: cookie }, 'HEAD');
    expect(reply.status).toBe(200);
    expect(reply.headers['content-length']).toBe('10');
    expect(reply.body).toBe('');
  });
});

describe('metrics', () => {
  test('are read with a bearer token or the cookie', async () => {
    const bearer = await ask('/metrics', { Authorization: `Bearer ${token}` });
    expect(bearer.status).toBe(200);
    expect(bearer.headers['content-type']).toContain('text/plain');
    expect(bearer.body).toContain('# TYPE ipc_scope_messages_total counter');
    expect((await ask('/metrics', { Cookie: cookie })).status).toBe(200);
  });

  test('are not read without, and the bearer token opens nothing else', async () => {
    const reply = await ask('/metrics', { Authorization: 'Bearer wrong' });
    expect(reply.status).toBe(401);
    expect(reply.headers['www-authenticate']).toBe('Bearer');
    expect((await ask('/', { Authorization: `Bearer ${token}` })).status).toBe(401);
  });

  test('are not there unless asked for', async () => {
    const plain = await startWebShell({ engine, rendererFolder, port: 0, metrics: false });
    const url = new URL(plain.url);
    const secret = url.searchParams.get('token') ?? '';
    const reply = await fetch(`${url.origin}/metrics`, {
      headers: { Cookie: `ipc-scope-${url.port}=${secret}` },
    });
    expect(reply.status).toBe(404);
    await plain.close();
  });
});

describe('port', () => {
  test('one that is taken is a typed error with what to do', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const number = (taken.address() as AddressInfo).port;
    const start = startWebShell({ engine, rendererFolder, port: number, metrics: false });
    await expect(start).rejects.toBeInstanceOf(AppException);
    await expect(start).rejects.toMatchObject({
      error: { code: 'port_taken', where: 'port', value: String(number), errno: 'EADDRINUSE' },
    });
    taken.close();
  });

  test('only the loopback is listened to', async () => {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.family === 'IPv4' && !address.internal)?.address;
    if (outside === undefined) return;
    const refused = await new Promise((resolve) => {
      const socket = createConnection({ host: outside, port });
      socket.on('connect', () => resolve('connected'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(refused).toBe('ECONNREFUSED');
  });

  test('clients that keep their half open do not keep it from closing', async () => {
    const other = await startWebShell({ engine, rendererFolder, port: 0, metrics: false });
    const { port: number, searchParams, host, origin } = new URL(other.url);
    const Cookie = `ipc-scope-${number}=${searchParams.get('token') ?? ''}`;
    const upgrade = [
      'GET /stream HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    /** Asks, and then neither reads on nor says good-bye. */
    const askAndStay = async (...more: string[]): Promise<string> => {
      const socket = createConnection({ host: '127.0.0.1', port: Number(number), allowHalfOpen: true });
      socket.on('error', () => undefined);
      socket.write(`${[...upgrade, ...more].join('\r\n')}\r\n\r\n`);
      stayed.push(socket);
      return new Promise((resolve) => socket.once('data', (data) => resolve(data.toString().slice(9, 12))));
    };
    const stayed: Socket[] = [];
    expect(await askAndStay()).toBe('403');
    expect(await askAndStay(`Origin: ${origin}`)).toBe('401');
    expect(await askAndStay(`Origin: ${origin}`, `Cookie: ${Cookie}`)).toBe('101');
    const began = Date.now();
    await other.close();
    expect(Date.now() - began).toBeLessThan(2000);
    for (const socket of stayed) socket.destroy();
  });

  test('closing ends open streams and frees it, and the engine is not listened to any more', async () => {
    // The metrics of the shell that all tests share.
    await eventually(() => engine.listeners).toBe(1);
    const other = await startWebShell({ engine, rendererFolder, port: 0, metrics: true });
    const { port: number, searchParams, origin, host } = new URL(other.url);
    const socket = new WebSocket(`ws://${host}/stream`, {
      headers: { Origin: origin, Cookie: `ipc-scope-${number}=${searchParams.get('token') ?? ''}` },
    });
    await new Promise((resolve) => socket.once('open', resolve));
    await eventually(() => engine.listeners).toBe(3);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await other.close();
    expect(await closed).toBe(1001);
    expect(engine.listeners).toBe(1);
    const again = await startWebShell({ engine, rendererFolder, port: Number(number), metrics: false });
    await again.close();
  });
});
