/** Whatever the page shows by a word of the field has its sentence, in both languages. */
import { afterEach, describe, expect, it } from 'vitest';
import { options } from '../test-support/describe.ts';
import { en } from './en.ts';
import { ko } from './ko.ts';
import { language } from './language.svelte.ts';
import { objectMeaning, valueMeaning } from './words.ts';

afterEach(() => {
  language.locale = 'en';
});

describe.each([
  ['en', en],
  ['ko', ko],
] as const)('in %s', (locale, t) => {
  it('every kind of object that has a name has a meaning', () => {
    language.locale = locale;
    for (const kind of Object.keys(t.objects)) expect(objectMeaning(kind), kind).not.toBe('');
  });

  it('every value that a choice offers has a meaning, and numbers need none', () => {
    language.locale = locale;
    for (const option of options) {
      const values =
        option.kind === 'choice' ? option.values : option.kind === 'placement' ? option.words : [];
      for (const value of values) expect(valueMeaning(option.name, value), value).toMatch(/\.$/);
    }
    expect(valueMeaning('size_bytes', 64)).toBe('');
    expect(valueMeaning('constructor', 'toString')).toBe('');
  });

  it('each is one or two whole sentences', () => {
    const sentences = (given: object): string[] =>
      Object.values(given).flatMap((value: unknown) =>
        typeof value === 'string'
          ? [value]
          : typeof value === 'object' && value !== null
            ? sentences(value)
            : [],
      );
    for (const sentence of sentences(t.meanings)) expect(sentence).toMatch(/\.$/);
  });
});
