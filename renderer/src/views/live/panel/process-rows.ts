/**
 * One process with its counters and shares: while it runs those of the newest tick and the last second, at the end those
 * of the summary.
 */
import type { Hello, Role, Summary } from '#contract/frames';
import { sharesOf, type Shares } from '../../../session/shares.ts';
import type { Figures } from '../../../session/tick-window.ts';

export interface ProcessRow extends Shares {
  role: Role;
  index: number;
  pid: number;
  exit: string | undefined;
  cpus: readonly number[];
  counters: Counters | undefined;
  /** The kernel function in which it mostly slept in the last second; nothing once it is over. */
  sleepsIn: string | undefined;
  /** The system call that led it there. */
  sleepsInCall: string | undefined;
}

type Counters = Omit<Summary['processes'][number], 'exit' | 'cpus' | 'role' | 'index' | 'pid'>;

export function processRows(
  hello: Hello | null,
  figures: Figures | undefined,
  summary: Summary | null,
): ProcessRow[] {
  return (hello?.processes ?? []).map(({ role, index, pid }) => {
    const same = (p: { role: Role; index: number }): boolean => p.role === role && p.index === index;
    const total = summary?.processes.find(same);
    const live = figures?.processes.find(same);
    const shares = total && summary ? sharesOf(total, summary.duration_ns) : live;
    return {
      role,
      index,
      pid,
      exit: total?.exit,
      cpus: total?.cpus ?? [],
      counters: total ?? live,
      sleepsIn: total === undefined ? live?.sleeps_in : undefined,
      sleepsInCall: total === undefined ? live?.sleeps_in_call : undefined,
      running: shares?.running ?? NaN,
      blocked: shares?.blocked ?? NaN,
      waiting: shares?.waiting ?? NaN,
    };
  });
}
