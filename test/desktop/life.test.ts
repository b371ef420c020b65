/// <reference lib="dom" />
/** The desktop over its life: second start, window state, lost pages, what is damaged or missing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { SessionInfo } from '#contract/session';
import {
  buildDesktop,
  launchDesktop,
  type DesktopApp,
  type LaunchOptions,
} from '../electron-stand-in/launch.ts';
import { lockFolder } from '../../electron/engine/folder-lock.ts';
import { findBrowser } from '../support/browser.ts';
import { call, connect, events, openBlank, valueOf } from '../support/desktop-page.ts';
import { eventually } from '../support/eventually.ts';

const LONG = { mechanism: 'pipe', options: { size_bytes: 64, duration_ms: 60_000, rate_per_s: 1_000 } };

describe.skipIf(!findBrowser())('the desktop', () => {
  const dataFolder = mkdtempSync(join(tmpdir(), 'ipc-scope-life-'));
  const running: DesktopApp[] = [];

  function launch(options: LaunchOptions = {}): DesktopApp {
    const app = launchDesktop({ dataFolder, ...options });
    running.push(app);
    return app;
  }

  beforeAll(buildDesktop);
  afterEach(async () => {
    for (const app of running.splice(0).reverse()) await app.close();
  });
  afterAll(() => rmSync(dataFolder, { recursive: true, force: true }));

  test('opens its window where it was, on the screens there are', async () => {
    const first = launch();
    await first.firstWindow();
    const bounds = { x: 120, y: 90, width: 1000, height: 700 };
    await first.evaluate(({ BrowserWindow }, bounds) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.setBounds(bounds);
      window?.maximize();
    }, bounds);
    await first.close();

    const second = launch();
    await second.firstWindow();
    const state = (app: DesktopApp) =>
      app.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        return {
          bounds: window?.getNormalBounds(),
          maximized: window?.isMaximized(),
          visible: window?.isVisible(),
        };
      });
    await eventually(() => state(second)).toEqual({ bounds, maximized: true, visible: true });
    await second.close();

    // A damaged file, or a screen that is gone, costs the place and nothing else.
    for (const damaged of [
      '{"bounds":',
      JSON.stringify({ bounds: { ...bounds, x: 99_999 }, maximized: false, full_screen: false }),
    ]) {
      writeFileSync(join(dataFolder, 'window.json'), damaged);
      const third = launch();
      await third.firstWindow();
      expect((await state(third)).bounds?.x).toBe(0);
      await third.close();
    }
  });

  test('a second start brings the first window forward and ends', async () => {
    const first = launch();
    await first.firstWindow();
    await first.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      window?.minimize();
      window?.blurred();
    });
    const second = launch();
    expect(await second.exited).toBe(0);
    expect(second.output).toContain('IPC Scope is running already. Its window was brought to the front.');
    const forward = () =>
      first.evaluate(({ BrowserWindow }) => {
        const [window] = BrowserWindow.getAllWindows();
        return [window?.isMinimized(), window?.isFocused()];
      });
    await eventually(forward).toEqual([false, true]);
    expect(await first.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
  });

  test('a page that crashes comes back three times, the session survives, then a person decides', async () => {
    const app = launch();
    let page = await openBlank(app);
    const { id } = await valueOf<SessionInfo>(page, 'session.start', LONG);
    const crash = async (): Promise<void> => {
      const gone = page.waitForEvent('crash');
      await app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows()[0]?.webContents.forcefullyCrashRenderer(),
      );
      await gone;
    };
    for (let time = 1; time <= 3; time++) {
      await crash();
      page = await app.firstWindow();
      expect(await valueOf<SessionInfo[]>(page, 'session.list')).toMatchObject([{ id, state: 'running' }]);
    }
    await connect(page);
    await eventually(async () => (await events(page)).length).toBeGreaterThan(0);

    await crash();
    const asked = () => app.evaluate((_electron, _argument, { messageBoxes }) => messageBoxes.shown);
    await eventually(asked).toMatchObject([{ type: 'error', buttons: ['Load Again', 'Quit IPC Scope'] }]);
    await app.evaluate((_electron, _argument, { messageBoxes }) => {
      messageBoxes.press = 0;
    });
    page = await app.firstWindow();
    expect(await valueOf<SessionInfo[]>(page, 'session.list')).toMatchObject([{ id, state: 'running' }]);
  });

  test('without its helper it opens, and says what is missing', async () => {
    const app = launch({ env: { IPC_SCOPE_HELPER: '/nonexistent/ipc-helper' } });
    const page = await openBlank(app);
    expect(await call(page, 'helper.describe')).toMatchObject({
      ok: false,
      error: { code: 'helper_missing', remedy: expect.any(String) as string },
    });
    expect(await call(page, 'session.list')).toEqual({ ok: true, value: [] });
  });

  test('damaged settings are set aside', async () => {
    const own = mkdtempSync(join(tmpdir(), 'ipc-scope-life-'));
    writeFileSync(join(own, 'settings.json'), '{"theme":');
    const app = launch({ dataFolder: own });
    const page = await openBlank(app);
    expect(await call(page, 'app.problems')).toMatchObject({
      ok: true,
      value: [{ code: 'settings_damaged' }],
    });
    expect(await call(page, 'settings.get')).toMatchObject({ ok: true, value: { theme: 'system' } });
    await valueOf(page, 'settings.set', { theme: 'light' });
    await app.close();
    expect(JSON.parse(readFileSync(join(own, 'settings.json'), 'utf8'))).toMatchObject({ theme: 'light' });
    rmSync(own, { recursive: true, force: true });
  });

  test('a data folder that cannot be made is told in the language of the system, and no window opens', async () => {
    const app = launch({ dataFolder: '/dev/null/x', env: { IPC_SCOPE_STAND_IN_LOCALE: 'ko-KR' } });
    expect(await app.exited).toBe(3);
    expect(app.output).toMatch(/error box: 데이터 폴더 \/dev\/null\/x을\(를\) 쓸 수 없습니다 \(ENOTDIR\)/);
    expect(app.output).toContain('IPC_SCOPE_DATA');
    expect(app.output).not.toMatch(/^ +at /m);
  });

  test('the folder of an app that serves a browser is left alone, with its address', async () => {
    const own = mkdtempSync(join(tmpdir(), 'ipc-scope-life-'));
    const lock = lockFolder(own);
    lock.announce('127.0.0.1:4646');
    // This very process is the other app.
    const app = launch({ dataFolder: own });
    expect(await app.exited).toBe(3);
    expect(app.output).toContain('error box: IPC Scope is running already, at 127.0.0.1:4646.');
    lock.release();
    const next = launch({ dataFolder: own });
    await next.firstWindow();
    expect(readdirSync(own)).toContain('app.lock');
    await next.close();
    expect(readdirSync(own)).not.toContain('app.lock');
    rmSync(own, { recursive: true, force: true });
  });

  test('closing the last window ends it, except on macOS', async () => {
    const app = launch();
    await app.firstWindow();
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    if (process.platform === 'darwin') return;
    expect(await app.exited).toBe(0);
  });
});
