/** Whether a process of this user runs. */
import { readFileSync } from 'node:fs';

/** A process of another user counts as gone, and so does one that has ended but was not collected yet. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !/^[ZX]$/.test(statOf(pid)?.[0] ?? '');
}

/** When the process started, in the system's own count; null where the system does not tell, or there is none. */
export function startOf(pid: number): string | null {
  return statOf(pid)?.[19] ?? null;
}

/** proc(5): the fields behind the name, which stands in parentheses and may hold anything; state is the first of them. */
function statOf(pid: number): string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
