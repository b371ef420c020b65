/** What the goals say of figures. */
import { describe, expect, it } from 'vitest';
import { contest, ratiosOf, type Contender, type Result } from './contest.js';
import { judge, verdicts, type Row } from './goals.js';
import { Stopped } from './processes.js';

const at = (value: number, low = value, high = value) => ({ where: 'pipe', value, low, high });

function result(name: string, kind: Result['kind'], rates: (number | null)[], rest: object = {}): Result {
  const runs = rates.map((messages_per_s) =>
    messages_per_s === null
      ? null
      : { messages_per_s, mean_ns: null, p50_ns: null, p99_ns: null, lost: 0, faults: 0, ...rest },
  );
  return { name, kind, note: '', runs, errors: [] };
}

function row(mechanism: string, pattern: string, size_bytes: number, results: Result[]): Row {
  return {
    label: mechanism,
    mechanism,
    choices: {},
    pattern,
    size_bytes,
    results,
    ratios: ratiosOf(pattern, results),
  };
}

const verdictOf = (rows: Row[], words: string) =>
  verdicts(rows, undefined).find(({ goal }) => goal.includes(words))?.verdict;

describe('judge', () => {
  it('goes by the median, and calls a miss certain only where the whole interval misses', () => {
    const reached = (value: number): boolean => value >= 0.98;
    expect(judge('g', [at(0.98), at(1.2)], reached)).toMatchObject({ verdict: 'met', of: 2 });
    expect(judge('g', [at(0.97, 0.9, 1.1)], reached).verdict).toBe('not told apart');
    expect(judge('g', [at(0.9, 0.85, 0.95), at(0.97, 0.9, 1.1)], reached)).toMatchObject({
      verdict: 'missed',
      missed: [{ value: 0.9 }],
      unclear: [{ value: 0.97 }],
    });
    expect(judge('g', [], reached).verdict).toBe('not measured');
  });
});

describe('verdicts', () => {
  it('holds plain against bare loops, not against tools', () => {
    const plain = result('plain', 'ours', [100, 100, 100]);
    const fast = row('pipe', 'stream', 64, [
      plain,
      result('bare', 'bare', [100, 101, 100]),
      result('x', 'tool', [900, 900, 900]),
    ]);
    expect(verdictOf([fast], '0.98 of the bare')).toBe('met');
    const slow = row('pipe', 'stream', 64, [plain, result('bare', 'bare', [120, 120, 120])]);
    expect(verdictOf([fast, slow], '0.98 of the bare')).toBe('missed');
  });

  it('reads round trips the other way round', () => {
    const time = (p50_ns: number) => ({ p50_ns, mean_ns: p50_ns * 2 });
    const of = (ours: number, theirs: number) =>
      verdictOf(
        [
          row('tcp', 'pingpong', 64, [
            result('plain', 'ours', [1, 1], time(ours)),
            result('bare', 'bare', [1, 1], time(theirs)),
          ]),
        ],
        '1.03 of the bare',
      );
    expect(of(102, 100)).toBe('met');
    expect(of(104, 100)).toBe('missed');
  });

  it('asks of a tuned variant what its text claims, and no more', () => {
    const unix = (kind: string, size_bytes: number) => ({
      ...row('unix', 'stream', size_bytes, [
        result('plain', 'ours', [100, 100, 100]),
        result('tuned', 'ours', [120, 120, 120]),
      ]),
      choices: { kind },
    });
    expect(verdictOf([unix('stream', 64)], '1.5 times plain')).toBe('missed');
    const less = [unix('stream', 65_536), unix('datagram', 64), unix('seqpacket', 1024)];
    expect(verdictOf(less, '1.5 times plain')).toBe('not measured');
  });

  it('counts a ring at 20 million only where nothing was lost or damaged', () => {
    const ring = (rest: object) =>
      row('shm', 'stream', 64, [result('plain', 'ours', [1e6]), result('tuned', 'ours', [25e6], rest)]);
    expect(verdictOf([ring({})], '20 million')).toBe('met');
    expect(verdictOf([ring({ lost: 1 })], '20 million')).toBe('missed');
    expect(verdictOf([ring({ faults: 1 })], '20 million')).toBe('missed');
  });

  it('takes the best ring against memcpy at 64 KiB, and against the cache line', () => {
    const copy = row('shm', 'stream', 65_536, [
      result('plain', 'ours', [50]),
      result('tuned', 'ours', [80]),
      result('memcpy', 'limit', [100]),
    ]);
    expect(verdictOf([copy], 'memcpy')).toBe('met');
    const trip = (p50_ns: number) =>
      row('shm', 'pingpong', 64, [
        result('plain', 'ours', [1], { p50_ns }),
        result('cache line', 'limit', [1], { p50_ns: 100 }),
      ]);
    expect(verdictOf([trip(131)], 'cache line')).toBe('missed');
    expect(verdictOf([trip(130)], 'cache line')).toBe('met');
  });
});

describe('contest', () => {
  const contender = (name: string, run: () => Promise<number>): Contender => ({
    name,
    kind: 'ours',
    note: '',
    run: async () => ({ messages_per_s: await run(), mean_ns: null, p50_ns: null, p99_ns: null }),
  });

  it('lets the others go on where one fails, and pairs figures of the same round', async () => {
    let times = 0;
    const flaky = contender('flaky', async () => {
      if (++times === 2) throw new Error('no port');
      return times * 10;
    });
    const order: string[] = [];
    const results = await contest([contender('plain', async () => 5), flaky], 3, (name) => order.push(name));
    expect(order).toEqual(['plain', 'flaky', 'flaky', 'plain', 'flaky', 'plain']);
    expect(results[1]?.runs.map((run) => run?.messages_per_s ?? null)).toEqual([10, null, 30]);
    expect(results[1]?.errors).toEqual(['no port']);
    expect(ratiosOf('stream', results)).toMatchObject([
      { of: 'flaky', to: 'plain', rounds: 2, min: 2, max: 6 },
    ]);
  });

  it('keeps what is done when it is stopped', async () => {
    let runs = 0;
    const stopping = contender('plain', async () => {
      if (++runs === 3) throw new Stopped();
      return runs;
    });
    const [only] = await contest([stopping], 5, () => undefined);
    expect(only?.runs.map((run) => run?.messages_per_s)).toEqual([1, 2]);
  });

  it('falls back on means where a tool tells no median', () => {
    const ours = result('plain', 'ours', [1], { p50_ns: 10, mean_ns: 20 });
    const tool = result('perf', 'tool', [1], { mean_ns: 40 });
    expect(ratiosOf('pingpong', [ours, tool])).toMatchObject([{ metric: 'mean_ns', median: 0.5 }]);
  });
});
