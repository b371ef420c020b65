/** Programs that a benchmark runs, each to its end or until the benchmark is stopped. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, join } from 'node:path';

/** Longest time that one run may take, ms: longer than a minute nothing here runs by intention. */
const PATIENCE_MS = 90_000;

/** The benchmark was told to stop. */
export class Stopped extends Error {}

/**
 * @typedef {{ code: number | null; stdout: string; stderr: string }} Ended
 * @typedef {{ signal?: AbortSignal | undefined; keepInput?: boolean }} RunOptions `keepInput`: its input stays open until it ends
 */

/**
 * Runs a program to its end. Throws Stopped when `signal` tells so, and another Error when it takes too long or cannot start.
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} options
 * @returns {Promise<Ended>}
 */
export async function run(program, args, { signal, keepInput = false } = {}) {
  if (signal?.aborted) throw new Stopped();
  const child = spawn(program, args, { stdio: [keepInput ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  const ended = { code: /** @type {number | null} */ (null), stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (ended.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (ended.stderr += text));
  // SIGTERM, so that a session tidies up behind itself.
  const stop = () => child.kill('SIGTERM');
  signal?.addEventListener('abort', stop);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop();
    setTimeout(() => child.kill('SIGKILL'), 2000).unref();
  }, PATIENCE_MS);
  try {
    ended.code = await new Promise((done, failed) => child.on('close', done).on('error', failed));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
  if (signal?.aborted) throw new Stopped();
  if (late) throw new Error(`${program} ${args.join(' ')}: not done after ${PATIENCE_MS / 1000} s`);
  return ended;
}

/**
 * Starts a program that serves until `work` is done.
 * @template T
 * @param {string[]} command
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function whileServing([program = '', ...args], work) {
  const server = spawn(program, args, { stdio: 'ignore' });
  const ended = new Promise((done) => server.on('close', done).on('error', done));
  // Should this process end first, however it does, the server must not outlive it.
  const end = () => server.kill('SIGKILL');
  process.on('exit', end);
  try {
    return await work();
  } finally {
    end();
    await ended;
    process.off('exit', end);
  }
}

/** A TCP port of 127.0.0.1 that nobody has at this moment. */
export function freePort() {
  return new Promise((/** @type {(port: number) => void} */ done, failed) => {
    const server = createServer().on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * Whether a program can be found.
 * @param {string} program
 */
export function isInstalled(program) {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
