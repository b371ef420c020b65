/** One of the runs that are compared, or one session measured in several rounds. */
import type { Note, Summary } from '../frames.ts';
import type { Machine } from '../machine.ts';
import type { SessionSnapshot } from '../session.ts';
import { measuredStretches, type Stretch } from './stretches.ts';

export interface Side {
  /** The run's id, or another key that no other side has. */
  id: string;
  /** One, or one a round. */
  summaries: readonly [Summary, ...Summary[]];
  /** Of a single run's measured time. */
  stretches: readonly Stretch[];
  /** null where the recording does not tell. */
  machine: Machine | null;
  /** Whether somebody changed its settings or killed a process while it ran. */
  disturbed: boolean;
}

const DISTURBING: readonly Note['code'][] = [
  'rate_changed',
  'consumer_delay_changed',
  'capacity_changed',
  'verify_changed',
  'process_killed',
  'process_stopped',
];

/** The side of a recorded run; undefined where it came to no figures. */
export function sideOf(run: SessionSnapshot): Side | undefined {
  const { summary } = run;
  if (summary === null) return undefined;
  return {
    id: run.info.id,
    summaries: [summary],
    stretches: measuredStretches(run),
    machine: run.machine ?? null,
    disturbed: run.notes.some(({ code }) => DISTURBING.includes(code)),
  };
}
