import { describe, expect, it } from 'vitest';
import { AppException } from '#contract/errors';
import { describeFrame } from '#contract/test-frames';
import { isSet, parseArguments, refuseStrangers, valueOf } from './arguments.ts';
import { specOf } from './option-flags.ts';

const OWN = ['--json', '--no-record'];

function codeOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (thrown) {
    return thrown instanceof AppException ? [thrown.error.code, thrown.error.where] : thrown;
  }
}

describe('the command line', () => {
  it('is words and flags, in any order, with or without an equals sign', () => {
    const { words, flags } = parseArguments(
      ['pipe', '--size', '64KiB', '--json', 'x', '--rate=-1', '-h'],
      OWN,
    );
    expect(words).toEqual(['pipe', 'x']);
    expect([...flags]).toEqual([
      ['--size', '64KiB'],
      ['--json', true],
      ['--rate', '-1'],
      ['--help', true],
    ]);
  });

  it('takes a negative number as a value and a further flag as none', () => {
    const { flags } = parseArguments(['--rate', '-1', '--size', '--duration', '1s']);
    expect([...flags]).toEqual([
      ['--rate', '-1'],
      ['--size', true],
      ['--duration', '1s'],
    ]);
  });

  it('has only words behind two dashes', () => {
    expect(parseArguments(['--', '--size']).words).toEqual(['--size']);
  });

  it('says what is missing, too much or unknown', () => {
    const given = parseArguments(['--out', '--json=yes', '--bogus']);
    expect(codeOf(() => valueOf(given, '--out', 'FILE'))).toEqual(['missing_value', '--out']);
    expect(codeOf(() => isSet(given, '--json'))).toEqual(['not_a_choice', '--json']);
    expect(codeOf(() => refuseStrangers(given, ['--out', '--json']))).toEqual(['unknown_flag', '--bogus']);
    expect(valueOf(given, '--absent', 'FILE')).toBeUndefined();
  });
});

describe('the flags of a session', () => {
  const mechanism = describeFrame().mechanisms[0];
  if (mechanism === undefined) throw new Error('no mechanism');
  const spec = (...argv: string[]) => specOf(mechanism, parseArguments(argv, OWN), OWN);

  it('become a spec; what is left out stays with the helper', () => {
    expect(spec()).toEqual({ mechanism: 'pipe', options: {} });
    expect(
      spec(
        '--size',
        '1KiB',
        '--duration=2s',
        '--verify',
        'full',
        '--placement',
        '0,1',
        '--pattern',
        'pingpong',
        '--json',
      ),
    ).toEqual({
      mechanism: 'pipe',
      pattern: 'pingpong',
      options: { size_bytes: 1024, duration_ms: 2000, verify: 'full', placement: '0,1' },
    });
  });

  it.each([
    [['--blocking'], true],
    [['--blocking', 'true'], true],
    [['--blocking=false'], false],
    [['--no-blocking'], false],
    [['--no-blocking=false'], true],
  ])('%j sets blocking to %s', (argv, blocking) => {
    expect(spec(...argv).options).toEqual({ blocking });
  });

  it.each([
    [['--bogus', '1'], 'unknown_flag', '--bogus'],
    [['--size'], 'missing_value', '--size'],
    [['--size', '0'], 'out_of_range', '--size'],
    [['--size', 'big'], 'not_a_number', '--size'],
    [['--verify', 'maybe'], 'not_a_choice', '--verify'],
    [['--verify'], 'missing_value', '--verify'],
    [['--pattern', 'spiral'], 'not_a_choice', '--pattern'],
    [['--variant'], 'missing_value', '--variant'],
    [['--placement', 'moon'], 'not_a_choice', '--placement'],
    [['--blocking', 'perhaps'], 'not_a_choice', '--blocking'],
  ])('%j is refused as %s of %s', (argv, code, where) => {
    expect(codeOf(() => spec(...argv))).toEqual([code, where]);
  });
});
