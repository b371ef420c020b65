/// <reference lib="dom" />
/** What the desktop refuses: senders, addresses, scripts, permissions, windows, downloads. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildDesktop, launchDesktop, type DesktopApp } from '../electron-stand-in/launch.ts';
import { findBrowser } from '../support/browser.ts';
import { call, load, openBlank } from '../support/desktop-page.ts';
import { eventually } from '../support/eventually.ts';

const OWN = 'https://ipc-scope.app.test';

describe.skipIf(!findBrowser())('the desktop refuses', () => {
  let app: DesktopApp;
  let page: Page;

  beforeAll(async () => {
    await buildDesktop();
    app = launchDesktop();
    page = await openBlank(app);
  });
  afterAll(() => app.close());

  test('less than a sandboxed, isolated page', async () => {
    const preferences = await app.evaluate(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.options.webPreferences,
    );
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(preferences).not.toHaveProperty('allowRunningInsecureContent');
    const registered = await app.evaluate((_electron, _argument, { seen }) => seen);
    expect(registered.sandboxed).toBe(true);
    expect(registered.privileged).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
    ]);
  });

  test.each([
    ['a frame that is gone', null],
    ['a frame within the page', { url: 'app://ipc-scope/index.html', parent: {} }],
    ['a page of another origin', { url: 'https://evil.example/', parent: null }],
    ['a page that pretends', { url: 'app://ipc-scope.evil.example/index.html', parent: null }],
    ['an empty page', { url: 'about:blank', parent: null }],
  ])('a call from %s', async (_who, senderFrame) => {
    const answer = await app.evaluate(
      (_electron, senderFrame, { invoke }) => invoke('ipc-scope:call', { senderFrame } as never, 'app.info'),
      senderFrame,
    );
    expect(answer).toMatchObject({ ok: false, error: { code: 'not_allowed' } });
  });

  test('a page of another origin, even in its own window: no answer and no port', async () => {
    await app.evaluate((_electron, _argument, { foreign }) => {
      foreign.set('https://evil.example/', '<!doctype html><title>evil</title>');
    });
    const evil = await load(app, 'https://evil.example/');
    expect(await evil.title()).toBe('evil');
    expect(await call(evil, 'app.info')).toMatchObject({ ok: false, error: { code: 'not_allowed' } });
    const ports = await evil.evaluate(async () => {
      let ports = 0;
      window.addEventListener('message', () => ports++);
      window.ipcScope?.connect();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return ports;
    });
    expect(ports).toBe(0);
    await openBlank(app);
  });

  test.each(['https://evil.example/', 'app://other/index.html', 'data:text/html,x', `${OWN}/else.html`])(
    'to leave the page for %s',
    async (url) => {
      await page.evaluate((url) => {
        location.href = url;
      }, url);
      await new Promise((resolve) => setTimeout(resolve, 200));
      expect(page.url()).toBe(`${OWN}/blank`);
    },
  );

  test('a window for a page, and opens only manuals outside', async () => {
    const opened = await page.evaluate(() => {
      window.open('https://evil.example/window');
      window.open('https://man7.org/linux/man-pages/man7/pipe.7.html');
      return document.title;
    });
    expect(opened).toBe('');
    const outside = (): Promise<string[]> =>
      app.evaluate((_electron, _argument, { seen }) => seen.openedExternally);
    await eventually(outside).toEqual(['https://man7.org/linux/man-pages/man7/pipe.7.html']);
    expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('every permission, asked for or checked, and every device', async () => {
    const answers = await app.evaluate((_electron, _argument, { permissions }) => {
      const given: boolean[] = [];
      for (const permission of [
        'media',
        'notifications',
        'geolocation',
        'clipboard-read',
        'fileSystem',
        'hid',
      ]) {
        permissions.request?.(
          {} as never,
          permission as never,
          (granted) => given.push(granted),
          {} as never,
        );
        given.push(permissions.check?.(null, permission as never, 'app://ipc-scope', {} as never) ?? true);
      }
      given.push(permissions.device?.({} as never) ?? true);
      permissions.display?.({} as never, (streams) => given.push(streams !== null));
      return given;
    });
    expect(answers).toHaveLength(14);
    expect(answers).not.toContain(true);
  });

  test('scripts and styles that are not files of ours, and other origins', async () => {
    // On a document of ours: Chromium is lenient with the style of its own plain text view.
    await load(app, 'app://ipc-scope/index.html');
    const ran = await page.evaluate(async () => {
      const violations: string[] = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        violations.push(event.effectiveDirective),
      );
      const add = (name: string, set: (element: HTMLElement & { src: string }) => void): void => {
        const element = document.createElement(name) as HTMLElement & { src: string };
        set(element);
        document.body.append(element);
      };
      add('script', (script) => (script.textContent = 'window.inlineRan = true'));
      add('style', (style) => (style.textContent = 'body { color: rgb(1, 2, 3) }'));
      add('iframe', (frame) => (frame.src = 'https://evil.example/'));
      add('img', (image) => (image.src = 'https://evil.example/pixel.png'));
      add('script', (script) => (script.src = 'https://evil.example/x.js'));
      await fetch('https://evil.example/api').catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { violations, inline: 'inlineRan' in window, colour: getComputedStyle(document.body).color };
    });
    expect(ran.inline).toBe(false);
    expect(ran.colour).not.toBe('rgb(1, 2, 3)');
    expect(new Set(ran.violations)).toEqual(
      new Set(['script-src-elem', 'style-src-elem', 'frame-src', 'img-src', 'connect-src']),
    );
    const blocked = await app.evaluate((_electron, _argument, standIn) => standIn.blocked);
    expect(blocked.filter((url) => /pixel|x\.js|api/.test(url))).toEqual([]);
  });

  test("files outside the page's folder", async () => {
    const answers = await page.evaluate(async () => {
      const paths = [
        '/..%2f..%2fpackage.json',
        '/%2e%2e/desktop/main.js',
        '/..%5c..%5cpackage.json',
        '//etc/passwd',
      ];
      return Promise.all(paths.map(async (path) => (await fetch(location.origin + path)).status));
    });
    expect(answers).toEqual([404, 404, 404, 404]);
  });

  test('downloads but of what the page made, which are saved where a person says', async () => {
    const file = join(app.dataFolder, 'saved.csv');
    await app.evaluate((_electron, file, { downloads }) => {
      downloads.saveTo = file;
    }, file);
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.download = 'run.csv';
      link.href = URL.createObjectURL(new Blob(['a,b\n1,2\n'], { type: 'text/csv' }));
      link.click();
    });
    await eventually(() => existsSync(file)).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('a,b\n1,2\n');

    await page.evaluate(() => {
      const link = document.createElement('a');
      link.download = 'page.html';
      link.href = '/index.html';
      link.click();
    });
    const offered = (): Promise<unknown> =>
      app.evaluate((_electron, _argument, { downloads }) =>
        downloads.offered.map(({ name, saved }) => ({ name, saved })),
      );
    await eventually(offered).toEqual([
      { name: 'run.csv', saved: true },
      { name: 'page.html', saved: false },
    ]);
  });
});
