import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Toasts } from './toasts.svelte.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const HOUR_MS = 3_600_000;
const texts = (toasts: Toasts): string[] => toasts.shown.map(({ text }) => text);

it('go away by themselves, later where there is something to do', () => {
  const toasts = new Toasts();
  toasts.show({ text: 'plain', tone: 'plain' });
  toasts.show({ text: 'undo', tone: 'plain', action: { label: 'Undo', run: () => undefined } });
  vi.advanceTimersByTime(9_000);
  expect(texts(toasts)).toEqual(['undo']);
  vi.advanceTimersByTime(12_000);
  expect(texts(toasts)).toEqual([]);
});

it('wait while somebody is at them', () => {
  const toasts = new Toasts();
  toasts.show({ text: 'held', tone: 'plain' });
  const id = toasts.shown[0]?.id ?? 0;
  toasts.hold(id);
  vi.advanceTimersByTime(HOUR_MS);
  expect(texts(toasts)).toEqual(['held']);
  toasts.release(id);
  vi.advanceTimersByTime(9_000);
  expect(texts(toasts)).toEqual([]);
});

it('stay where a person has to know, whatever comes after', () => {
  const toasts = new Toasts();
  toasts.complain({ code: 'settings_damaged', message: 'm', remedy: 'r', where: '/old' }, { stays: true });
  for (const text of ['1', '2', '3', '4']) toasts.show({ text, tone: 'plain' });
  expect(toasts.shown).toHaveLength(4);
  vi.advanceTimersByTime(HOUR_MS);
  toasts.release(toasts.shown[0]?.id ?? 0);
  vi.advanceTimersByTime(HOUR_MS);
  expect(texts(toasts)).toEqual([expect.stringContaining('/old')]);
  toasts.dismiss(toasts.shown[0]?.id ?? 0);
  expect(toasts.shown).toEqual([]);
});
