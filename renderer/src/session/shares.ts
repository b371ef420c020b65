/** How a process spent its time. */
import type { Summary } from '#contract/frames';

/** 0..1; NaN where it is not known. */
export interface Shares {
  running: number;
  blocked: number;
  waiting: number;
}

/** Over the whole of a finished session. */
export function sharesOf(process: Summary['processes'][number], duration_ns: number): Shares {
  const part = (ns: number): number => (duration_ns > 0 ? Math.min(1, ns / duration_ns) : NaN);
  return {
    running: part(process.cpu_user_ns + process.cpu_sys_ns),
    blocked: part(process.blocked_ns),
    waiting: part(process.runnable_ns),
  };
}
