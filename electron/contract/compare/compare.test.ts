import { describe, expect, it } from 'vitest';
import type { Summary } from '../frames.ts';
import { SampleDeriver, SeriesRing } from '../series.ts';
import type { SessionSnapshot } from '../session.ts';
import { hello, note, summary, tick } from '../test-frames.ts';
import { compare } from './comparison.ts';
import { figureOf, ratioOf } from './figures.ts';
import { ninesOf, percentileCurve } from './percentile-curve.ts';
import { isApart, ratioOfMeans, ratioOfRounds } from './resample.ts';
import { settingRows } from './settings.ts';
import { sideOf } from './side.ts';
import { measuredStretches } from './stretches.ts';
import { MACHINE, side } from './test-sides.ts';

const even = (values: readonly number[]) => ({ values, weights: values.map(() => 1) });

describe('the interval of a ratio', () => {
  it('holds the ratio, is the same every time, and wider the more the figures vary', () => {
    const wave = (by: number): number[] => Array.from({ length: 60 }, (_, i) => 100 + by * Math.sin(i * 2.1));
    const calm = ratioOfMeans(even(wave(2).map((v) => 3 * v)), even(wave(2)));
    const rough = ratioOfMeans(even(wave(40).map((v) => 3 * v)), even(wave(40)));
    expect(calm.ratio).toBeCloseTo(3, 6);
    expect(calm.low).toBeLessThan(3);
    expect(calm.high).toBeGreaterThan(3);
    expect(rough.high - rough.low).toBeGreaterThan(5 * (calm.high - calm.low));
    expect(ratioOfMeans(even(wave(2).map((v) => 3 * v)), even(wave(2)))).toEqual(calm);
  });

  it('is wider where a run changes slowly, for neighbours that resemble each other say less', () => {
    const n = 64;
    const fast = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 80 : 120));
    const slow = Array.from({ length: n }, (_, i) => (Math.floor(i / 8) % 2 === 0 ? 80 : 120));
    const flat = even(Array<number>(n).fill(100));
    const width = (values: number[]): number => {
      const { low, high } = ratioOfMeans(even(values), flat);
      return high - low;
    };
    expect(width(slow)).toBeGreaterThan(1.5 * width(fast));
  });

  it('is not made up of a handful of stretches', () => {
    expect(ratioOfMeans(even([1, 2, 3]), even([1, 1, 1]))).toEqual({ ratio: 2, low: NaN, high: NaN });
  });

  it('of a run of hours is told at once, and neighbours are taken together for it', () => {
    const long = Array.from({ length: 20_000 }, (_, i) => 100 + (i % 2 === 0 ? 5 : -5));
    const began = performance.now();
    const { ratio, low, high } = ratioOfMeans(even(long), even(long.map((v) => 2 * v)));
    expect(performance.now() - began).toBeLessThan(2000);
    expect(ratio).toBeCloseTo(0.5, 9);
    expect(high - low).toBeLessThan(0.01);
  });

  it('weighs a stretch by its length', () => {
    expect(ratioOfMeans({ values: [10, 20], weights: [3, 1] }, even([1, 1])).ratio).toBeCloseTo(12.5, 9);
  });

  it('of rounds goes round by round, so that a drift of the machine cancels out', () => {
    const drift = [100, 50, 25, 200];
    expect(
      ratioOfRounds(
        drift.map((v) => 2 * v),
        drift,
      ),
    ).toEqual({ ratio: 2, low: 2, high: 2 });
    expect(ratioOfRounds([2, NaN, 4], [1, 1, 1])).toEqual({ ratio: 3, low: 2, high: 4 });
    expect(ratioOfRounds([2], [1])).toEqual({ ratio: 2, low: NaN, high: NaN });
    const many = ratioOfRounds([2, 2.1, 1.9, 2, 2.2, 1.8, 2], Array<number>(7).fill(1));
    expect(many.ratio).toBe(2);
    expect(many.low).toBeGreaterThanOrEqual(1.8);
    expect(many.high).toBeLessThanOrEqual(2.2);
    expect(isApart(many)).toBe(true);
  });
});

describe('the figures of runs', () => {
  it('are those of the summary, and what a message costs', () => {
    const [producer, consumer] = summary().processes;
    if (producer === undefined || consumer === undefined) throw new Error('no processes');
    const busy: Summary = summary({
      messages: 1000,
      processes: [
        { ...producer, cpu_user_ns: 1_000_000, voluntary_switches: 500 },
        { ...consumer, cpu_sys_ns: 500_000, involuntary_switches: 20 },
      ],
    });
    expect(figureOf(busy, 'cpu_ns_per_message')).toBe(1500);
    expect(figureOf(busy, 'switches_per_message')).toBe(0.52);
    expect(figureOf(busy, 'p99_ns')).toBe(120);
    const untimed = summary({ latency: { ...summary().latency, samples: 0 } });
    expect(figureOf(untimed, 'p99_ns')).toBeNaN();
  });

  it('have ratios that are those of the whole runs, with the spread of their stretches', () => {
    const [a, b] = [side('a', { rate: 1000, p99_ns: 4000 }), side('b', { rate: 3100, p99_ns: 1600 })];
    const rate = ratioOf(b, a, 'messages_per_s');
    expect(rate.ratio).toBeCloseTo(3.1, 9);
    expect(rate.low).toBeGreaterThan(3);
    expect(rate.low).toBeLessThan(3.1);
    expect(rate.high).toBeGreaterThan(3.1);
    expect(rate.high).toBeLessThan(3.2);
    const p99 = ratioOf(b, a, 'p99_ns');
    expect(p99.ratio).toBeCloseTo(0.4, 9);
    expect(p99.low).toBeLessThan(0.4);
    expect(p99.high).toBeGreaterThan(0.4);
    expect(p99.high).toBeLessThan(0.42);
    // The greatest of all is a single message: nothing tells its spread.
    expect(ratioOf(b, a, 'max_ns')).toEqual({ ratio: 1, low: NaN, high: NaN });
    expect(ratioOf(b, a, 'errors').ratio).toBeNaN();
  });
});

describe('a comparison', () => {
  const codes = (...sides: ReturnType<typeof side>[]): string[] =>
    compare(sides).cautions.map(({ code }) => code);

  it('marks what differs, and not what a mechanism has not', () => {
    const rows = settingRows([
      side('a', { change: { options: { size_bytes: 64, capacity_bytes: 4096, receive: 'call' } } }),
      side('b', { change: { mechanism: 'shm', options: { size_bytes: 1024, capacity_bytes: 4096 } } }),
    ]);
    expect(rows.filter(({ differs }) => differs).map(({ name }) => name)).toEqual([
      'mechanism',
      'size_bytes',
    ]);
    expect(rows.find(({ name }) => name === 'receive')).toMatchObject({
      values: ['call', undefined],
      differs: false,
    });
  });

  it('has no caution where there is none', () => {
    expect(codes(side('a'), side('b', { rate: 3000 }))).toEqual([]);
  });

  it.each([
    ['machines_differ', { machine: { ...MACHINE, host: 'bbbb', release: '6.2' } }],
    ['machine_unknown', { machine: null }],
    ['cut_short', { change: { ended_by: 'peer_exit' } }],
    ['faults', { change: { integrity: { ...summary().integrity, lost: 1 } } }],
    ['latency_kinds_differ', { change: { latency: { ...summary().latency, kind: 'round_trip' } } }],
    ['patterns_differ', { change: { pattern: 'pingpong' } }],
    ['sizes_differ', { change: { options: { size_bytes: 1024 } } }],
    ['verify_differs', { change: { integrity: { ...summary().integrity, verified: 'full' } } }],
    ['verify_differs', { change: { integrity: { ...summary().integrity, verified_at_times: 'full' } } }],
    ['rate_limited', { change: { options: { size_bytes: 64, rate_per_s: 3000 } } }],
    ['unstable', { rate: 3000, noise: 0 }],
    ['noise', { rate: 1001 }],
    ['no_spread', { stretches: 4 }],
    ['warned', { change: { warnings: [{ code: 'crowded_cpus', cause: 'c', effect: 'e', remedy: 'r' }] } }],
  ] as const)('warns: %s', (code, made) => {
    const b = side('b', { rate: 3000, ...(made as object) });
    if (code === 'unstable') for (const s of b.stretches.slice(0, 20)) s.values.messages_per_s *= 2;
    const { cautions } = compare([side('a'), b]);
    expect(cautions.map((caution) => caution.code)).toEqual([code]);
    if (code === 'machines_differ') expect(cautions[0]?.facts).toEqual(['host', 'release']);
    else if (!code.endsWith('differ') && !code.endsWith('differs')) expect(cautions[0]?.sides).toEqual([1]);
  });

  it('of rounds takes their medians, and says when they do not agree', () => {
    const rounds = (id: string, rates: readonly number[]) => {
      const [first, ...rest] = rates.map((rate) => side(id, { rate }).summaries[0]);
      if (first === undefined) throw new Error('no rounds');
      return { ...side(id), summaries: [first, ...rest] as const, stretches: [] };
    };
    const steady = compare([rounds('a', [100, 110, 105]), rounds('b', [200, 220, 210])]);
    expect(steady.figures[0]?.values).toEqual([105, 210]);
    expect(steady.figures[0]?.ratios[1]).toEqual({ ratio: 2, low: 2, high: 2 });
    expect(steady.cautions).toEqual([]);
    const { cautions } = compare([rounds('a', [100, 110, 105]), rounds('b', [200, 400, 210])]);
    expect(cautions).toEqual([{ code: 'rounds_differ', sides: [1] }]);
  });

  it('is held against the baseline that is asked for', () => {
    const { figures } = compare([side('a', { rate: 1000 }), side('b', { rate: 4000 })], 1);
    const [rates] = figures;
    expect(rates?.ratios[0]?.ratio).toBe(0.25);
    expect(rates?.ratios[1]).toBeUndefined();
  });
});

describe('the measured time of a recording', () => {
  function recorded(): SessionSnapshot {
    const deriver = new SampleDeriver(hello());
    const ring = new SeriesRing(deriver.columns, 100);
    // Warm-up to 0.2 s, measuring to 1.2 s with a pause from 0.5 to 0.7 s, then what was drained.
    for (let n = 1; n <= 28; n++) ring.push(deriver.push(tick(n)));
    const at = (ms: number, code: 'measuring' | 'paused' | 'resumed') => ({
      ...note(code),
      elapsed_ns: ms * 1e6,
    });
    return {
      info: { id: 'r', spec: { mechanism: 'pipe', options: {} }, state: 'finished', created_ms: 0 },
      hello: hello(),
      summary: summary({ duration_ns: 800_000_000 }),
      series: ring.toTable(),
      latency_buckets: [],
      calls: [],
      rpc_call: null,
      notes: [at(200, 'measuring'), at(500, 'paused'), at(700, 'resumed')],
      utterances: [],
      marks: [],
      errors: [],
      machine: MACHINE,
    };
  }

  it('is without warm-up, pauses and the end, and counts from its beginning', () => {
    const ends = measuredStretches(recorded()).map(({ end_s }) => Math.round(end_s * 1000));
    expect(ends).toEqual([50, 100, 150, 200, 250, 300, 550, 600, 650, 700, 750, 800, 850, 900, 950, 1000]);
  });

  it('makes a side with its machine; a run without figures makes none', () => {
    expect(sideOf(recorded())).toMatchObject({ id: 'r', machine: MACHINE, disturbed: false });
    expect(sideOf({ ...recorded(), summary: null })).toBeUndefined();
    const changed = { ...recorded(), notes: [...recorded().notes, note('rate_changed')] };
    expect(sideOf(changed)?.disturbed).toBe(true);
  });
});

describe('latency by percentile', () => {
  it('begins with the least, ends with the greatest, and never falls', () => {
    const curve = percentileCurve([100, 90, 200, 9, 1500, 1]);
    expect(curve[0]).toEqual({ nines: 0, ns: 100 });
    expect(curve.at(-1)).toEqual({ nines: 2, ns: 1500 });
    curve.forEach(({ ns }, i) => expect(ns).toBeGreaterThanOrEqual(curve[i - 1]?.ns ?? 0));
    const beyond = curve.find(({ nines }) => nines > ninesOf(0.9) + 0.01);
    expect(beyond?.ns).toBe(200);
    expect(percentileCurve([])).toEqual([]);
  });
});
