import { EventEmitter } from 'node:events';
import type { App } from 'electron';
import { afterEach, expect, test, vi } from 'vitest';
import { closeBeforeQuit, within } from './lifecycle.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function fakeApp() {
  const app = Object.assign(new EventEmitter(), { quit: vi.fn(() => tryToQuit()) });
  let held = 0;
  const tryToQuit = (): void => {
    app.emit('before-quit', { preventDefault: () => held++ });
  };
  return { app: app as unknown as App, quit: app.quit, held: () => held };
}

test('a quit waits for the engine, then happens', async () => {
  const { app, quit, held } = fakeApp();
  let closed: () => void = () => undefined;
  closeBeforeQuit(app, () => new Promise((resolve) => (closed = resolve)));
  app.quit();
  app.quit();
  expect(held()).toBe(2);
  closed();
  await vi.waitFor(() => expect(quit).toHaveBeenCalledTimes(3));
  expect(held()).toBe(2);
});

test('an engine that never closes holds a quit for two seconds only', async () => {
  vi.useFakeTimers();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { app, quit } = fakeApp();
  closeBeforeQuit(app, () => new Promise(() => undefined));
  app.quit();
  await vi.advanceTimersByTimeAsync(1_999);
  expect(quit).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(quit).toHaveBeenCalledTimes(2);
});

test('what fails does not hold it either', async () => {
  expect(await within(1_000, Promise.reject(new Error('x')))).toBe('failed');
  expect(await within(1_000, Promise.resolve())).toBe('done');
});
