import { describe, expect, it } from 'vitest';
import type { MechanismInfo } from '#contract/describe';
import { settle } from './settle.ts';

const choice = (name: string, values: string[]): MechanismInfo['options'][number] => ({
  kind: 'choice',
  name,
  flag: `--${name}`,
  live: false,
  advanced: false,
  values,
  default: values[0] ?? '',
});
const pair = (one: [string, string], other: [string, string]) =>
  [one, other].map(([name, value]) => ({ name, value })) as NonNullable<MechanismInfo['exclusions']>[number];

const ring: MechanismInfo = {
  id: 'ring',
  family: 'shared_memory',
  variants: ['plain', 'tuned'],
  patterns: ['stream', 'pingpong', 'fan_in'],
  options: [
    choice('sync', ['semaphore', 'mutex', 'futex', 'spin']),
    choice('buffering', ['bounded', 'rendezvous']),
  ],
  exclusions: [
    pair(['variant', 'tuned'], ['pattern', 'fan_in']),
    pair(['variant', 'tuned'], ['sync', 'semaphore']),
    pair(['variant', 'tuned'], ['sync', 'mutex']),
    pair(['sync', 'futex'], ['buffering', 'rendezvous']),
  ],
};

const with_ = (chosen: Record<string, string>, mechanism = ring) =>
  settle(mechanism, (name, values) => chosen[name] ?? values[0] ?? '');
const valuesOf = (chosen: Record<string, string>) =>
  Object.fromEntries([...with_(chosen)].map(([name, { value }]) => [name, value]));

describe('choices', () => {
  it('stand where they go together, and nothing is greyed out for what is not chosen', () => {
    expect(valuesOf({ pattern: 'fan_in', sync: 'mutex' })).toEqual({
      variant: 'plain',
      pattern: 'fan_in',
      sync: 'mutex',
      buffering: 'bounded',
    });
    expect([...with_({})].flatMap(([, { excluded }]) => [...excluded.keys()])).toEqual([]);
  });

  it('yield to what comes before them, by the nearest value, and say to what', () => {
    const settled = with_({ variant: 'tuned', pattern: 'fan_in', sync: 'mutex' });
    expect(settled.get('variant')).toEqual({ value: 'tuned', excluded: new Map() });
    expect(settled.get('pattern')?.value).toBe('pingpong');
    expect(settled.get('sync')).toEqual({
      value: 'futex',
      excluded: new Map([
        ['semaphore', { name: 'variant', value: 'tuned' }],
        ['mutex', { name: 'variant', value: 'tuned' }],
      ]),
    });
  });

  it('yield to what the one before them became', () => {
    const settled = with_({ variant: 'tuned', sync: 'mutex', buffering: 'rendezvous' });
    expect(settled.get('buffering')).toEqual({
      value: 'bounded',
      excluded: new Map([['rendezvous', { name: 'sync', value: 'futex' }]]),
    });
  });

  it('stay as wanted where no value is left, and where the helper tells of no pairs', () => {
    const none = {
      ...ring,
      exclusions: ['stream', 'pingpong', 'fan_in'].map((p) => pair(['variant', 'tuned'], ['pattern', p])),
    };
    expect(with_({ variant: 'tuned', pattern: 'fan_in' }, none).get('pattern')?.value).toBe('fan_in');
    const { exclusions: _, ...silent } = ring;
    expect(with_({ variant: 'tuned', pattern: 'fan_in' }, silent).get('pattern')?.value).toBe('fan_in');
  });
});
