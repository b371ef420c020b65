import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Protocol } from 'electron';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { declareScheme, servePages } from './protocol.ts';

let folder = '';
let ask: (url: string, init?: RequestInit) => Promise<Response>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipc-scope-app-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  const protocol = {
    handle: (_scheme: string, handler: (request: Request) => Promise<Response>) => {
      ask = (url, init) => handler(new Request(url, init));
    },
  };
  servePages(protocol as unknown as Protocol, folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('the scheme has an origin of its own and is a secure context, but bypasses no policy', () => {
  let schemes: Electron.CustomScheme[] = [];
  const protocol = { registerSchemesAsPrivileged: (given: Electron.CustomScheme[]) => (schemes = given) };
  declareScheme(protocol as unknown as Protocol);
  expect(schemes).toEqual([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
});

test('the page is served with its policy', async () => {
  const response = await ask('app://ipc-scope/index.html');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(await response.text()).toBe('<!doctype html>');
});

test.each(['app://ipc-scope/..%2f..%2fetc/passwd', 'app://ipc-scope/nothing.js'])(
  '%s is not found',
  async (url) => {
    expect((await ask(url)).status).toBe(404);
  },
);

test('another host of the scheme and another method are refused', async () => {
  expect((await ask('app://other/index.html')).status).toBe(403);
  expect((await ask('app://ipc-scope/index.html', { method: 'POST' })).status).toBe(403);
});
