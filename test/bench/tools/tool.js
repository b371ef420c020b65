/** What an adapter of a tool of the field offers, and what it is given. */
import { freePort, run, whileServing } from '../processes.js';

/**
 * @typedef {import('../measure.js').Figures} Figures
 * @typedef {{ mechanism: string; choices: Record<string, string>; pattern: string; size: number; placement: string }} Cell
 * @typedef {{ cell: Cell; cpus: number[]; duration_ms: number; signal?: AbortSignal | undefined }} Job
 * @typedef {{ name: string; program: string; package: string; note: string; fits: (cell: Cell) => boolean;
 *   run: (job: Job) => Promise<Figures> }} Tool `package`: of Debian; `note`: what of its figure may be compared, and
 *   what may not
 */

/** @type {Figures} */
export const NO_FIGURES = { messages_per_s: null, mean_ns: null, p50_ns: null, p99_ns: null };

/**
 * Figures of round trips of which only the mean is known.
 * @param {number} mean_ns
 * @returns {Figures}
 */
export const fromMean = (mean_ns) => ({ ...NO_FIGURES, messages_per_s: 1e9 / mean_ns, mean_ns });

/**
 * The number that a pattern finds first; throws the output where there is none.
 * @param {string} text
 * @param {RegExp} pattern
 */
export function numberIn(text, pattern) {
  const number = Number(pattern.exec(text)?.[1] ?? NaN);
  if (!Number.isFinite(number)) throw new Error(`not understood: ${text.slice(0, 500)}`);
  return number;
}

/**
 * A command pinned as the helper pins its first (0) or second (1) process; `both`: a program that starts both itself, which
 * then may go where it likes among their CPUs.
 * @param {Job} job
 * @param {0 | 1 | 'both'} side
 * @param {string[]} command
 */
export function pinned({ cell, cpus }, side, command) {
  const [first = 0] = cpus;
  const second = cpus[1] ?? first;
  if (cell.placement === 'free') return command;
  const where =
    cell.placement === 'same' ? [first] : side === 'both' ? [first, second] : [side === 0 ? first : second];
  return ['taskset', '-c', where.join(','), ...command];
}

/**
 * Runs a tool that does everything itself, and answers all that it printed.
 * @param {Job} job
 * @param {string[]} command
 */
export async function runAlone(job, command) {
  const [program = '', ...args] = pinned(job, 'both', command);
  const { code, stdout, stderr } = await run(program, args, { signal: job.signal });
  if (code !== 0) throw new Error(`${command.join(' ')}: exit ${code}: ${stderr.slice(0, 300)}`);
  return stdout + stderr;
}

/**
 * Runs a client against a server of its own. A server is not there at once, so the client is tried a few times.
 * @template T
 * @param {Job} job
 * @param {(port: string) => string[]} server
 * @param {(port: string) => string[]} client
 * @param {(printed: string) => T} parse
 * @returns {Promise<T>}
 */
export async function runAgainstServer(job, server, client, parse) {
  const port = String(await freePort());
  return await whileServing(pinned(job, 1, server(port)), async () => {
    for (let attempt = 1; ; attempt++) {
      await new Promise((done) => setTimeout(done, 200));
      const [program = '', ...args] = pinned(job, 0, client(port));
      const { stdout, stderr } = await run(program, args, { signal: job.signal });
      try {
        return parse(stdout);
      } catch (thrown) {
        if (attempt === 5)
          throw new Error(`${client(port).join(' ')}: ${stderr.slice(0, 300)}`, { cause: thrown });
      }
    }
  });
}

/** @param {number} ms whole seconds, for tools that know nothing shorter */
export const seconds = (ms) => String(Math.max(1, Math.round(ms / 1000)));
