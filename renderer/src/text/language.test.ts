import { expect, it } from 'vitest';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { localeOf } from './language.svelte.ts';
import { humanise } from './words.ts';

it('follows the system where it speaks a language of ours', () => {
  expect(localeOf('system', ['ko-KR', 'en-US'])).toBe('ko');
  expect(localeOf('system', ['fr-FR', 'ko'])).toBe('ko');
  expect(localeOf('system', ['de'])).toBe('en');
  expect(localeOf('en', ['ko-KR'])).toBe('en');
});

it('makes a readable label of a name that no language knows', () => {
  expect(humanise('max_open_files')).toBe('Max open files');
});

/** What a text says, calling those that take values. */
function said(text: unknown): string {
  return typeof text === 'function' ? String(text('x', 'y', 'z', 'w')) : String(text);
}

function leaves(tree: object, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]): [string, string][] =>
    typeof value === 'object' && value !== null
      ? leaves(value, `${path}${key}.`)
      : [[path + key, said(value)]],
  );
}

it('says every explanation in Korean, and as a sentence', () => {
  const english = new Map(leaves(en));
  for (const [path, text] of leaves(ko)) {
    expect(text, path).not.toBe('');
    if (path.startsWith('terms.') || path.endsWith('.hint')) {
      expect(text, path).toMatch(/[가-힣].*\.$/);
      expect(text, path).not.toBe(english.get(path));
    }
  }
});

it('has one Korean word for one thing', () => {
  // The rate that is asked for is 전송률, the one that is measured 처리율; the others are words that were given up.
  const measured = new Set(['status.rate', 'runs.rate', 'charts.tableNote']);
  for (const [path, text] of leaves(ko)) {
    expect(text, path).not.toMatch(/계수기|회전 대기|블록 거절|찢어진|페이지 부재|머리말/);
    if (measured.has(path)) expect(text, path).toContain('처리율');
    if (text.includes('전송률')) expect(text, path).toContain('전송률 제한');
  }
});
