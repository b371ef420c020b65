import { describe as suite, expect, it } from 'vitest';
import type { Describe, OptionInfo } from './describe.ts';
import type { SweepSpec } from './sweep.ts';
import { channelName, checkedPlan, planOf, sessionOf } from './sweep-plan.ts';

const integer = (name: string, flag: string, max: number, more: object = {}): OptionInfo => ({
  name,
  flag,
  live: false,
  advanced: false,
  kind: 'integer',
  unit: 'none',
  min: 0,
  max,
  default: 0,
  scale: 'log',
  ...more,
});

const usual = [integer('duration_ms', '--duration', 1e6), integer('warmup_ms', '--warmup', 1e6)];

const describe: Describe = {
  t: 'describe',
  protocol: 1,
  helper: '0.1.0',
  system: { os: 'Linux', release: '6', arch: 'x86_64', cpus: [0, 1], page_bytes: 4096 },
  clock: { name: 'CLOCK_MONOTONIC', resolution_ns: 1, cost_ns: 20 },
  limits: {},
  mechanisms: [
    {
      id: 'pipe',
      family: 'message_passing',
      variants: ['plain', 'tuned'],
      patterns: ['stream', 'pingpong', 'fan_in', 'dialogue'],
      options: [
        integer('size_bytes', '--size', 1e6),
        integer('producers', '--producers', 64, { patterns: ['fan_in'] }),
        integer('rate_per_s', '--rate', 1e9),
        ...usual,
      ],
    },
    {
      id: 'signal',
      family: 'notification',
      variants: ['plain'],
      patterns: ['stream'],
      options: [integer('size_bytes', '--size', 8), ...usual],
    },
  ],
};

const spec = (change: Partial<SweepSpec> = {}): SweepSpec => ({
  channels: [
    { mechanism: 'pipe', variant: 'plain' },
    { mechanism: 'pipe', variant: 'tuned' },
    { mechanism: 'signal', variant: 'plain' },
  ],
  sizes_bytes: [8, 64, 1024],
  patterns: ['stream'],
  repetitions: 3,
  duration_ms: 500,
  warmup_ms: 100,
  options: {},
  ...change,
});

suite('the plan of a sweep', () => {
  it('is every combination that the system can do', () => {
    const { cells } = planOf(describe, spec());
    expect(cells.map((cell) => `${channelName(cell)} ${cell.size_bytes}`)).toEqual([
      ...['pipe 8', 'pipe 64', 'pipe 1024'],
      ...['pipe/tuned 8', 'pipe/tuned 64', 'pipe/tuned 1024'],
      'signal 8',
    ]);
  });

  it('names what it cannot do, once for all sizes of one reason', () => {
    const { left_out } = planOf(describe, spec({ patterns: ['stream', 'pingpong'] }));
    expect(left_out).toMatchObject([
      { mechanism: 'signal', pattern: 'stream', sizes_bytes: [64, 1024], error: { code: 'out_of_range' } },
      { mechanism: 'signal', pattern: 'pingpong', sizes_bytes: [8, 64, 1024], error: { where: 'pattern' } },
    ]);
  });

  it('leaves out channels that lack a shared option, strangers, and what a person has to type', () => {
    const plan = (change: Partial<SweepSpec>) => planOf(describe, spec({ sizes_bytes: [8], ...change }));
    expect(plan({ options: { rate_per_s: 5 } })).toMatchObject({
      cells: [{ mechanism: 'pipe' }, { mechanism: 'pipe' }],
      left_out: [{ mechanism: 'signal', error: { code: 'unknown_flag', where: 'rate_per_s' } }],
    });
    expect(plan({ channels: [{ mechanism: 'pigeon', variant: 'plain' }] })).toMatchObject({
      cells: [],
      left_out: [{ error: { code: 'unknown_mechanism' } }],
    });
    expect(
      plan({ channels: [{ mechanism: 'pipe', variant: 'plain' }], patterns: ['dialogue'] }),
    ).toMatchObject({
      cells: [],
      left_out: [{ error: { code: 'not_supported', where: 'pattern' } }],
    });
  });

  it('takes what is named twice once', () => {
    const twice = spec({ sizes_bytes: [8, 8], patterns: ['stream', 'stream'] });
    const channels = [...twice.channels, ...twice.channels];
    expect(planOf(describe, { ...twice, channels }).cells).toHaveLength(3);
  });

  it('says an option only to the patterns that it means something in', () => {
    const shared = spec({ options: { producers: 4 } });
    const session = (pattern: string) =>
      sessionOf(describe, shared, { mechanism: 'pipe', variant: 'plain', pattern, size_bytes: 8 }).options;
    expect(session('stream')).toEqual({ size_bytes: 8, duration_ms: 500, warmup_ms: 100 });
    expect(session('fan_in')).toMatchObject({ producers: 4 });
  });

  it('that has nothing in it, or too much, is refused', () => {
    const refusal = (wanted: SweepSpec) => {
      try {
        checkedPlan(describe, wanted);
      } catch (thrown) {
        return (thrown as { error?: unknown }).error;
      }
      return undefined;
    };
    expect(refusal(spec())).toBeUndefined();
    expect(refusal(spec({ patterns: ['broadcast'] }))).toMatchObject({
      code: 'sweep_empty',
      where: 'pattern',
    });
    const sizes_bytes = Array.from({ length: 600 }, (_, i) => i);
    expect(refusal(spec({ sizes_bytes }))).toMatchObject({ code: 'out_of_range', allowed: '1..1000' });
  });
});
