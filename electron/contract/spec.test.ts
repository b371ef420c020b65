import { describe as suite, expect, it } from 'vitest';
import type { Describe } from './describe.ts';
import { resolveSpec, toFlags } from './spec.ts';

const describe: Describe = {
  t: 'describe',
  protocol: 1,
  helper: '0.1.0',
  system: { os: 'Linux', release: '6', arch: 'x86_64', cpus: [0, 1], page_bytes: 4096 },
  clock: { name: 'CLOCK_MONOTONIC', resolution_ns: 1, cost_ns: 20 },
  limits: {},
  mechanisms: [
    {
      id: 'shm',
      family: 'shared_memory',
      variants: ['plain'],
      patterns: ['stream', 'pingpong'],
      options: [
        {
          name: 'size_bytes',
          flag: '--size',
          live: false,
          advanced: false,
          kind: 'integer',
          unit: 'bytes',
          min: 1,
          max: 1024,
          default: 64,
          scale: 'log',
        },
        {
          name: 'sync',
          flag: '--sync',
          live: false,
          advanced: false,
          kind: 'choice',
          values: ['futex', 'spin'],
          default: 'futex',
        },
        {
          name: 'blocking',
          flag: '--blocking',
          live: false,
          advanced: false,
          kind: 'boolean',
          default: true,
        },
        {
          name: 'placement',
          flag: '--placement',
          live: false,
          advanced: false,
          kind: 'placement',
          words: ['free', 'same', 'apart'],
          default: 'free',
        },
      ],
    },
  ],
};

suite('resolveSpec', () => {
  it('fills in the default that a pattern has of its own', () => {
    const [shm] = describe.mechanisms;
    if (shm === undefined) throw new Error('no mechanism');
    const options = shm.options.map((option) =>
      option.kind === 'integer' ? { ...option, pattern_defaults: { pingpong: 8 } } : option,
    );
    const own = { ...describe, mechanisms: [{ ...shm, options }] };
    const sizeUnder = (pattern: string) => resolveSpec(own, { mechanism: 'shm', pattern, options: {} });
    expect(sizeUnder('pingpong')).toMatchObject({ value: { options: { size_bytes: 8 } } });
    expect(sizeUnder('stream')).toMatchObject({ value: { options: { size_bytes: 64 } } });
  });

  it('fills in what was left out', () => {
    expect(resolveSpec(describe, { mechanism: 'shm', options: { size_bytes: 8 } })).toEqual({
      ok: true,
      value: {
        mechanism: 'shm',
        variant: 'plain',
        pattern: 'stream',
        options: { size_bytes: 8, sync: 'futex', blocking: true, placement: 'free' },
      },
    });
  });

  it.each([
    [{ mechanism: 'smoke', options: {} }, 'unknown_mechanism', 'mechanism', 'shm'],
    [{ mechanism: 'shm', variant: 'magic', options: {} }, 'not_a_choice', 'variant', 'plain'],
    [{ mechanism: 'shm', pattern: 'ring', options: {} }, 'not_a_choice', 'pattern', 'stream, pingpong'],
    [{ mechanism: 'shm', options: { size_bytes: 0 } }, 'out_of_range', 'size_bytes', '1..1024'],
    [{ mechanism: 'shm', options: { size_bytes: 1025 } }, 'out_of_range', 'size_bytes', '1..1024'],
    [{ mechanism: 'shm', options: { size_bytes: 1.5 } }, 'not_a_number', 'size_bytes', '1..1024'],
    [{ mechanism: 'shm', options: { size_bytes: '64' } }, 'not_a_number', 'size_bytes', '1..1024'],
    [{ mechanism: 'shm', options: { sync: 'prayer' } }, 'not_a_choice', 'sync', 'futex, spin'],
    [{ mechanism: 'shm', options: { blocking: 'yes' } }, 'not_a_choice', 'blocking', 'true, false'],
  ] as const)('refuses %j, naming what would be right', (spec, code, where, allowed) => {
    expect(resolveSpec(describe, spec)).toMatchObject({ ok: false, error: { code, where, allowed } });
  });

  it('names an option that does not exist, and does not mistake inherited keys for one', () => {
    for (const name of ['colour', 'constructor', 'toString']) {
      expect(resolveSpec(describe, { mechanism: 'shm', options: { [name]: 1 } })).toMatchObject({
        ok: false,
        error: { code: 'unknown_flag', where: name },
      });
    }
  });

  it('takes words and CPU lists as placement, nothing else', () => {
    const placed = (placement: string) =>
      resolveSpec(describe, { mechanism: 'shm', options: { placement } }).ok;
    expect(['apart', '0,1', '3'].map(placed)).toEqual([true, true, true]);
    expect(['0,', 'cpu0', '-1', '0;1', ''].map(placed)).toEqual([false, false, false, false, false]);
  });
});

suite('toFlags', () => {
  it('passes on what was set, each flag with one value', () => {
    const [mechanism] = describe.mechanisms;
    if (mechanism === undefined) throw new Error('no mechanism');
    const spec = { mechanism: 'shm', pattern: 'pingpong', options: { size_bytes: 8, blocking: false } };
    expect(toFlags(mechanism, spec)).toEqual(
      'run shm --pattern pingpong --size 8 --blocking false'.split(' '),
    );
  });
});
