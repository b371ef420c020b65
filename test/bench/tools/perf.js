/** `perf bench sched` (tools/perf/bench in the Linux sources): a pipe's round trip, and many senders and receivers. */
import { fromMean, NO_FIGURES, numberIn, runAlone } from './tool.js';

/** @param {string} printed */
export const parsePipe = (printed) => fromMean(numberIn(printed, /([\d.]+) usecs\/op/) * 1000);

/** @type {import('./tool.js').Tool} */
export const perfPipe = {
  name: 'perf bench sched pipe',
  program: 'perf',
  package: 'linux-perf',
  note: 'mean of round trips of 4 bytes, which its two processes check in no way; no warm-up; apart, they go where the scheduler puts them',
  fits: ({ mechanism, pattern, size }) => mechanism === 'pipe' && pattern === 'pingpong' && size === 64,
  async run(job) {
    // About 50 us each at worst.
    const loops = Math.max(1000, job.duration_ms * 20);
    return parsePipe(await runAlone(job, ['perf', 'bench', 'sched', 'pipe', '-l', String(loops)]));
  },
};

/** Messages of one group: each of 20 senders writes to each of 20 receivers. */
const GROUP = 20 * 20;

/**
 * @param {string} printed
 * @param {number} loops messages from each sender to each receiver
 * @returns {import('./tool.js').Figures}
 */
export const parseMessaging = (printed, loops) => ({
  ...NO_FIGURES,
  messages_per_s: (GROUP * loops) / numberIn(printed, /Total time: ([\d.]+) \[sec\]/),
});

/** @type {import('./tool.js').Tool} */
export const perfMessaging = {
  name: 'perf bench sched messaging',
  program: 'perf',
  package: 'linux-perf',
  note: '20 senders and 20 receivers of 100-byte messages over socket pairs, their start included: an order of magnitude, not a ratio',
  fits: ({ mechanism, choices, pattern, size }) =>
    mechanism === 'unix' && choices['kind'] === 'stream' && pattern === 'stream' && size === 64,
  async run(job) {
    const loops = Math.max(20, Math.round(job.duration_ms / 2));
    const command = ['perf', 'bench', 'sched', 'messaging', '-g', '1', '-l', String(loops)];
    return parseMessaging(await runAlone(job, command), loops);
  },
};
