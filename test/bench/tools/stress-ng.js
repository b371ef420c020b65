/** stress-ng(1): how often a second its stressor of a mechanism goes round ("bogo operations"), one message each. */
import { NO_FIGURES, numberIn, runAlone, seconds } from './tool.js';

/**
 * @param {string} printed
 * @param {string} stressor
 * @returns {import('./tool.js').Figures}
 */
export function parseStress(printed, stressor) {
  // Columns: operations, real, user and system time, operations a second of real time, …
  const row = new RegExp(`\\] ${stressor} +\\d+ +[\\d.]+ +[\\d.]+ +[\\d.]+ +([\\d.]+)`);
  return { ...NO_FIGURES, messages_per_s: numberIn(printed, row) };
}

/**
 * @param {string} stressor
 * @param {string} note
 * @param {(job: import('./tool.js').Job) => string[]} flags
 * @param {(cell: import('./tool.js').Cell) => boolean} fits
 * @returns {import('./tool.js').Tool}
 */
const stress = (stressor, note, flags, fits) => ({
  name: `stress-ng --${stressor}`,
  program: 'stress-ng',
  package: 'stress-ng',
  note: `${note}; a stressor by its own account, and no benchmark; apart, they go where the scheduler puts them`,
  fits: (cell) => cell.pattern === 'stream' && fits(cell),
  async run(job) {
    const command = [
      'stress-ng',
      `--${stressor}`,
      '1',
      ...flags(job),
      '--metrics',
      '-t',
      `${seconds(job.duration_ms)}s`,
    ];
    return parseStress(await runAlone(job, command), stressor);
  },
});

export const stressors = [
  stress(
    'pipe',
    'writes of 512 bytes, whatever --pipe-data-size says (0.15.06)',
    () => [],
    ({ mechanism, size }) => mechanism === 'pipe' && size === 1024,
  ),
  stress(
    'mq',
    'messages of 8 bytes',
    () => [],
    ({ mechanism, choices, size }) => mechanism === 'mq' && choices['kind'] === 'posix' && size === 64,
  ),
  stress(
    'msg',
    'operations of both sides, as it counts them',
    ({ cell }) => ['--msg-bytes', String(cell.size)],
    ({ mechanism, choices, size }) => mechanism === 'mq' && choices['kind'] === 'sysv' && size <= 8192,
  ),
];
