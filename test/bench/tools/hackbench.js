/** hackbench(8) of rt-tests, with one sender and one receiver: a stream over a pipe or a pair of Unix sockets. */
import { NO_FIGURES, numberIn, runAlone } from './tool.js';

/**
 * @param {string} printed
 * @returns {import('./tool.js').Figures}
 */
export function parseHackbench(printed) {
  const messages = numberIn(printed, /will pass (\d+) messages/);
  return { ...NO_FIGURES, messages_per_s: messages / numberIn(printed, /Time: ([\d.]+)/) };
}

/** @type {import('./tool.js').Tool} */
export const hackbench = {
  name: 'hackbench -g 1 -f 1',
  program: 'hackbench',
  package: 'rt-tests',
  note: 'the same calls, and no check of what arrives; the start of both processes is in its time; apart, they go where the scheduler puts them',
  fits: ({ mechanism, choices, pattern }) =>
    pattern === 'stream' && (mechanism === 'pipe' || (mechanism === 'unix' && choices['kind'] === 'stream')),
  async run(job) {
    const { mechanism, size } = job.cell;
    // As many as a pipe carries at a million a second, or 1 GB/s.
    const loops = Math.max(200, Math.round(job.duration_ms * Math.min(1000, 1e6 / size)));
    const command = ['hackbench', '-g', '1', '-f', '1', '-s', String(size), '-l', String(loops)];
    return parseHackbench(await runAlone(job, mechanism === 'pipe' ? [...command, '-p'] : command));
  },
};
