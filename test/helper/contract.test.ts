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
      // The summary's latency is that of the measured time alone.
      if (frame.t !== 'tick' || frame.phase !== 'measure') continue;
      const { buckets } = frame.latency;
      for (let i = 0; i < buckets.length; i += 2) {
        counts.set(buckets[i] ?? 0, (counts.get(buckets[i] ?? 0) ?? 0) + (buckets[i + 1] ?? 0));
      }
    }
    const merged = [...counts].sort(([a], [b]) => a - b).flat();
    const { p50_ns, p90_ns, p99_ns } = summary.latency;
    expect(quantiles(merged, [0.5, 0.9, 0.99])).toEqual([p50_ns, p90_ns, p99_ns]);
  });
});
