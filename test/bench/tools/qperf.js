/** qperf(1): mean latency of TCP and UDP, half a round trip each, and bytes a second of TCP. */
import { fromMean, NO_FIGURES, numberIn, runAgainstServer, seconds } from './tool.js';

/**
 * @param {string} printed in unified units (-uu)
 * @param {string} test
 * @param {number} size bytes
 * @returns {import('./tool.js').Figures}
 */
export function parseQperf(printed, test, size) {
  if (test.endsWith('_lat'))
    return fromMean(2 * numberIn(printed, new RegExp(`${test}:\\s+latency += +([\\d.]+) ns`)));
  const bytes = numberIn(printed, new RegExp(`${test}:\\s+bw += +([\\d.]+) bytes/sec`));
  return { ...NO_FIGURES, messages_per_s: bytes / size };
}

/** @type {import('./tool.js').Tool} */
export const qperf = {
  name: 'qperf',
  program: 'qperf',
  package: 'qperf',
  note: 'twice its mean latency, or bytes a second as messages of the size it writes; no check, no warm-up',
  fits: ({ mechanism, pattern }) =>
    pattern === 'pingpong'
      ? mechanism === 'tcp' || mechanism === 'udp'
      : pattern === 'stream' && mechanism === 'tcp',
  async run(job) {
    const { mechanism, pattern, size } = job.cell;
    const test = `${mechanism}_${pattern === 'pingpong' ? 'lat' : 'bw'}`;
    return await runAgainstServer(
      job,
      (port) => ['qperf', '-lp', port],
      (port) => [
        ...['qperf', '-lp', port, '-uu', '-t', seconds(job.duration_ms)],
        ...['-m', String(size), '127.0.0.1', test],
      ],
      (printed) => parseQperf(printed, test, size),
    );
  },
};
