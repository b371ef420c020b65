import { describe, expect, it } from 'vitest';
import { KEEP_ALL, surplus, type Retention } from './retention.ts';
import type { RunInfo } from './runs.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;
type Run = Parameters<typeof surplus>[0][number];

/** The nth run is n days old and takes 1 GB. */
const run = (days: number, change: Partial<Run> = {}): Run => ({
  id: `run-${days}`,
  created_ms: NOW - days * DAY,
  bytes_on_disk: 1e9,
  state: 'finished',
  label: { pinned: false },
  ...change,
});
const runs = [3, 1, 5, 0, 2, 4].map((days) => run(days));
const gone = (retention: Partial<Retention>, list = runs): string[] =>
  surplus(list, { ...KEEP_ALL, ...retention }, NOW).map(({ id }) => id);

describe('runs beyond the limits', () => {
  it('are none while nothing is said', () => {
    expect(gone({})).toEqual([]);
  });

  it('are the oldest, the oldest first', () => {
    expect(gone({ runs: 4 })).toEqual(['run-5', 'run-4']);
    expect(gone({ gigabytes: 3 })).toEqual(['run-5', 'run-4', 'run-3']);
    expect(gone({ days: 3 })).toEqual(['run-5', 'run-4']);
    expect(gone({ runs: 5, days: 2 })).toEqual(['run-5', 'run-4', 'run-3']);
  });

  it('are never pinned, and pinned ones count for nothing', () => {
    const list = [...runs, run(50, { id: 'kept', label: { pinned: true }, bytes_on_disk: 1e12 })];
    expect(gone({ runs: 5, gigabytes: 5, days: 10 }, list)).toEqual(['run-5']);
  });

  it.each<RunInfo['state']>(['running', 'starting', 'paused', 'stopping', 'newer'])(
    'are never %s',
    (state) => {
      expect(gone({ runs: 1, days: 1 }, [run(0), run(50, { state })])).toEqual([]);
    },
  );

  it('do not leave a small old one behind a large one that is too much', () => {
    const list = [run(0), run(1, { bytes_on_disk: 5e9 }), run(2, { bytes_on_disk: 1 })];
    expect(gone({ gigabytes: 2 }, list)).toEqual(['run-2', 'run-1']);
  });

  it('never are the newest one, which was only just made', () => {
    expect(gone({ runs: 1, gigabytes: 1, days: 1 }, [run(30, { bytes_on_disk: 1e12 })])).toEqual([]);
  });
});
