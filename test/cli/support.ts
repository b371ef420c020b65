/** Runs the terminal program as a person does, through its wrapper, on a data folder of its own. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';
import { helper } from '../support/helper.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = join(root, 'dist', 'cli', 'ipc-scope.js');
const start = `import(process.argv[1]).then(async ({ main }) => { process.exitCode = await main(process.argv.slice(2)); });`;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ipc-scope-cli-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export interface Ended {
  code: number | null;
  signal: string | null;
  out: string;
  err: string;
}

export class Cli {
  readonly child: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  out = '';
  err = '';

  constructor(argv: readonly string[], env: Record<string, string>) {
    this.child = spawn(process.execPath, ['--input-type=module', '-e', start, program, ...argv], {
      // A process group of its own, as a shell gives each command: Ctrl-C reaches all of it.
      detached: true,
      env: { ...process.env, LC_ALL: 'C', IPC_SCOPE_HELPER: helper, ...env },
    });
    this.child.stdout.on('data', (data: Buffer) => (this.out += data.toString()));
    this.child.stderr.on('data', (data: Buffer) => (this.err += data.toString()));
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => resolve({ code, signal, out: this.out, err: this.err }));
    });
    cleanups.push(() => this.child.kill('SIGKILL'));
  }

  /** What Ctrl-C does: the signal goes to the program and to everything that it has started. */
  interrupt(): void {
    process.kill(-(this.child.pid ?? NaN), 'SIGINT');
  }

  async until<T>(found: () => T | undefined | false, patience_ms = 10_000): Promise<T> {
    const deadline = Date.now() + patience_ms;
    for (;;) {
      const answer = found();
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > deadline) throw new Error(`it did not happen:\n${this.out}\n${this.err}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** A terminal on one data folder. */
export async function shell(env: Record<string, string> = {}) {
  const folder = await newFolder();
  const begin = (...argv: string[]): Cli => new Cli(argv, { IPC_SCOPE_DATA: folder, ...env });
  return { folder, begin, run: (...argv: string[]) => begin(...argv).ended };
}
