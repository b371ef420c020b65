import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { LEAST, placeWindow, readWindowState, writeWindowState, type WindowState } from './window-state.ts';

const main = { x: 0, y: 25, width: 1920, height: 1055 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };
const at = (x: number, y: number, width = 1000, height = 700): WindowState => ({
  bounds: { x, y, width, height },
  maximized: false,
  full_screen: false,
});

describe('place of the window', () => {
  test('the first start is centred', () => {
    const { bounds } = placeWindow(undefined, [main]);
    expect(bounds).toEqual({ width: 1280, height: 860 });
  });

  test('a place that is still on a screen is kept, on any screen', () => {
    expect(placeWindow(at(100, 100), [main]).bounds).toEqual(at(100, 100).bounds);
    expect(placeWindow(at(2000, 10), [main, second]).bounds).toEqual(at(2000, 10).bounds);
  });

  test('a window of an unplugged screen comes back to the main one, with its size', () => {
    expect(placeWindow(at(2000, 10), [main]).bounds).toEqual({ width: 1000, height: 700 });
  });

  test.each([
    ['above', at(100, -200)],
    ['below', at(100, 1070)],
    ['left', at(-950, 100)],
    ['right', at(1900, 100)],
  ])('a title bar out of reach %s is brought back', (_where, saved) => {
    expect(placeWindow(saved, [main]).bounds).not.toHaveProperty('x');
  });

  test('a size beyond the screen is cut, one below the least is raised', () => {
    expect(placeWindow(at(0, 30, 9999, 9999), [main]).bounds).toMatchObject({ width: 1920, height: 1055 });
    expect(placeWindow(at(0, 30, 1, 1), [main]).bounds).not.toHaveProperty('x');
    expect(placeWindow(at(0, 30, 300, 300), [main]).bounds).toMatchObject(LEAST);
  });

  test('without any screen there is still a window', () => {
    expect(placeWindow(at(100, 100), []).bounds.width).toBeGreaterThanOrEqual(LEAST.width);
  });

  test('maximized and full screen are kept', () => {
    expect(placeWindow({ ...at(100, 100), maximized: true }, [main])).toMatchObject({ maximized: true });
  });
});

describe('file of the window state', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-window-'));
  const file = join(folder, 'window.json');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('what was written is read, and no other file is left', () => {
    writeWindowState(file, at(1, 2));
    expect(readWindowState(file)).toEqual(at(1, 2));
    expect(readdirSync(folder)).toEqual(['window.json']);
  });

  test('there is none at first', () => {
    expect(readWindowState(join(folder, 'other.json'))).toBeUndefined();
  });

  test.each([
    '',
    'null',
    '[]',
    '{"bounds":',
    '{"bounds":{"x":1e400,"y":0,"width":1,"height":1},"maximized":false,"full_screen":false}',
    '{"bounds":{"x":0.5,"y":0,"width":900,"height":900},"maximized":false,"full_screen":false}',
    '{"bounds":{"x":0,"y":0,"width":-900,"height":900},"maximized":false,"full_screen":false}',
    '{"bounds":{"x":0,"y":0,"width":900,"height":900},"maximized":"yes","full_screen":false}',
  ])('damaged as %j it counts as none', (text) => {
    writeFileSync(file, text);
    expect(readWindowState(file)).toBeUndefined();
  });

  test('a folder that cannot be written to does not stop the app', () => {
    const warn = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(() => writeWindowState(join(folder, 'missing', 'window.json'), at(1, 2))).not.toThrow();
    expect(warn).toHaveBeenCalledOnce();
    warn.mockRestore();
  });
});
