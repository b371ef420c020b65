/**
 * A session of a day. IPC_SCOPE_LONG_FRAMES=8000000 makes it as long as that (some 7 GB, a few minutes); without it the
 * same is tried on a shorter one, which is still far more than a chart shows.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import type { SeriesTable } from '../../electron/contract/series.ts';
import { makeLongRun } from '../support/recordings.ts';
import { newFolder, openOn } from './support.ts';

const FRAMES = Number(process.env['IPC_SCOPE_LONG_FRAMES'] ?? 150_000);
const PATIENCE_MS = 120_000 + FRAMES / 2;

describe(`a recording of ${FRAMES} frames`, () => {
  it(
    'opens in bounded memory, without holding anything else up, and keeps sums and extremes',
    async () => {
      const folder = await newFolder();
      const run = makeLongRun(folder, FRAMES);
      const engine = await openOn(folder);
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      const before = process.memoryUsage().rss;
      let most = before;
      const shares: number[] = [];
      const began = performance.now();
      const opening = engine.get('runs.open', { id: run.id });
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage().rss);
        void engine.get('runs.progress', { task: run.id }).then(({ active, done_bytes, total_bytes }) => {
          if (active) shares.push(done_bytes / total_bytes);
        });
      }, 50);
      const { series, hello, notes, errors, latency_buckets } = await opening;
      const took_ms = performance.now() - began;
      clearInterval(watch);
      delay.disable();

      expect(errors).toEqual([]);
      expect(hello).not.toBeNull();
      expect(notes.length).toBeLessThanOrEqual(1000);
      if (series === null) throw new Error('no samples');
      expect(series.rows).toBeGreaterThan(5_000);
      expect(series.rows).toBeLessThanOrEqual(20_016);
      expect(messages(series)).toBeCloseTo(run.ticks * 50, -1);
      expect(latency_buckets.filter((_, i) => i % 2 === 1).reduce((a, b) => a + b)).toBe(run.ticks * 50);
      expect(peak(series, run.spike.at_s)).toBeGreaterThanOrEqual(run.spike.latency_ns);
      // It was told on the way how far it is, and never went back.
      expect(shares.length).toBeGreaterThan(2);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));

      const seek = performance.now();
      const from_ns = Math.floor(run.ticks * 0.71) * 50_000_000;
      const { frames } = await engine.get('runs.frames', {
        id: run.id,
        from_ns,
        to_ns: from_ns + 1e9,
        every_ns: 0,
      });
      const seek_ms = performance.now() - seek;
      expect(frames.filter(({ t }) => t === 'tick')).toHaveLength(20);
      const grown_mb = (most - before) / 1e6;
      process.stdout.write(
        `${FRAMES} frames: opened in ${(took_ms / 1000).toFixed(1)} s, ${((took_ms * 1e3) / FRAMES).toFixed(1)} µs a frame; ` +
          `longest hold-up ${(delay.max / 1e6).toFixed(0)} ms, p99 ${(delay.percentile(99) / 1e6).toFixed(0)} ms; ` +
          `memory grew by ${grown_mb.toFixed(0)} MB at most; a second in the middle took ${seek_ms.toFixed(0)} ms\n`,
      );
      // Not with the length of the run: its rows, and what the collector has not come to yet.
      expect(grown_mb).toBeLessThan(600);
    },
    PATIENCE_MS,
  );

  it(
    'is given up at once when nobody wants it any more',
    async () => {
      const folder = await newFolder();
      const { id } = makeLongRun(folder, Math.min(FRAMES, 150_000));
      const engine = await openOn(folder);
      const opening = engine.refusal('runs.open', { id });
      while (!(await engine.get('runs.progress', { task: id })).active) await new Promise(setImmediate);
      await engine.get('runs.cancel', { task: id });
      expect((await opening).code).toBe('cancelled');
      expect(await engine.get('runs.progress', { task: id })).toMatchObject({ active: false });
    },
    PATIENCE_MS,
  );
});

/** Messages under the curve: rate times time. */
function messages({ columns, values }: SeriesTable): number {
  const column = (key: string) => values[columns.findIndex((one) => one.key === key)] ?? [];
  const rate = column('messages_per_s');
  let before = 0;
  return column('elapsed_s').reduce<number>((sum, time, row) => {
    const part = (rate[row] ?? 0) * ((time ?? 0) - before);
    before = time ?? 0;
    return sum + part;
  }, 0);
}

/** The greatest latency of the row in which the moment lies, ns. */
function peak({ columns, values, merged }: SeriesTable, at_s: number): number {
  const column = columns.findIndex(({ key }) => key === 'max_ns');
  const time = values[columns.findIndex(({ key }) => key === 'elapsed_s')] ?? [];
  const row = time.findIndex((end_s) => (end_s ?? 0) >= at_s - 1e-9);
  return (merged?.high ?? values)[column]?.[row] ?? NaN;
}
