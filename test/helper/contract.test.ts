/** What is written down twice, in C++ and in TypeScript, is the same. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HELPER_ERROR_CODES } from '../../electron/contract/errors.ts';
import { quantiles } from '../../electron/contract/histogram.ts';
import { KOREAN_WARNINGS } from '../../electron/contract/text/warning.ts';
import { runSession } from '../support/helper.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('helper and contract', () => {
  it('list the same error codes', () => {
    const header = readFileSync(`${root}native/src/protocol/error_codes.hpp`, 'utf8');
    const codes = [...header.matchAll(/"([a-z_]+)"/g)].map((match) => match[1]);
    expect([...new Set(codes)].sort()).toEqual([...HELPER_ERROR_CODES].sort());
  });

  it('know the same warnings', () => {
    const source = readFileSync(`${root}native/src/session/warnings.cpp`, 'utf8');
    const codes = [...source.matchAll(/push_back\(\{"([a-z_]+)"/g)].map((match) => match[1]);
    expect(codes.length).toBeGreaterThan(5);
    expect([...new Set(codes)].sort()).toEqual(Object.keys(KOREAN_WARNINGS).sort());
  });

  it('have the same histogram: percentiles from the ticks are those of the summary', async () => {
    const { frames, summary } = await runSession(
      'pipe',
      '--pattern',
      'pingpong',
      '--warmup',
      '0',
      '--duration',
      '500',
    );
    const counts = new Map<number, number>();
    for (const frame of frames) {
      if (frame.t !== 'tick') continue;
      const { buckets } = frame.latency;
      for (let i = 0; i < buckets.length; i += 2) {
        counts.set(buckets[i] ?? 0, (counts.get(buckets[i] ?? 0) ?? 0) + (buckets[i + 1] ?? 0));
      }
    }
    const merged = [...counts].sort(([a], [b]) => a - b).flat();
    const [p50, p90, p99] = quantiles(merged, [0.5, 0.9, 0.99]);
    // What came in while the last messages were drained may be in one and not in the other.
    const close = (mine: number | undefined, theirs: number): void => {
      expect((mine ?? NaN) / theirs).toBeGreaterThan(0.98);
      expect((mine ?? NaN) / theirs).toBeLessThan(1.02);
    };
    close(p50, summary.latency.p50_ns);
    close(p90, summary.latency.p90_ns);
    close(p99, summary.latency.p99_ns);
  });
});
