import { describe, expect, test } from 'vitest';
import { bearerToken, cookieValues, Guard, newToken, sameSecret, setCookie } from './guard.ts';

const token = newToken();
const guard = new Guard(token, 8080);

describe('token', () => {
  test('has 256 bits and is never the same', () => {
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(newToken()).not.toBe(token);
  });

  test.each([undefined, null, '', 'x', token.slice(1), `${token} `])('%j is refused', (guess) => {
    expect(guard.tokenAllowed(guess)).toBe(false);
  });

  test('secrets of different length compare without throwing', () => {
    expect(sameSecret('a', 'ab')).toBe(false);
    expect(sameSecret('ab', 'ab')).toBe(true);
  });
});

describe('cookie', () => {
  test('cannot be read by scripts nor sent by other sites', () => {
    expect(setCookie(8080, token)).toBe(`ipc-scope-8080=${token}; Path=/; HttpOnly; SameSite=Strict`);
  });

  test('is found among others, also when an old one of the same name is sent first', () => {
    expect(guard.cookieAllowed(`a=b; ipc-scope-8080=old; ipc-scope-8080=${token}`)).toBe(true);
    expect(guard.cookieAllowed(`ipc-scope-8081=${token}`)).toBe(false);
    expect(guard.cookieAllowed(`x-ipc-scope-8080=${token}`)).toBe(false);
    expect(guard.cookieAllowed(undefined)).toBe(false);
    expect(cookieValues('', 'a')).toEqual([]);
  });
});

describe('host', () => {
  test.each(['127.0.0.1:8080', 'localhost:8080', 'LOCALHOST:8080'])('%s is ours', (host) => {
    expect(guard.hostAllowed(host)).toBe(true);
  });

  test.each([
    undefined,
    '',
    '127.0.0.1',
    'localhost:8081',
    'evil.example:8080',
    '127.0.0.1:8080.evil.example',
  ])('%j is not', (host) => {
    expect(guard.hostAllowed(host)).toBe(false);
  });

  test('port 80 may be left out', () => {
    expect(new Guard(token, 80).hostAllowed('localhost')).toBe(true);
  });
});

describe('origin', () => {
  test('must be the host that is spoken to', () => {
    expect(guard.originAllowed('http://127.0.0.1:8080', '127.0.0.1:8080')).toBe(true);
    expect(guard.originAllowed('http://localhost:8080', '127.0.0.1:8080')).toBe(false);
  });

  test.each([undefined, 'null', 'http://127.0.0.1:9999', 'https://127.0.0.1:8080', 'http://evil.example'])(
    '%j is refused',
    (origin) => {
      expect(guard.originAllowed(origin, '127.0.0.1:8080')).toBe(false);
    },
  );
});

test('a bearer token is read from its header only in the right form', () => {
  expect(bearerToken(`Bearer ${token}`)).toBe(token);
  expect(bearerToken(token)).toBeUndefined();
  expect(bearerToken(undefined)).toBeUndefined();
});
