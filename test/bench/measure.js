/** One measurement by the helper or by a bare loop. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { run } from './processes.js';

/**
 * What one run gave. Times are null where nothing was timed; `mean_ns` is of round trips only.
 * @typedef {{ messages_per_s: number | null; mean_ns: number | null; p50_ns: number | null; p99_ns: number | null;
 *   lost?: number; faults?: number }} Figures
 * @typedef {import('../../electron/contract/frames.ts').Summary} Summary
 * @typedef {import('../../electron/contract/describe.ts').Describe} Describe
 */

/** The helper did not do what it was asked. `refused`: because the wish makes no sense, or is above a limit. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {boolean} refused
   */
  constructor(message, refused) {
    super(message);
    this.refused = refused;
  }
}

/**
 * Runs one session and answers its summary; throws Refused with what the helper said where it failed. Messages that were
 * lost or damaged are no failure here, but figures.
 * @param {string} helper
 * @param {string[]} args
 * @param {AbortSignal} [signal]
 * @returns {Promise<Summary>}
 */
export async function runSession(helper, args, signal) {
  // Its input stays open until the end: a session stops when that ends.
  const { code, stdout, stderr } = await run(helper, ['run', ...args], { signal, keepInput: true });
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) || 'null');
  if (last?.t === 'summary' && (last.ended_by === 'count' || last.ended_by === 'duration')) return last;
  const why = last?.message ?? last?.ended_by ?? `${stderr}exit ${code}`;
  throw new Refused(`ipc-helper run ${args.join(' ')}: ${why}`, code === 2);
}

/**
 * @param {Summary} summary
 * @returns {Figures}
 */
export function figuresOf({ pattern, messages_per_s, latency, integrity }) {
  const { lost, corrupt, torn, duplicated, reordered } = integrity;
  return {
    messages_per_s,
    mean_ns: pattern === 'pingpong' && messages_per_s > 0 ? 1e9 / messages_per_s : null,
    p50_ns: latency.p50_ns,
    p99_ns: latency.p99_ns,
    lost,
    faults: corrupt + torn + duplicated + reordered,
  };
}

/**
 * What the helper can do here.
 * @param {string} helper
 * @returns {Describe}
 */
export function describe(helper) {
  const done = spawnSync(helper, ['describe'], { encoding: 'utf8', maxBuffer: 16 << 20 });
  if (done.status !== 0) throw new Error(`ipc-helper describe: exit ${done.status}`);
  return JSON.parse(done.stdout);
}

/**
 * Builds native/bench, the bare loops, and answers the path of the program.
 * @param {string} root
 */
export function buildBareLoops(root) {
  const tree = join(root, 'dist/cmake/bench');
  const step = (/** @type {string[]} */ ...args) => {
    const done = spawnSync('cmake', args, { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(`cmake ${args.join(' ')}\n${done.stdout}${done.stderr}`);
  };
  step('-S', join(root, 'native'), '-B', tree, '-DCMAKE_BUILD_TYPE=Release', '-DIPC_SCOPE_BENCH=ON');
  const config = ['--target', 'bare-loops', '--config', 'Release'];
  step('--build', tree, ...config, '--parallel', String(availableParallelism()));
  const program = ['bare-loops', 'Release/bare-loops.exe'].map((name) => join(tree, name)).find(existsSync);
  if (program === undefined) throw new Error('bare-loops was not built');
  return program;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {AbortSignal} [signal]
 * @returns {Promise<Figures>}
 */
export async function runBareLoop(program, args, signal) {
  const { code, stdout, stderr } = await run(program, args, { signal });
  if (code !== 0) throw new Error(`bare-loops ${args.join(' ')}: ${stderr || `exit ${code}`}`);
  const { messages_per_s, p50_ns, p99_ns, lost, faults } = JSON.parse(stdout);
  return {
    messages_per_s,
    mean_ns: p50_ns === null ? null : 1e9 / messages_per_s,
    p50_ns,
    p99_ns,
    lost,
    faults,
  };
}
