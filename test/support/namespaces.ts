/** The helper in namespaces of its own (unshare(1)), where a test may fill, forbid and take away what everybody needs. */
import { spawnSync } from 'node:child_process';
import { helper, RunningHelper } from './helper.ts';

/** Whether this user may make such namespaces (`m` mounts, `i` queues, `n` network, `p` processes). */
export function mayUnshare(...flags: string[]): boolean {
  return process.getuid?.() === 0 && spawnSync('unshare', [...flags, 'true']).status === 0;
}

/** Runs `script` in new namespaces, and then the helper in place of the shell. `before` stands in front of the helper. */
export function unshared(
  flags: string[],
  script: string,
  args: string[],
  { env = {}, before = [] }: { env?: NodeJS.ProcessEnv; before?: string[] } = {},
): RunningHelper {
  const words = [...flags, 'sh', '-ec', `${script}\nexec "$@"`, 'sh', ...before, helper, ...args];
  return new RunningHelper(words, { ...process.env, ...env }, 'unshare');
}
