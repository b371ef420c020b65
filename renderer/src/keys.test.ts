import { expect, it } from 'vitest';
import { keyAction, letterAction, shortcuts, viewShortcuts, type KeyPress } from './keys.ts';

function press(key: string, change: Partial<KeyPress> = {}): KeyPress {
  return {
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    repeat: false,
    isComposing: false,
    ...change,
  };
}

it('starts and stops with Ctrl or ⌘, and pauses with Space', () => {
  expect(keyAction(press('Enter', { ctrlKey: true }), false)).toBe('start');
  expect(keyAction(press('Enter', { metaKey: true }), true)).toBe('start');
  expect(keyAction(press('.', { ctrlKey: true }), false)).toBe('stop');
  expect(keyAction(press(' '), false)).toBe('pause');
});

it('opens views with Ctrl or ⌘ and their number', () => {
  expect(keyAction(press('1', { ctrlKey: true }), false)).toBe('show_start');
  expect(keyAction(press('7', { metaKey: true }), true)).toBe('show_settings');
  expect(keyAction(press('8', { metaKey: true }), false)).toBeUndefined();
  expect(keyAction(press('0', { ctrlKey: true }), false)).toBeUndefined();
  expect(keyAction(press('2'), false)).toBeUndefined();
});

it('leaves keys alone that belong to something else', () => {
  expect(keyAction(press('Enter'), false)).toBeUndefined();
  expect(keyAction(press(' '), true)).toBeUndefined();
  expect(keyAction(press(' ', { repeat: true }), false)).toBeUndefined();
});

it('does nothing while a Hangul syllable is being composed', () => {
  expect(keyAction(press('Enter', { ctrlKey: true, isComposing: true }), false)).toBeUndefined();
  expect(keyAction(press(' ', { isComposing: true }), false)).toBeUndefined();
});

it('names the keys as the system does', () => {
  expect(shortcuts('MacIntel')[0]?.keys).toEqual(['⌘', 'Enter']);
  expect(shortcuts('linux')[2]?.keys).toEqual(['Ctrl', '.']);
});

it('marks and freezes by one letter, also while the input is Hangul', () => {
  const letter = (key: string, code = '', change: Partial<KeyPress> = {}) =>
    letterAction({ ...press(key, change), code });
  expect(letter('m')).toBe('mark');
  expect(letter('F')).toBe('freeze');
  expect(letter('ㅡ')).toBe('mark');
  expect(letter('Process', 'KeyF')).toBe('freeze');
  // The letter counts, not the place of its key: on another layout M lies elsewhere.
  expect(letter('x', 'KeyM')).toBeUndefined();
  expect(letter('m', 'KeyM', { ctrlKey: true })).toBeUndefined();
  expect(letter('ㅡ', 'KeyM', { isComposing: true })).toBeUndefined();
  expect(letter('m', 'KeyM', { repeat: true })).toBeUndefined();
});

it('lists keys of one letter only while they do something', () => {
  const words = { wheel: 'Wheel', drag: 'Drag' };
  expect(viewShortcuts(words, true).map(({ action }) => action)).toContain('mark');
  expect(viewShortcuts(words, false).map(({ action }) => action)).not.toContain('mark');
});
