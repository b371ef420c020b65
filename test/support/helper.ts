/** Drives the real helper from Node: starts it, validates every frame against the contract, sends commands. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { FrameSchema, type Frame, type Summary } from '../../electron/contract/frames.ts';
import { helperPath } from '../../electron/engine/folders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The helper under test: the one that set-up built, or IPC_SCOPE_HELPER. */
export const helper = helperPath({ root, platform: process.platform, arch: process.arch, env: process.env });

export type FrameOf<T extends Frame['t']> = Extract<Frame, { t: T }>;

/**
 * Whether another build of the helper is under test: one with sanitizers, which is slow, and is after the code that each
 * kind of channel runs through, not after every border and figure.
 */
export const sanitized = process.env['IPC_SCOPE_HELPER'] !== undefined;

/** Whether files of tests run side by side. What another file's sessions have in the system is no business of this one then. */
const sideBySide = process.env['IPC_SCOPE_SIDE_BY_SIDE'] !== undefined;
const ownPids = new Set<number>();

/** A helper that runs, and the frames it has printed so far. */
export class RunningHelper {
  readonly child: ChildProcessWithoutNullStreams;
  readonly frames: Frame[] = [];
  /** Lines that were no frames; a test that does not expect any fails on them. */
  readonly strangers: string[] = [];
  stderr = '';
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  #watchers: (() => void)[] = [];

  constructor(args: string[], env: NodeJS.ProcessEnv = process.env, program = helper) {
    this.child = spawn(program, args, { env });
    if (this.child.pid !== undefined) ownPids.add(this.child.pid);
    this.child.stdin.on('error', () => undefined);
    this.child.stderr.on('data', (data: Buffer) => (this.stderr += data.toString()));
    const lines = createInterface({ input: this.child.stdout, crlfDelay: Infinity });
    const read = new Promise<void>((done) => lines.on('close', done));
    lines.on('line', (line) => {
      const parsed = parse(line);
      if (parsed === undefined) this.strangers.push(line);
      else this.frames.push(parsed);
      this.#wake();
    });
    this.ended = new Promise((done) => {
      this.child.on('close', (code, signal) => {
        void read.then(() => {
          done({ code, signal });
          this.#wake();
        });
      });
    });
  }

  of<T extends Frame['t']>(t: T): FrameOf<T>[] {
    return this.frames.filter((frame): frame is FrameOf<T> => frame.t === t);
  }

  say(command: string): void {
    this.child.stdin.write(`${command}\n`);
  }

  /** Waits until `found` answers something; rejects after `patience_ms` with what was printed. */
  async until<T>(found: () => T | undefined | false, patience_ms = 10_000): Promise<T> {
    const deadline = Date.now() + patience_ms;
    for (;;) {
      const answer = found();
      if (answer !== undefined && answer !== false) return answer;
      if (Date.now() > deadline) {
        throw new Error(
          `not seen in ${patience_ms} ms; last frames: ${JSON.stringify(this.frames.slice(-3))} ${this.stderr}`,
        );
      }
      await new Promise<void>((wake) => {
        const timer = setTimeout(wake, 100);
        this.#watchers.push(() => {
          clearTimeout(timer);
          wake();
        });
      });
    }
  }

  #wake(): void {
    for (const watcher of this.#watchers.splice(0)) watcher();
  }
}

function parse(line: string): Frame | undefined {
  try {
    const result = v.safeParse(FrameSchema, JSON.parse(line));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** Runs a session to its end; refuses lines that are no frames. */
export async function runSession(
  ...args: string[]
): Promise<{ frames: Frame[]; summary: Summary; code: number | null }> {
  const session = new RunningHelper(['run', ...args]);
  const { code } = await session.ended;
  if (session.strangers.length > 0)
    throw new Error(`not frames: ${session.strangers.slice(0, 3).join('\n')}`);
  const summary = session.frames.at(-1);
  if (summary?.t !== 'summary') {
    throw new Error(
      `no summary at the end of ${args.join(' ')}: ${JSON.stringify(session.frames.slice(-2))} ${session.stderr}`,
    );
  }
  return { frames: session.frames, summary, code };
}

/** Runs the helper for its one answer. */
export async function ask(
  ...args: string[]
): Promise<{ frames: Frame[]; code: number | null; stderr: string }> {
  const asked = new RunningHelper(args);
  asked.child.stdin.end();
  const { code } = await asked.ended;
  if (asked.strangers.length > 0) throw new Error(`not frames: ${asked.strangers.join('\n')}`);
  return { frames: asked.frames, code, stderr: asked.stderr };
}

/** Whether the process exists and is not merely waiting to be collected. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Keys of our System V message queues: a byte of mark, and the owner's pid in the lower 22 bits, as ownership/names.cpp gives them. */
export function systemVQueues(): string[] {
  const rows = readFileSync('/proc/sysvipc/msg', 'utf8').trim().split('\n').slice(1);
  return rows
    .map((row) => (Number(row.trim().split(/\s+/)[0]) >>> 0).toString(16))
    .filter((key) => key.length === 8 && key.startsWith('e5') && ours(parseInt(key, 16) & 0x3fffff))
    .map((key) => `0x${key}`);
}

function ours(owner: number): boolean {
  return !sideBySide || ownPids.has(owner);
}

/**
 * Names of everything of ours that outlives a process: shared memory, message queues, files in the run folders. Where
 * files of tests run side by side, of what this one's helpers made.
 */
export function leftovers(): string[] {
  const below = (folder: string): string[] => {
    try {
      return readdirSync(folder)
        .filter((name) => {
          const owner = /ipc-scope-(\d+)/.exec(name)?.[1];
          return owner !== undefined && ours(Number(owner));
        })
        .map((name) => join(folder, name));
    } catch {
      return [];
    }
  };
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const folders = [
    '/dev/shm',
    '/dev/mqueue',
    `/tmp/ipc-scope-${process.getuid?.() ?? 0}`,
    ...(runtime ? [`${runtime}/ipc-scope`] : []),
  ];
  return [...folders.flatMap(below), ...systemVQueues()].sort();
}
