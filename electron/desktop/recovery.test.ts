import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecoveryBudget, recoverPage } from './recovery.ts';

const MINUTE_MS = 60_000;

test('three recoveries in five minutes, then none until the first is forgotten', () => {
  const budget = new RecoveryBudget();
  expect([0, 1, 2, 3].map((minute) => budget.take(minute * MINUTE_MS))).toEqual([true, true, true, false]);
  expect(budget.take(5 * MINUTE_MS)).toBe(true);
  expect(budget.take(5.5 * MINUTE_MS)).toBe(false);
  expect(budget.take(6 * MINUTE_MS)).toBe(true);
});

/** As much of a window as recovery listens to. */
function fakeWindow() {
  const webContents = Object.assign(new EventEmitter(), { forcefullyCrashRenderer: vi.fn() });
  const window = Object.assign(new EventEmitter(), { webContents, isDestroyed: () => false });
  const actions = { load: vi.fn(), lost: vi.fn(), giveUp: vi.fn() };
  recoverPage(window as unknown as BrowserWindow, actions);
  const crash = (reason: string) => webContents.emit('render-process-gone', {}, { reason, exitCode: 1 });
  return { window, webContents, actions, crash };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a crashed page is loaded three times, then a person is asked', () => {
  const { actions, crash } = fakeWindow();
  for (let i = 0; i < 4; i++) crash('crashed');
  expect(actions.load).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(actions.lost).toHaveBeenCalledTimes(4);
  expect(actions.load).toHaveBeenCalledTimes(3);
  expect(actions.giveUp).toHaveBeenCalledTimes(1);
});

test('a page that ended in order is left alone', () => {
  const { actions, crash } = fakeWindow();
  crash('clean-exit');
  vi.runAllTimers();
  expect(actions.load).not.toHaveBeenCalled();
  expect(actions.lost).not.toHaveBeenCalled();
});

test('a page that hangs for ten seconds is ended, one that comes back is not', () => {
  const { window, webContents } = fakeWindow();
  window.emit('unresponsive');
  vi.advanceTimersByTime(9_000);
  window.emit('responsive');
  vi.advanceTimersByTime(60_000);
  expect(webContents.forcefullyCrashRenderer).not.toHaveBeenCalled();
  window.emit('unresponsive');
  window.emit('unresponsive');
  vi.advanceTimersByTime(10_000);
  expect(webContents.forcefullyCrashRenderer).toHaveBeenCalledTimes(1);
});
