import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../errors.ts';
import { NOTE_CODES } from '../frames.ts';
import { errorText } from './error.ts';
import { formatBytes, formatCount, formatDuration, formatMoment, formatRate, formatShare } from './format.ts';
import { noteText } from './note.ts';

describe('errors in words', () => {
  it.each(ERROR_CODES)('%s says what was wrong and what would be right, in both languages', (code) => {
    const error = { code, message: 'm', remedy: 'r', where: 'w', value: 'v', allowed: 'a', errno: 'EPERM' };
    const english = errorText(error, 'en');
    const korean = errorText(error, 'ko');
    for (const text of [english.what, english.remedy, korean.what, korean.remedy]) {
      expect(text.length).toBeGreaterThan(0);
      expect(text).not.toMatch(/undefined|null|\?$/);
    }
    if (code !== 'usage') expect(korean.what).toMatch(/[가-힣]/);
  });
});

describe('errors in Korean', () => {
  // What stands in them is ours to find, or what a person typed.
  const quoting = ['internal', 'helper_crashed', 'usage'];
  const codes = ERROR_CODES.filter((code) => !quoting.includes(code));

  it.each(codes)('%s has no English of its message or remedy in it', (code) => {
    for (const errno of [undefined, 'EMFILE', 'EBUSY', 'EXDEV']) {
      for (const where of [undefined, 'pipe2', 'port', 'session.start']) {
        const error = {
          code,
          message: 'English message',
          remedy: 'English remedy',
          ...(errno === undefined ? {} : { errno }),
          ...(where === undefined ? {} : { where }),
        };
        const { what, remedy } = errorText(error, 'ko');
        expect(`${what} ${remedy}`).not.toContain('English');
        expect(what).toMatch(/[가-힣]/);
        expect(remedy).toMatch(/[가-힣]/);
      }
    }
  });

  it('name the call and its errno, and what to do about that', () => {
    const error = {
      code: 'limit_reached' as const,
      message: 'm',
      remedy: 'r',
      where: 'pipe2',
      errno: 'EMFILE',
    };
    expect(errorText(error, 'ko')).toEqual({
      what: '운영체제의 한도에 닿았습니다: pipe2 (EMFILE)',
      remedy: '열 수 있는 파일 수의 한도를 올리거나(ulimit -n) 다른 프로그램을 끝내세요.',
    });
    expect(errorText(error, 'en').remedy).toContain('ulimit -n');
  });

  it('say how a limit that they name is raised', () => {
    const error = { code: 'limit_reached' as const, message: 'm', remedy: 'r', errno: 'EMFILE' };
    const size = { ...error, where: '/proc/sys/fs/mqueue/msgsize_max', allowed: '1..8192' };
    expect(errorText(size, 'en').remedy).toBe(
      'Stay within 1..8192, or let an administrator raise the limit: sysctl -w fs.mqueue.msgsize_max=N',
    );
    expect(errorText(size, 'ko').remedy).toContain('1..8192');
    const user = { ...error, where: 'RLIMIT_MSGQUEUE' };
    for (const locale of ['en', 'ko'] as const) {
      expect(errorText(user, locale).remedy).toContain('ulimit -q');
      expect(errorText(user, locale).remedy).not.toContain('ulimit -n');
    }
  });

  it('say nothing of channels', () => {
    for (const code of ['bad_request', 'not_allowed'] as const) {
      const error = { code, message: 'no such channel', remedy: 'r', where: 'runs.open: id', value: 'v' };
      for (const locale of ['en', 'ko'] as const) {
        const { what, remedy } = errorText(error, locale);
        expect(`${what} ${remedy}`).not.toMatch(/channel|runs\.open/);
      }
    }
  });
});

describe('a command that comes at the wrong time', () => {
  it('is told in words of the session, not of the program', () => {
    const error = {
      code: 'wrong_state' as const,
      message: 'm',
      remedy: 'r',
      where: 'set',
      value: 'stopping',
      allowed: 'running, paused',
    };
    expect(errorText(error, 'en')).toEqual({
      what: 'This cannot be done while the session is stopping.',
      remedy: 'It can be done while the session is running or paused.',
    });
    expect(errorText(error, 'ko')).toEqual({
      what: '세션이 멈추는 중일 때는 할 수 없는 일입니다.',
      remedy: '할 수 있는 때: 실행 중, 일시 정지 중',
    });
  });
});

describe('notes in words', () => {
  it.each(NOTE_CODES)('%s reads well in both languages', (code) => {
    const params = {
      role: 'producer',
      index: 0,
      pid: 42,
      signal: 'SIGKILL',
      rate_per_s: 1000,
      consumer_delay_us: 5,
      capacity_bytes: 4096,
      name: 'x',
    };
    const note = { t: 'note' as const, elapsed_ns: 0, code, params };
    expect(noteText(note, 'en')).not.toMatch(/undefined|NaN/);
    expect(noteText(note, 'ko')).toMatch(/[가-힣]/);
  });

  it('names the process that ended', () => {
    const params = { role: 'consumer', index: 0, pid: 42, signal: 'SIGKILL' };
    const note = { t: 'note' as const, elapsed_ns: 0, code: 'process_ended' as const, params };
    expect(noteText(note, 'en')).toBe('The consumer 0 (pid 42) ended: SIGKILL.');
    expect(noteText(note, 'ko')).toContain('소비자 0 (pid 42)');
  });
});

describe('faults in words', () => {
  const told = (params: Record<string, string | number>, locale: 'en' | 'ko') =>
    noteText(
      {
        t: 'note',
        elapsed_ns: 0,
        code: 'integrity_fault',
        params: { role: 'consumer', index: 0, pid: 42, ...params },
      },
      locale,
    );

  it('name the message at fault, the one that was due, and the sender where there are several', () => {
    expect(told({ kind: 'lost', sequence: 1000, expected: 1000, missing: 3 }, 'en')).toBe(
      'The consumer 0 (pid 42) found that message 1,000 – 1,002 did not come.',
    );
    expect(told({ kind: 'reordered', sequence: 4, expected: 9, sender: 2 }, 'en')).toBe(
      'The consumer 0 (pid 42) found that message 4 came late, when 9 was due, of producer 2.',
    );
    for (const kind of ['lost', 'corrupt', 'torn', 'duplicated', 'reordered']) {
      expect(told({ kind, sequence: 7, expected: 9 }, 'ko')).toMatch(/7번.*[가-힣]/);
    }
  });
});

describe('figures in words', () => {
  it('carry three digits and their unit', () => {
    expect(formatDuration(45_230, 'en')).toBe('45.2\u00a0µs');
    expect(formatDuration(999.7, 'en')).toBe('1\u00a0µs');
    expect(formatRate(2_607_000, 'en')).toBe('2.61\u00a0M/s');
    expect(formatBytes(65_536, 'ko')).toBe('64\u00a0KiB');
    expect(formatCount(1_234_567, 'ko')).toBe('1,234,567');
    expect(formatShare(0.123, 'en')).toBe('12%');
    expect(formatDuration(NaN, 'en')).toBe('–');
  });

  it('a moment in Korean is on a clock of 24 hours, whatever ICU calls the afternoon', () => {
    const afternoon = new Date(2026, 10, 21, 19, 37, 48).getTime();
    expect(formatMoment(afternoon, 'ko')).toBe('2026. 11. 21. 19:37:48');
    expect(formatMoment(afternoon, 'ko', 'long')).toMatch(/^2026년 11월 21일 19:37:48$/);
    expect(formatMoment(afternoon, 'en')).toContain('Nov 21, 2026');
  });
});
