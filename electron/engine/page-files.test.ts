import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerPage, contentSecurityPolicy, pagePath } from './page-files.ts';

const policy = contentSecurityPolicy();
let base = '';
let folder = '';

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'ipc-scope-pages-'));
  folder = join(base, 'renderer');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(base, 'secret.txt'), 'secret');
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  await writeFile(join(folder, 'assets', 'app.js'), 'export {};');
  await writeFile(join(folder, '.hidden'), 'hidden');
  await symlink(join(base, 'secret.txt'), join(folder, 'link.txt')).catch(() => undefined);
});
afterAll(() => rm(base, { recursive: true, force: true }));

describe('files of the page', () => {
  test('the root is index.html, with the policy and no sniffing', async () => {
    const answer = await answerPage(folder, '/', policy);
    expect(answer.status).toBe(200);
    expect(answer.headers['Content-Type']).toBe('text/html; charset=utf-8');
    expect(answer.headers['Content-Security-Policy']).toBe(policy);
    expect(answer.headers['X-Content-Type-Options']).toBe('nosniff');
  });

  test('scripts have the type that modules need', async () => {
    expect((await answerPage(folder, '/assets/app.js', policy)).headers['Content-Type']).toMatch(
      /^text\/javascript/,
    );
  });

  test.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets/%252e%252e/%252e%252e/secret.txt',
    '//etc/passwd',
    '/C:/Windows/win.ini',
    '/index.html%00.js',
    '/.hidden',
    '/link.txt',
    '/assets',
    '/assets/',
    '/%',
    '',
  ])('%j is not found', async (path) => {
    const answer = await answerPage(folder, path, policy);
    expect(answer.status).toBe(404);
    expect(new TextDecoder().decode(answer.body)).toBe('Not found\n');
    expect(answer.headers['Content-Security-Policy']).toBe(policy);
  });

  test('names with a dot inside are fine', () => {
    expect(pagePath('/assets/index-B1x_2.min.js')).toMatch(/index-B1x_2\.min\.js$/);
  });
});

describe('content security policy', () => {
  test('allows nothing inline, nothing evaluated and no other origin', () => {
    expect(policy).not.toMatch(/unsafe|https?:|\*|data:/);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  test('lets the web page open its own socket', () => {
    expect(contentSecurityPolicy(['ws://127.0.0.1:8080'])).toContain(
      "connect-src 'self' ws://127.0.0.1:8080;",
    );
  });
});
