import { describe, expect, it } from 'vitest';
import { summary } from '#contract/test-frames';
import { CHECK_FAILED, DONE, exitCodeOf, exitCodeOfSummary, REFUSED, USAGE } from './exit-code.ts';
import { localeOf } from './terminal.ts';

describe('the language', () => {
  it.each([
    [{ LANG: 'ko_KR.UTF-8' }, 'ko'],
    [{ LANG: 'en_US.UTF-8' }, 'en'],
    [{ LC_ALL: 'C', LANG: 'ko_KR.UTF-8' }, 'en'],
    [{ LC_MESSAGES: 'ko', LANG: 'en_US' }, 'ko'],
    [{ LC_ALL: '', LANG: 'ko_KR' }, 'ko'],
    [{ LANG: 'kok_IN' }, 'en'],
    [{}, 'en'],
  ])('of %j is %s', (env, locale) => {
    expect(localeOf(env)).toBe(locale);
  });
});

describe('the exit code', () => {
  it('tells a mistake of the person from a refusal of the system', () => {
    const error = (code: 'out_of_range' | 'helper_missing' | 'system_refused') => ({
      code,
      message: '',
      remedy: '',
    });
    expect(exitCodeOf(error('out_of_range'))).toBe(USAGE);
    expect(exitCodeOf(error('helper_missing'))).toBe(REFUSED);
    expect(exitCodeOf(error('system_refused'))).toBe(REFUSED);
  });

  it('is 0 only where every message arrived whole and nobody was killed', () => {
    expect(exitCodeOfSummary(summary())).toBe(DONE);
    expect(exitCodeOfSummary(summary({ ended_by: 'stop' }))).toBe(DONE);
    expect(exitCodeOfSummary(summary({ ended_by: 'peer_exit' }))).toBe(CHECK_FAILED);
    const { integrity, processes } = summary();
    expect(exitCodeOfSummary(summary({ integrity: { ...integrity, lost: 1 } }))).toBe(CHECK_FAILED);
    const killed = processes.map((process) => ({ ...process, exit: 'signal SIGKILL' }));
    expect(exitCodeOfSummary(summary({ processes: killed }))).toBe(CHECK_FAILED);
  });
});
