/** The command line of the benchmarks. */

/**
 * @typedef {{ repeat: number; duration_ms: number; sizes: number[]; placements: string[]; only: string | undefined;
 *   overhead: boolean; minutes: number; json: string | undefined; markdown: string | undefined }} BenchOptions `only`: a part
 *   of the names of what is wanted; `json`: a file, or `-` to print it
 * @typedef {{ repeat: number; duration_ms: number; placements: string[]; most_placements: number; flags: string[] }} Bench
 */

const PLACEMENTS = ['free', 'same', 'apart'];

/** @type {Record<string, Bench>} */
const BENCHES = {
  // On one CPU the work of both sides adds up to the time of a message, so all that measuring costs is seen. On two, the
  // slower side hides some of it, and sides that sleep and wake each other multiply any difference by chance.
  overhead: { repeat: 61, duration_ms: 200, placements: ['same'], most_placements: 1, flags: [] },
  peers: {
    repeat: 5,
    duration_ms: 300,
    placements: ['apart'],
    most_placements: 1,
    flags: ['--size', '--quick', '--overhead'],
  },
  table: {
    repeat: 1,
    duration_ms: 300,
    placements: ['same', 'apart'],
    most_placements: 3,
    flags: ['--size', '--quick'],
  },
  // A minute for each contestant, in turns.
  charts: {
    repeat: 6,
    duration_ms: 10_000,
    placements: ['free'],
    most_placements: 1,
    flags: ['--minutes', '--quick'],
  },
};

/** For a smoke test: enough to see that everything runs, and not to measure anything. */
const QUICK = { repeat: 2, duration_ms: 50, sizes: [64] };
/** A chart needs a second to be drawn some thirty times. */
const QUICK_CHARTS = { repeat: 1, duration_ms: 1000, minutes: 0.05 };

export const USAGE = `usage: npm run bench -- overhead|peers|table|charts [--repeat N] [--duration MS] [--only TEXT] [--placement free|same|apart]
         [--json FILE] [--markdown FILE]
  overhead  what measuring costs: the same loop with and without its counters
  peers     our variants beside bare loops and the field's own tools, in turns; also [--size BYTES,…] [--quick] [--overhead]
  table     the whole catalogue, one short run each; also [--size BYTES,…] [--quick], and several placements by commas
  charts    what charts cost the page, beside uPlot; also [--minutes N] for what they leave behind (10 are judged) [--quick];
            --json without a file prints it
`;

/** A command line that makes no sense; the message says why. */
export class Usage extends Error {}

/**
 * @param {string} flag
 * @param {string} text
 * @param {number} least
 */
function wholeNumber(flag, text, least) {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number) || number < least) {
    throw new Usage(`${flag} takes a whole number from ${least}, not ${text}`);
  }
  return number;
}

/**
 * @param {string[]} words
 * @returns {{ name: string; options: BenchOptions }}
 */
export function parseArguments([name = '', ...words]) {
  const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (bench === undefined)
    throw new Usage(name === '' ? 'which benchmark?' : `there is no benchmark ${name}`);
  /** @type {BenchOptions} */
  const options = {
    ...{
      repeat: bench.repeat,
      duration_ms: bench.duration_ms,
      sizes: [64, 1024, 65_536],
      placements: bench.placements,
    },
    ...{ only: undefined, overhead: false, minutes: 1, json: undefined, markdown: undefined },
  };
  if (words.includes('--quick')) Object.assign(options, name === 'charts' ? QUICK_CHARTS : QUICK);
  for (let i = 0; i < words.length; i++) {
    const flag = words[i] ?? '';
    if (bench.flags.includes(flag) && flag === '--quick') continue;
    if (bench.flags.includes(flag) && flag === '--overhead') {
      options.overhead = true;
      continue;
    }
    const known = ['--repeat', '--duration', '--only', '--placement', '--json', '--markdown', ...bench.flags];
    if (!known.includes(flag)) throw new Usage(`${name} knows no ${flag}`);
    // Of the charts one figure is asked for by scripts.
    if (name === 'charts' && flag === '--json' && (words[i + 1]?.startsWith('--') ?? true)) {
      options.json = '-';
      continue;
    }
    const value = words[++i];
    if (value === undefined || value.startsWith('--')) throw new Usage(`${flag} takes a value`);
    if (flag === '--repeat') options.repeat = wholeNumber(flag, value, 1);
    if (flag === '--duration') options.duration_ms = wholeNumber(flag, value, 20);
    // A message carries its whole number from 8 bytes on, which the bare loops check too.
    if (flag === '--size') options.sizes = value.split(',').map((size) => wholeNumber(flag, size, 8));
    if (flag === '--minutes') options.minutes = wholeNumber(flag, value, 1);
    if (flag === '--only') options.only = value;
    if (flag === '--json') options.json = value;
    if (flag === '--markdown') options.markdown = value;
    if (flag === '--placement') options.placements = value.split(',');
  }
  const { placements } = options;
  if (placements.some((word) => !PLACEMENTS.includes(word)) || placements.length > bench.most_placements) {
    throw new Usage(`--placement takes ${PLACEMENTS.join(', ')}, not ${placements.join(',')}`);
  }
  return { name, options };
}
