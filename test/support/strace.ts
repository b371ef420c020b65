/** Tests that look at system calls from outside. */
import { spawnSync } from 'node:child_process';

/** strace may be missing or forbidden; and a build with sanitizers looks for leaks by tracing itself, which nobody else may do then. */
export const traces =
  process.env['IPC_SCOPE_HELPER'] === undefined &&
  spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;
