/** The measured time of a recorded run in stretches: without warm-up, pauses and what was drained at the end. */
import type { SeriesTable } from '../series.ts';
import type { SessionSnapshot } from '../session.ts';

/** Columns that a comparison follows over time. */
export const FOLLOWED = ['messages_per_s', 'bytes_per_s', 'p50_ns', 'p90_ns', 'p99_ns', 'p99_9_ns'] as const;
export type Followed = (typeof FOLLOWED)[number];

export interface Stretch {
  /** End of the stretch, seconds since measuring began. */
  end_s: number;
  seconds: number;
  /** NaN where nothing was measured. */
  values: Record<Followed, number>;
}

/** The helper's ticks are cut where the phase changes; a row may end so much beside it, s. */
const SLACK_S = 0.01;

type Recorded = Pick<SessionSnapshot, 'series' | 'notes' | 'summary' | 'hello'>;

export function measuredStretches(run: Recorded): Stretch[] {
  const { series } = run;
  if (series === null) return [];
  const { start, end, pauses } = measuredTime(run);
  const column = (key: string): SeriesTable['values'][number] =>
    series.values[series.columns.findIndex((known) => known.key === key)] ?? [];
  const times = column('elapsed_s');
  const columns = FOLLOWED.map((key) => [key, column(key)] as const);
  const stretches: Stretch[] = [];
  for (let row = 0; row < series.rows; row++) {
    const to = times[row] ?? NaN;
    const from = row === 0 ? 0 : (times[row - 1] ?? NaN);
    if (from < start - SLACK_S || to > end + SLACK_S || !(to > from)) continue;
    if (pauses.some((pause) => pause.from < to && pause.to > from)) continue;
    const values = Object.fromEntries(columns.map(([key, all]) => [key, all[row] ?? NaN]));
    stretches.push({ end_s: to - start, seconds: to - from, values: values as Stretch['values'] });
  }
  return stretches;
}

interface MeasuredTime {
  start: number;
  end: number;
  pauses: { from: number; to: number }[];
}

/** Seconds on the clock of the series. */
function measuredTime({ notes, summary, hello }: Recorded): MeasuredTime {
  const began = notes.find(({ code }) => code === 'measuring')?.elapsed_ns;
  const warmup_ms = Number(hello?.options['warmup_ms'] ?? 0);
  const start = began === undefined ? ((hello?.elapsed_ns ?? 0) / 1e6 + warmup_ms) / 1e3 : began / 1e9;
  const pauses: MeasuredTime['pauses'] = [];
  for (const { code, elapsed_ns } of notes) {
    if (code === 'paused') pauses.push({ from: elapsed_ns / 1e9, to: Infinity });
    const open = pauses.at(-1);
    if (code === 'resumed' && open !== undefined) open.to = elapsed_ns / 1e9;
  }
  const resting = pauses.reduce((sum, { from, to }) => sum + (to === Infinity ? 0 : to - from), 0);
  const end = summary === null ? Infinity : start + summary.duration_ns / 1e9 + resting;
  return { start, end, pauses };
}
