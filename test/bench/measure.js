/** One measurement by the helper or by a bare loop, and the statistics over several. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {{ root: string; helper: string; repeat: number; duration_ms: number; placement: string;
 *   only: string | undefined }} BenchOptions `only`: a part of the names of the rows that are wanted
 */
/** @typedef {{ messages_per_s: number; p50_ns: number; p99_ns: number }} Figures */

/**
 * Runs one session and answers its summary's figures; throws what the helper said where it failed.
 * @param {string} helper
 * @param {string[]} args
 * @returns {Promise<Figures>}
 */
export async function runHelper(helper, args) {
  // Its input stays open until the end: a session stops when that ends.
  const child = spawn(helper, ['run', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => (printed += text));
  const code = await new Promise((done, failed) => child.on('close', done).on('error', failed));
  const frames = printed.trimEnd().split('\n');
  const last = JSON.parse(frames.at(-1) ?? 'null');
  if (last?.t !== 'summary' || code !== 0) {
    throw new Error(`ipc-helper run ${args.join(' ')}: ${last?.message ?? `exit ${code}`}`);
  }
  const { messages_per_s, latency } = last;
  return { messages_per_s, p50_ns: latency.p50_ns, p99_ns: latency.p99_ns };
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
  step(
    '--build',
    tree,
    '--target',
    'bare-loops',
    '--config',
    'Release',
    '--parallel',
    String(availableParallelism()),
  );
  const program = ['bare-loops', 'Release/bare-loops.exe'].map((name) => join(tree, name)).find(existsSync);
  if (program === undefined) throw new Error('bare-loops was not built');
  return program;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @returns {Figures}
 */
export function runBareLoop(program, args) {
  const done = spawnSync(program, args, { encoding: 'utf8', timeout: 120_000 });
  if (done.status !== 0) throw new Error(`bare-loops ${args.join(' ')}: ${done.stderr || done.status}`);
  return JSON.parse(done.stdout);
}

/**
 * Median, least and greatest of some values.
 * @param {number[]} values
 */
export function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (/** @type {number} */ i) => sorted[i] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    min: at(0),
    max: at(sorted.length - 1),
  };
}

/**
 * The 95 % interval of the median, by bootstrap (Efron 1979): how far the median would move if the same were run again.
 * The random numbers are always the same, so that the same values give the same interval.
 * @param {number[]} values
 */
export function medianInterval(values) {
  const ROUNDS = 2000;
  let state = 0x2545f491;
  const random = () => {
    // xorshift32 (Marsaglia 2003).
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const draw = () => values.map(() => values[Math.floor(random() * values.length)] ?? NaN);
  const medians = Array.from({ length: ROUNDS }, () => spread(draw()).median).sort((a, b) => a - b);
  return {
    low: medians[Math.floor(ROUNDS * 0.025)] ?? NaN,
    high: medians[Math.floor(ROUNDS * 0.975)] ?? NaN,
  };
}

/**
 * A Markdown table.
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function table(head, rows) {
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {number} perSecond */
export const million = (perSecond) => (perSecond / 1e6).toFixed(perSecond < 1e6 ? 3 : 2);
/** @param {number} ns */
export const micro = (ns) => (ns / 1e3).toFixed(ns < 1e4 ? 2 : 1);
