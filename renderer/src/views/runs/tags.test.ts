import { describe, expect, it } from 'vitest';
import { parseTags, tagsText } from './tags.ts';

describe('tags', () => {
  it.each([
    ['', []],
    ['lab 1', ['lab 1']],
    [' lab   1 ,pipe,, lab 1 , ', ['lab 1', 'pipe']],
    ['과제 1, 파이프', ['과제 1', '파이프']],
  ])('%j are %j', (text, tags) => {
    expect(parseTags(text)).toEqual({ ok: true, tags });
  });

  it('come back as they were typed', () => {
    expect(parseTags(tagsText(['a b', 'c']))).toEqual({ ok: true, tags: ['a b', 'c'] });
  });

  it('say what is wrong with them', () => {
    expect(parseTags(`a, ${'x'.repeat(33)}`)).toEqual({ ok: false, tooLong: 'x'.repeat(33) });
    const many = Array.from({ length: 13 }, (_, i) => `t${i}`).join();
    expect(parseTags(many)).toEqual({ ok: false, tooMany: 13 });
  });
});
