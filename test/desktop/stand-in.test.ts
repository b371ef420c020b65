/// <reference lib="dom" />
/** What the stand-in for Electron promises to the other tests. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCodec } from '../electron-stand-in/codec.ts';
import { buildDesktop, launchDesktop, type DesktopApp } from '../electron-stand-in/launch.ts';
import { MessageChannelMain } from '../electron-stand-in/ports.ts';
import { toApp, toShown } from '../electron-stand-in/shown.ts';
import { strict } from '../electron-stand-in/strict.ts';
import { findBrowser } from '../support/browser.ts';
import { openBlank } from '../support/desktop-page.ts';
import { eventually } from '../support/eventually.ts';

describe('values on their way', () => {
  const { encode, decode } = createCodec();

  test('arrive as structured clones', () => {
    const value = {
      text: '안녕',
      list: [1, -0.5, NaN, Infinity, null, undefined],
      big: 2n ** 70n,
      date: new Date(7),
      map: new Map([['a', new Set([1])]]),
      bytes: new Float64Array([1, 2, NaN]),
    };
    const copy = decode(encode(value)) as typeof value;
    expect(copy).toEqual(value);
    expect(copy).not.toBe(value);
    expect(copy.bytes).toBeInstanceOf(Float64Array);
    expect(decode(encode(new RangeError('x')))).toMatchObject({ name: 'RangeError', message: 'x' });
  });

  test.each([[() => 1], [Symbol('x')], [{ nested: { run: () => 1 } }]])('%s cannot be cloned', (value) => {
    expect(() => encode(value)).toThrow('could not be cloned');
  });
});

test('what is not there is refused by name, read or written', () => {
  const app = strict('app', { quit: () => 'quit' }) as Record<string, unknown>;
  expect((app['quit'] as () => string)()).toBe('quit');
  expect(() => app['relaunch']).toThrow('no app.relaunch');
  expect(() => {
    app['name'] = 'x';
  }).toThrow('no app.name');
  expect(() => strict('app', app)['then']).not.toThrow();
});

test('addresses are translated both ways, blobs too, and no others', () => {
  for (const url of ['app://ipc-scope/index.html#/live', 'blob:app://ipc-scope/0b2f']) {
    expect(toShown(url)).toMatch(/^(blob:)?https:\/\/ipc-scope\.app\.test\//);
    expect(toApp(toShown(url))).toBe(url);
  }
  expect(toApp('https://ipc-scope.app.test.evil.example/')).toBe('https://ipc-scope.app.test.evil.example/');
  expect(toApp('https://man7.org/')).toBe('https://man7.org/');
});

test('a port queues until it is started, clones, and tells both ends when it closes', async () => {
  const { port1, port2 } = new MessageChannelMain();
  const heard: unknown[] = [];
  port2.on('message', ({ data }: { data: unknown }) => heard.push(data));
  const message = { n: 1 };
  port1.postMessage(message);
  message.n = 2;
  expect(heard).toEqual([]);
  port2.start();
  expect(heard).toEqual([{ n: 1 }]);
  const closed = Promise.all(
    [port1, port2].map((port) => new Promise((resolve) => port.once('close', resolve))),
  );
  port2.close();
  await closed;
});

describe.skipIf(!findBrowser())('worlds', () => {
  let app: DesktopApp;
  let page: Page;

  beforeAll(async () => {
    await buildDesktop();
    app = launchDesktop();
    page = await openBlank(app);
  });
  afterAll(() => app.close());

  test('the page sees nothing of the way to the main process but what the preload exposed', async () => {
    const strangers = await page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const plain = new Set(Object.getOwnPropertyNames(frame.contentWindow ?? {}));
      frame.remove();
      // Frames of a page are its numbered properties; Playwright adds its own.
      return Object.getOwnPropertyNames(window).filter(
        (name) => !plain.has(name) && !/^\d+$|playwright/i.test(name),
      );
    });
    expect(strangers).toEqual(['ipcScope']);
  });

  test('arguments that cannot be cloned are refused at the bridge', async () => {
    const refused = await page.evaluate(() => {
      try {
        void window.ipcScope?.call('app.info', () => 1);
        return 'taken';
      } catch (thrown) {
        return (thrown as Error).message;
      }
    });
    expect(refused).toContain('could not be cloned');
  });

  test('a frame within the page has no bridge', async () => {
    const inside = await page.evaluate(() => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const has = 'ipcScope' in (frame.contentWindow ?? {});
      frame.remove();
      return has;
    });
    expect(inside).toBe(false);
  });

  test('three hundred messages of 2 KiB cross a port in order', async () => {
    await page.evaluate(() => {
      Object.assign(window, { heard: [] });
      window.addEventListener('message', ({ ports: [port] }) => {
        if (port === undefined) return;
        port.onmessage = ({ data }: MessageEvent<{ n: number }>) =>
          (window as unknown as { heard: number[] }).heard.push(data.n);
      });
    });
    await app.evaluate(({ BrowserWindow, MessageChannelMain }) => {
      const { port1, port2 } = new MessageChannelMain();
      const frame = BrowserWindow.getAllWindows()[0]?.webContents.mainFrame;
      frame?.postMessage('ipc-scope:port', null, [port2 as never]);
      for (let n = 0; n < 300; n++) port1.postMessage({ n, padding: 'x'.repeat(2048) });
    });
    const heard = (): Promise<number[]> =>
      page.evaluate(() => (window as unknown as { heard: number[] }).heard);
    await eventually(async () => (await heard()).length).toBe(300);
    expect(await heard()).toEqual(Array.from({ length: 300 }, (_, n) => n));
  });
});
