import { describe, expect, test } from 'vitest';
import { isOwnBlob, isOwnPage, isPage, isTrustedSender, mayOpenExternally, PAGE_URL } from './rules.ts';

describe('sender', () => {
  test('the main frame of our own page is heard', () => {
    expect(isTrustedSender({ url: PAGE_URL, parent: null })).toBe(true);
  });

  test('a frame that is gone is not', () => {
    expect(isTrustedSender(null)).toBe(false);
  });

  test('a frame within our page is not', () => {
    expect(isTrustedSender({ url: PAGE_URL, parent: {} })).toBe(false);
  });

  test('a frame whose properties throw is not', () => {
    const disposed = {
      get url(): string {
        throw new Error('Render frame was disposed before WebFrameMain could be accessed');
      },
      parent: null,
    };
    expect(isTrustedSender(disposed)).toBe(false);
  });

  test.each([
    '',
    'about:blank',
    'data:text/html,x',
    'file:///etc/passwd',
    'https://ipc-scope/index.html',
    'app://ipc-scope.evil.example/index.html',
    'app://evil/ipc-scope',
    'app://user@ipc-scope/index.html',
    'app:ipc-scope',
    'blob:app://ipc-scope/1',
  ])('a page at %j is not', (url) => {
    expect(isTrustedSender({ url, parent: null })).toBe(false);
    expect(isOwnPage(url)).toBe(false);
  });
});

describe('outside', () => {
  test('manuals may be opened in the browser', () => {
    expect(mayOpenExternally('https://man7.org/linux/man-pages/man7/pipe.7.html')).toBe(true);
  });

  test.each([
    'http://man7.org/',
    'https://man7.org.evil.example/',
    'https://evil.example/?man7.org',
    'https://man7.org@evil.example/',
    'https://user@man7.org/',
    'https://man7.org:8443/',
    'file:///bin/sh',
    'javascript:alert(1)',
    'smb://man7.org/share',
    'not a url',
  ])('%s may not', (url) => {
    expect(mayOpenExternally(url)).toBe(false);
  });
});

test('only what the page made itself may be downloaded', () => {
  expect(isOwnBlob('blob:app://ipc-scope/0b2f')).toBe(true);
  expect(isOwnBlob('blob:app://ipc-scope.evil/0b2f')).toBe(false);
  expect(isOwnBlob('app://ipc-scope/index.html')).toBe(false);
  expect(isOwnBlob('https://evil.example/x.exe')).toBe(false);
});

test('the page may load itself again, in any of its views, and nothing else', () => {
  expect(isPage(PAGE_URL)).toBe(true);
  expect(isPage(`${PAGE_URL}#/runs`)).toBe(true);
  expect(isPage('app://ipc-scope/other.html')).toBe(false);
  expect(isPage(`${PAGE_URL}?x`)).toBe(false);
});
