import { expect, it } from 'vitest';
import type { Summary } from '#contract/frames';
import { repeated, repeatTable } from './repeat-table.ts';
import { texts } from './text.ts';

const run = (messages_per_s: number, codes: string[] = []): Summary =>
  ({
    messages_per_s,
    latency: { p50_ns: 1000, p99_ns: 2000 },
    warnings: codes.map((code) => ({ code, cause: `${code} was seen.`, effect: '', remedy: '' })),
  }) as unknown as Summary;

it('a set that lies too far apart is refused, with what its runs warned of', () => {
  const set = repeated([run(100), run(90, ['crowded_cpus']), run(60, ['crowded_cpus', 'stolen_time'])]);
  expect(set.stable).toBe(false);
  expect(set.causes).toEqual(['crowded_cpus', 'stolen_time']);
  const text = repeatTable(set, 'en', texts.en);
  expect(text).toContain('greatest over least is 1.67');
  expect(text).toContain('stolen_time was seen.');
});

it('an unstable set without any warning says that nobody knows', () => {
  const set = repeated([run(100), run(10)]);
  expect(repeatTable(set, 'ko', texts.ko)).toContain('드러나지 않았습니다');
});
