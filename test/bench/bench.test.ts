/** What the benchmarks take, which sessions they make of the helper's own list, and what they print. */
import { describe, expect, it } from 'vitest';
import type { Describe } from '../../electron/contract/describe.ts';
import { parseArguments } from './arguments.js';
import { cataloguedRows } from './catalogue.js';
import { ratiosOf, type Result } from './contest.js';
import { verdicts } from './goals.js';
import { micro, million, size, table } from './markdown.js';
import { tasksOf } from './peers.js';
import { timeLeft } from './progress.js';
import { report } from './report.js';
import { labelOf, subjects, wordsOf } from './sessions.js';
import { yardsticks } from './yardsticks.js';

const choice = (name: string, values: string[]) => ({
  ...{ name, flag: `--${name}`, live: false, advanced: false, kind: 'choice' as const },
  ...{ values, default: values[0] ?? '' },
});
const upTo = (max: number) => ({
  ...{ name: 'size_bytes', flag: '--size', live: false, advanced: false, kind: 'integer' as const },
  ...{ unit: 'bytes' as const, min: 1, max, default: 64, scale: 'log' as const },
});
const described: Describe = {
  t: 'describe',
  protocol: 1,
  helper: '0.1.0',
  system: { os: 'linux', release: '6.1', arch: 'x86_64', cpus: [0, 1], page_bytes: 4096 },
  clock: { name: 'CLOCK_MONOTONIC', resolution_ns: 1, cost_ns: 20 },
  limits: {},
  mechanisms: [
    {
      id: 'shm',
      family: 'shared_memory',
      variants: ['plain', 'tuned'],
      patterns: ['stream', 'pingpong'],
      options: [upTo(1 << 24), choice('sync', ['spin', 'none']), choice('verify', ['none', 'full'])],
    },
    // One that nobody here has heard of.
    {
      id: 'pigeon',
      family: 'message_passing',
      variants: ['plain'],
      patterns: ['stream', 'fan_in', 'dialogue'],
      options: [upTo(8192)],
    },
  ],
};
const options = parseArguments(['peers']).options;

describe('sessions', () => {
  it('come from what the helper can do: every telling choice, no others, and new mechanisms by themselves', () => {
    expect(subjects(described).map(labelOf)).toEqual(['shm spin', 'shm none', 'pigeon']);
    expect(subjects(described, 'spin').map(labelOf)).toEqual(['shm spin']);
    const tasks = tasksOf(described, options).map(
      ({ subject, pattern, size }) => `${labelOf(subject)} ${pattern} ${size}`,
    );
    expect(tasks).toContain('pigeon stream 1024');
    // Above its limit, and not a pattern of the goals.
    expect(tasks).not.toContain('pigeon stream 65536');
    expect(tasks.some((task) => task.includes('fan_in'))).toBe(false);
  });

  it('fill the table with every pattern for which nobody has to type, variant and placement', () => {
    const rows = cataloguedRows(described, { ...options, sizes: [64], placements: ['same', 'apart'] });
    expect(rows.length).toBe(2 * 2 * 2 * 2 + 2 * 2);
    expect(rows.some(({ pattern }) => pattern === 'dialogue')).toBe(false);
  });

  it('are told to the helper in its own words', () => {
    const [spin] = subjects(described);
    if (spin === undefined) throw new Error('no subject');
    const run = { variant: 'tuned', pattern: 'stream', size: 64, placement: 'same', warmup_ms: 50 };
    expect(wordsOf(spin, run).join(' ')).toBe(
      'shm --sync spin --variant tuned --pattern stream --size 64 --placement same --warmup 50',
    );
  });
});

describe('yardsticks', () => {
  it('are there where a bare loop does the same, and nowhere else', () => {
    const [spin, none, pigeon] = subjects(described);
    if (!spin || !none || !pigeon) throw new Error('no subjects');
    const names = (...args: Parameters<typeof yardsticks>): string[] =>
      yardsticks(...args).map(({ name }) => name);
    expect(names(spin, 'stream', 'apart')).toEqual(['bare', 'bare, batched', 'memcpy']);
    expect(names(spin, 'pingpong', 'apart')).toEqual(['bare', 'cache line']);
    expect(names(spin, 'pingpong', 'same')).toEqual(['bare']);
    expect(names(none, 'stream', 'apart')).toEqual(['memcpy']);
    expect(names(pigeon, 'stream', 'apart')).toEqual([]);
    expect(names(spin, 'fan_in', 'apart')).toEqual([]);
  });
});

describe('arguments', () => {
  it('are taken, each benchmark its own', () => {
    const words = 'peers --size 64,1024 --repeat 7 --only shm --placement same --json a.json --markdown b.md';
    expect(parseArguments(words.split(' '))).toMatchObject({
      name: 'peers',
      options: {
        sizes: [64, 1024],
        repeat: 7,
        only: 'shm',
        placements: ['same'],
        json: 'a.json',
        markdown: 'b.md',
      },
    });
    expect(parseArguments(['table', '--placement', 'free,same']).options.placements).toEqual([
      'free',
      'same',
    ]);
    expect(parseArguments(['peers', '--quick']).options).toMatchObject({ sizes: [64], repeat: 2 });
    // What is said is more than what --quick stands for, wherever it stands.
    expect(parseArguments(['peers', '--repeat', '3', '--quick']).options.repeat).toBe(3);
  });

  it.each([
    ['', 'which'],
    ['toString', 'no benchmark'],
    ['peers --repeat 0', 'from 1'],
    ['peers --repeat 1.5', 'from 1'],
    ['peers --size 7', 'from 8'],
    ['peers --size 64,', 'from 8'],
    ['peers --placement same,apart', '--placement'],
    ['peers --placement', 'takes a value'],
    ['table --placement far', 'far'],
    ['overhead --size 64', 'knows no --size'],
    ['overhead --quick', 'knows no --quick'],
    ['peers --json --markdown x', 'takes a value'],
  ])('refuse %j', (words, why) => {
    expect(() => parseArguments(words.split(' ').filter(Boolean))).toThrow(why);
  });
});

describe('markdown', () => {
  it('writes tables whose cells no content can break', () => {
    expect(table(['a', 'b'], [['x|y', '1\n2']])).toBe('| a | b |\n| --- | ---: |\n| x\\|y | 1 2 |');
  });

  it('writes figures with as many digits as they carry', () => {
    expect([million(12_345_678), million(123_456), million(NaN)]).toEqual(['12.35', '0.123', '–']);
    expect([micro(5230), micro(45_600)]).toEqual(['5.23', '45.6']);
    expect([size(64), size(1024), size(65_536), size(1500)]).toEqual(['64 B', '1 KiB', '64 KiB', '1500 B']);
    expect([timeLeft(30_000), timeLeft(600_000), timeLeft(NaN)]).toEqual([
      'about 30 s left',
      'about 10 min left',
      '',
    ]);
  });

  it('reports figures, ratios with their spread, verdicts, what was left out and how missing tools are had', () => {
    const figures = (messages_per_s: number) => ({
      messages_per_s,
      mean_ns: null,
      p50_ns: 1e5,
      p99_ns: 2e5,
      lost: 3,
      faults: 0,
    });
    const results: Result[] = [
      { name: 'plain', kind: 'ours', note: '', runs: [figures(2e6), figures(2e6)], errors: [] },
      { name: 'bare', kind: 'bare', note: '', runs: [figures(1e6), figures(4e6)], errors: [] },
    ];
    const rows = [
      {
        label: 'udp',
        mechanism: 'udp',
        choices: {},
        pattern: 'stream',
        size_bytes: 64,
        results,
        ratios: ratiosOf('stream', results),
      },
    ];
    const text = report({
      circumstances: {
        date: 'today',
        helper: '0.1.0',
        system: described.system,
        cpu: 'CPU',
        placement: 'apart',
        repeat: 2,
        duration_ms: 300,
      },
      rows,
      left_out: [{ label: 'shm none', pattern: 'pingpong', size_bytes: 64, why: 'nobody can wait' }],
      verdicts: verdicts(rows, undefined),
      tools: [{ name: 'qperf', installed: false, note: 'means' }],
      install: 'sudo apt-get install qperf',
      stopped: true,
    });
    expect(text).toContain('| udp stream | 64 B | plain | 2.00 | 100.0 |  | 6 lost |');
    expect(text).toContain('| udp stream | 64 B | bare | 2.50 | – | 1.25 (0.50 … 2.00) | 6 lost, unstable |');
    expect(text).toContain('| qperf | not installed | means |');
    expect(text).toContain('sudo apt-get install qperf');
    expect(text).toContain('nobody can wait');
    expect(text).toContain('Stopped before the end');
    expect(text).toContain('Fewer than five rounds');
    expect(text).toMatch(/20 million.*not measured/);
  });
});
