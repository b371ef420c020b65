/** sockperf: round trips of TCP and UDP. What it calls latency is half of one; --full-rtt makes it print the whole. */
import { numberIn, runAgainstServer, seconds } from './tool.js';

/**
 * @param {string} printed
 * @returns {import('./tool.js').Figures}
 */
export function parseSockperf(printed) {
  const half = /Summary: Latency is/.test(printed) ? 2 : 1;
  const us = (/** @type {RegExp} */ pattern) => numberIn(printed, pattern) * 1000 * half;
  const mean_ns = us(/Summary: (?:Round trip|Latency) is ([\d.]+) usec/);
  return {
    messages_per_s: 1e9 / mean_ns,
    mean_ns,
    p50_ns: us(/percentile 50\.000 = +([\d.]+)/),
    p99_ns: us(/percentile 99\.000 = +([\d.]+)/),
  };
}

/** @type {import('./tool.js').Tool} */
export const sockperf = {
  name: 'sockperf ping-pong',
  program: 'sockperf',
  package: 'sockperf',
  note: 'median of round trips, with a warm-up and a header of its own; it turns Nagle off, and its server waits in recvfrom as ours',
  fits: ({ mechanism, pattern }) => (mechanism === 'tcp' || mechanism === 'udp') && pattern === 'pingpong',
  async run(job) {
    const tcp = job.cell.mechanism === 'tcp' ? ['--tcp'] : [];
    // 65,507 bytes are the most for UDP (RFC 768), and the tool has the same bound for TCP.
    const size = String(Math.min(job.cell.size, 65_506));
    const at = (/** @type {string} */ port) => ['-i', '127.0.0.1', '-p', port, ...tcp];
    return await runAgainstServer(
      job,
      (port) => ['sockperf', 'server', ...at(port)],
      (port) => [
        ...['sockperf', 'ping-pong', ...at(port)],
        ...['-m', size, '-t', seconds(job.duration_ms), '--full-rtt'],
      ],
      parseSockperf,
    );
  },
};
