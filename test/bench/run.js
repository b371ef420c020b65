/**
 * `npm run bench -- NAME [--repeat N] [--duration MS] [--placement P] [--json]`: measurements that stand behind a claim of speed.
 *   overhead   what measuring costs: the same loop with and without its counters
 *   figures    rate and latency of every mechanism beside bare C loops, interleaved in one run
 * Machines are noisy and differ: read the ratios, which come from one run.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { helperFolder } from '../../build/setup/steps.mjs';
import { figures } from './figures.js';
import { overhead } from './overhead.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const benches = { overhead, figures };

const [name, ...rest] = process.argv.slice(2);
const number = (/** @type {string} */ flag, /** @type {number} */ otherwise) => {
  const at = rest.indexOf(flag);
  return at === -1 ? otherwise : Number(rest[at + 1]);
};
const bench = Object.entries(benches).find(([known]) => known === name)?.[1];
const placement = rest.includes('--placement') ? (rest[rest.indexOf('--placement') + 1] ?? '') : 'apart';
const options = { repeat: number('--repeat', 31), duration_ms: number('--duration', 250), placement };
const helper = join(helperFolder(root), process.platform === 'win32' ? 'ipc-helper.exe' : 'ipc-helper');

if (
  bench === undefined ||
  !Number.isInteger(options.repeat) ||
  options.repeat < 1 ||
  !(options.duration_ms >= 100) ||
  !['free', 'same', 'apart'].includes(placement)
) {
  process.stderr.write(
    `usage: npm run bench -- ${Object.keys(benches).join('|')} [--repeat N, from 1] [--duration MS, from 100] [--placement free|same|apart] [--json]\n`,
  );
  process.exitCode = 2;
} else if (!existsSync(helper)) {
  process.stderr.write(`${helper} is missing; “node build/setup.mjs” builds it.\n`);
  process.exitCode = 3;
} else {
  const { rows, markdown } = await bench({ root, helper, ...options });
  process.stdout.write(rest.includes('--json') ? `${JSON.stringify(rows, null, 2)}\n` : `${markdown}\n`);
}
