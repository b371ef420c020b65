/** iperf3(1): bytes a second over one TCP connection, written in pieces of the size of a message. */
import { NO_FIGURES, runAgainstServer, seconds } from './tool.js';

/**
 * @param {string} printed
 * @param {number} size bytes
 * @returns {import('./tool.js').Figures}
 */
export function parseIperf(printed, size) {
  const bits = JSON.parse(printed).end?.sum_received?.bits_per_second;
  if (!(bits > 0)) throw new Error(`not understood: ${printed.slice(0, 300)}`);
  return { ...NO_FIGURES, messages_per_s: bits / 8 / size };
}

/** @type {import('./tool.js').Tool} */
export const iperf3 = {
  name: 'iperf3',
  program: 'iperf3',
  package: 'iperf3',
  note: 'bytes received, as messages of the size it writes; it keeps no borders, checks nothing, and asks select before its calls',
  fits: ({ mechanism, pattern, size }) => mechanism === 'tcp' && pattern === 'stream' && size >= 65_536,
  async run(job) {
    const { size } = job.cell;
    return await runAgainstServer(
      job,
      (port) => ['iperf3', '-s', '-p', port],
      (port) => [
        ...['iperf3', '-c', '127.0.0.1', '-p', port, '-J'],
        ...['-l', String(size), '-t', seconds(job.duration_ms)],
      ],
      (printed) => parseIperf(printed, size),
    );
  },
};
