/** A session of the helper under strace(1), which sees its calls from outside. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helper, RunningHelper } from './helper.ts';

/**
 * strace may be missing or forbidden (containers, kernel.yama.ptrace_scope); and a build with sanitizers looks for leaks
 * by tracing itself, which nobody else may do then.
 */
export const traces =
  process.env['IPC_SCOPE_HELPER'] === undefined &&
  spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;

export interface Trace {
  session: RunningHelper;
  /** One line a call, each beginning with the pid. */
  lines: string[];
}

/** Runs the helper with these words to its end, and answers its calls of these names. */
export async function trace(words: string[], calls: string[]): Promise<Trace> {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-strace-'));
  try {
    const file = join(folder, 'calls.txt');
    const session = new RunningHelper(
      ['-f', '-qq', '-s', '200', '-e', `trace=${calls.join(',')}`, '-o', file, helper, ...words],
      process.env,
      'strace',
    );
    await session.ended;
    // A call that another process interrupted is written in two lines, of which the second says `resumed`.
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.includes('resumed>'));
    return { session, lines };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
