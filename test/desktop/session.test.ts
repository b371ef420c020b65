/// <reference lib="dom" />
/** One whole session through the desktop's own bundles: main process, preload, port, page. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppInfo } from '#contract/channels';
import type { RunInfo } from '#contract/runs';
import type { SessionInfo, SessionSnapshot } from '#contract/session';
import { STREAM_CREDIT } from '#contract/stream';
import { buildDesktop, launchDesktop, type DesktopApp } from '../electron-stand-in/launch.ts';
import { findBrowser } from '../support/browser.ts';
import { call, connect, events, openBlank, received, valueOf } from '../support/desktop-page.ts';
import { eventually } from '../support/eventually.ts';

const SHORT = { mechanism: 'pipe', options: { size_bytes: 64, duration_ms: 1_000 } };
const LONG = { mechanism: 'pipe', options: { size_bytes: 64, duration_ms: 60_000, rate_per_s: 10_000 } };

const finished = async (page: Page): Promise<boolean> =>
  (await events(page)).some((event) => event.event === 'state' && event.state === 'finished');

describe.skipIf(!findBrowser())('a session in the desktop', () => {
  let app: DesktopApp;
  let page: Page;

  beforeAll(async () => {
    await buildDesktop();
    app = launchDesktop();
    page = await openBlank(app);
  });
  afterAll(() => app.close());

  test('the bridge is two frozen functions and nothing of Electron or Node', async () => {
    const found = await page.evaluate(() => ({
      names: Object.keys(window.ipcScope ?? {}),
      frozen: Object.isFrozen(window.ipcScope),
      writable: Object.getOwnPropertyDescriptor(window, 'ipcScope')?.writable,
      globals: ['require', 'process', 'Buffer', 'global', 'module', 'electron', 'ipcRenderer'].filter(
        (name) => name in window,
      ),
      nothing: window.ipcScope?.connect() === undefined,
    }));
    expect(found).toEqual({
      names: ['call', 'connect'],
      frozen: true,
      writable: false,
      globals: [],
      nothing: true,
    });
  });

  test('the app tells which host, version and runtime it is', async () => {
    expect(await valueOf<AppInfo>(page, 'app.info')).toMatchObject({
      host: 'desktop',
      runtime: expect.stringMatching(/^Electron 45\./) as string,
      data_folder: app.dataFolder,
    });
  });

  test('a session starts by a call, its frames come over the port, its figures are those of its summary', async () => {
    await connect(page);
    const { id } = await valueOf<SessionInfo>(page, 'session.start', SHORT);
    await eventually(() => finished(page)).toBe(true);

    const batches = (await received(page)).filter((message) => message.kind === 'batch');
    expect(batches.map((batch) => batch.seq)).toEqual(batches.map((_, index) => index + 1));
    const all = await events(page);
    expect(all.every((event) => event.session === id)).toBe(true);
    const frames = all.flatMap((event) => (event.event === 'frame' ? [event.frame] : []));
    expect(frames[0]?.t).toBe('hello');
    expect(frames.filter((frame) => frame.t === 'tick').length).toBeGreaterThan(5);
    const summary = frames.at(-1);
    expect(summary?.t === 'summary' ? summary.messages : 0).toBeGreaterThan(0);
    expect((await valueOf<SessionSnapshot>(page, 'runs.open', { id })).summary).toEqual(summary);
  });

  test('a page that does not acknowledge gets no more than its credit, and the session goes on', async () => {
    await connect(page, false);
    const { id } = await valueOf<SessionInfo>(page, 'session.start', LONG);
    await eventually(async () => (await received(page)).length).toBe(STREAM_CREDIT);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await received(page)).toHaveLength(STREAM_CREDIT);

    await page.evaluate((seq) => {
      window.probe.acknowledge = true;
      window.probe.port.postMessage({ kind: 'ack', seq });
    }, STREAM_CREDIT);
    const caughtUp = async (): Promise<number> => {
      const last = (await received(page)).at(-1);
      return last?.kind === 'batch' && last.seq > STREAM_CREDIT ? last.dropped : 0;
    };
    await eventually(caughtUp).toBeGreaterThan(0);
    expect(await valueOf<SessionInfo[]>(page, 'session.list')).toMatchObject([{ id, state: 'running' }]);
  });

  test('what is no acknowledgement is ignored', async () => {
    await page.evaluate(() => {
      for (const data of [
        null,
        7,
        'ack',
        { kind: 'ack' },
        { kind: 'ack', seq: 2 ** 60 },
        { kind: 'batch' },
      ]) {
        window.probe.port.postMessage(data);
      }
    });
    const before = (await received(page)).length;
    await eventually(async () => (await received(page)).length).toBeGreaterThan(before);
  });

  test('a reloaded page gets a port of its own, and finds the session running', async () => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload());
    await eventually(() => page.evaluate(() => window.probe === undefined)).toBe(true);
    await connect(page);
    await eventually(async () => (await events(page)).length).toBeGreaterThan(0);
    expect(await valueOf<SessionInfo[]>(page, 'session.list')).toMatchObject([{ state: 'running' }]);
  });

  test('asking again replaces the port: the old one falls silent, the new one brings the events', async () => {
    await page.evaluate(() => {
      const count = { old: 0 };
      Object.assign(window, { count });
      window.probe.port.addEventListener('message', () => count.old++);
    });
    await connect(page);
    const old = (): Promise<number> =>
      page.evaluate(() => (window as unknown as { count: { old: number } }).count.old);
    await eventually(async () => (await events(page)).length).toBeGreaterThan(0);
    const before = await old();
    const { length } = await events(page);
    await eventually(async () => (await events(page)).length).toBeGreaterThan(length);
    expect(await old()).toBe(before);
  });

  test('commands of the menu reach the page over the port', async () => {
    await app.evaluate(({ Menu }) => {
      for (const id of ['pause', 'show_settings']) {
        (Menu.getApplicationMenu()?.getMenuItemById(id)?.click as (() => void) | undefined)?.();
      }
    });
    const actions = async (): Promise<string[]> =>
      (await received(page)).flatMap((message) => (message.kind === 'action' ? [message.action] : []));
    await eventually(actions).toEqual(['pause', 'show_settings']);
  });

  test('theme and language of the settings reach the system theme and the menu', async () => {
    await valueOf(page, 'settings.set', { theme: 'dark', locale: 'ko' });
    const seen = await app.evaluate(({ nativeTheme, Menu }) => ({
      theme: nativeTheme.themeSource,
      label: Menu.getApplicationMenu()?.getMenuItemById('start')?.label,
    }));
    expect(seen).toEqual({ theme: 'dark', label: '시작' });
    expect(await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)).toBe(true);
  });

  test('bad arguments are typed errors', async () => {
    for (const [name, argument] of [
      ['nothing.here', undefined],
      ['toString', undefined],
      ['session.snapshot', { id: '../../../etc/passwd' }],
      ['runs.delete', { id: 7 }],
      ['session.start', { mechanism: 'x'.repeat(1_000_000), options: {} }],
    ] as const) {
      expect(await call(page, name, argument), name).toMatchObject({
        ok: false,
        error: { code: 'bad_request' },
      });
    }
    expect(
      await call(page, 'session.start', { mechanism: 'pipe', options: { size_bytes: 0 } }),
    ).toMatchObject({ ok: false });
  });

  test('nothing listens on a port', async () => {
    expect(await app.evaluate(() => process.getActiveResourcesInfo())).not.toContain('TCPServerWrap');
  });

  test('a quit during a session stops it within two seconds and keeps its recording', async () => {
    const [info] = await valueOf<SessionInfo[]>(page, 'session.list');
    expect(info).toBeDefined();
    const began = performance.now();
    await app.evaluate(({ app }) => app.quit());
    expect(await app.exited).toBe(0);
    expect(performance.now() - began).toBeLessThan(4_000);

    const again = launchDesktop({ dataFolder: app.dataFolder });
    const runs = await valueOf<RunInfo[]>(await openBlank(again), 'runs.list');
    expect(runs.find((run) => run.id === info?.id)).toMatchObject({
      state: 'finished',
      summary: { ended_by: 'stop' },
    });
    await again.close();
  });
});
