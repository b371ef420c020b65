import { describe, expect, it } from 'vitest';
import { CAUTION_CODES } from '../compare/cautions.ts';
import { compare } from '../compare/comparison.ts';
import { FIGURES } from '../compare/figures.ts';
import { side } from '../compare/test-sides.ts';
import { cautionText, comparisonTexts, differenceSentence, formatFigure, formatRatio } from './comparison.ts';

const words = {
  setting: (name: string) => ({ mechanism: 'Mechanism', size_bytes: 'Message size' })[name] ?? name,
  value: (_: string, value: unknown) => String(value),
};
const say = (of: Parameters<typeof differenceSentence>[0], locale: 'en' | 'ko' = 'en') =>
  differenceSentence(of, words, locale);

describe('the difference in one sentence', () => {
  const slow = side('a', { rate: 1000, p99_ns: 4000 });
  const fast = side('b', {
    rate: 3100,
    p99_ns: 1600,
    change: { mechanism: 'shm', options: { size_bytes: 128 } },
  });

  it('says how many times, how surely, and in what the runs differ', () => {
    const text = say(compare([slow, fast]));
    expect(text).toMatch(
      /^B \(shm, 128\) delivers 3\.1\d* times \([\d.]+–[\d.]+\) the messages and 3\.1\d* times \([\d.]+–[\d.]+\) the bytes of A \(pipe, 64\); its p99 latency is 0\.4\d* times \([\d.]+–[\d.]+\) that of A; they differ in mechanism and message size\.$/,
    );
    expect(say(compare([slow, fast]), 'ko')).toMatch(
      /^B\(shm, 128\)의 메시지 처리율은 A\(pipe, 64\)의 3\.1\d*배\([\d.]+–[\d.]+\), 초당 전송량은 3\.1\d*배\([\d.]+–[\d.]+\)이고, p99 지연은 A의 0\.4\d*배\([\d.]+–[\d.]+\)이며, 서로 다른 설정은 .+, .+입니다\.$/,
    );
  });

  it('turns round with the baseline', () => {
    expect(say(compare([slow, fast], 1))).toMatch(
      /^A \(pipe, 64\) delivers 0\.32\d* times .* of B \(shm, 128\); its p99 latency is 2\.\d+ times/,
    );
  });

  it('does not claim what the noise does not allow', () => {
    const text = say(compare([slow, side('b', { rate: 1001, p99_ns: 4000 })]));
    expect(text).toMatch(
      /^B and A cannot be told apart by their throughput \(ratio [\d.]+–[\d.]+\); their p99 latencies cannot be told apart/,
    );
    expect(text).toMatch(/; their settings are the same\.$/);
  });

  it('says nothing of latencies that are not of the same thing', () => {
    const pingpong = side('b', {
      rate: 100,
      change: { latency: { ...slow.summaries[0].latency, kind: 'round_trip' } },
    });
    expect(say(compare([slow, pingpong]))).not.toContain('latency');
  });

  it('names the best of several', () => {
    const middle = side('c', { rate: 2000, p99_ns: 800 });
    const text = say(compare([slow, fast, middle]));
    expect(text).toMatch(/^Of 3 runs, B \(shm, 128\) has the most messages per second, 3\.1/);
    expect(text).toMatch(/; C has the lowest p99 latency, 0\.2/);
    expect(say(compare([slow, fast, middle], 1))).toMatch(/B \(shm, 128\) has the most .*next comes C/);
    expect(say(compare([slow, fast, middle]), 'ko')).toMatch(
      /^실행 3개 가운데 B\(shm, 128\)의 메시지 처리율이 A의 3\.1/,
    );
    expect(say(compare([slow, side('b', { rate: 1001 }), side('c', { rate: 10 })]))).toMatch(
      /^Of 3 runs, B and A are the fastest and cannot be told apart/,
    );
  });
});

describe('words of a comparison', () => {
  it.each(CAUTION_CODES)('%s has its cause, effect and remedy in both languages', (code) => {
    const comparison = compare([
      side('a'),
      side('b', {
        change: { warnings: [{ code: 'crowded_cpus', cause: 'Crowded.', effect: 'e', remedy: 'r' }] },
      }),
    ]);
    const caution = { code, sides: [0, 1], facts: ['host' as const], warnings: ['crowded_cpus'] };
    for (const locale of ['en', 'ko'] as const) {
      const { cause, effect, remedy } = cautionText(caution, comparison, locale);
      for (const text of [cause, effect, remedy]) {
        expect(text.length).toBeGreaterThan(5);
        expect(text).not.toMatch(/undefined|NaN/);
        if (locale === 'ko') expect(text).toMatch(/[가-힣]/);
      }
    }
  });

  it('name every figure', () => {
    for (const locale of ['en', 'ko'] as const) {
      for (const figure of FIGURES) expect(comparisonTexts(locale).figures[figure]).not.toBe('');
    }
    expect(formatFigure('switches_per_message', 0.5234, 'en')).toBe('0.523');
  });

  it('give a ratio as many digits as its interval supports', () => {
    expect(formatRatio({ ratio: 3.126, low: 2.91, high: 3.33 }, 'en')).toMatchObject({
      ratio: '3.1',
      interval: '2.9–3.3',
    });
    expect(formatRatio({ ratio: 1.004, low: 1.002, high: 1.006 }, 'en').interval).toBe('1.002–1.006');
    expect(formatRatio({ ratio: 2, low: NaN, high: NaN }, 'en')).toMatchObject({ ratio: '2', interval: '' });
    expect(formatRatio({ ratio: 0.001, low: 0.0009, high: 0.0011 }, 'en')).toEqual({
      ratio: '1/1,000',
      interval: '1/1,100–1/910',
      fraction: true,
    });
    expect(formatRatio({ ratio: NaN, low: NaN, high: NaN }, 'en').ratio).toBe('–');
  });
});
