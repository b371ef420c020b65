/**
 * `npm run bench -- NAME [--repeat N] [--duration MS] [--placement P] [--only TEXT] [--json]`: measurements that stand behind a claim of speed.
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
// On one CPU the work of both sides adds up to the time of a message, so all that measuring costs is seen. On two, the
// slower side hides some of it, and sides that sleep and wake each other multiply any difference by chance.
const usual = name === 'overhead' ? 'same' : 'apart';
const placement = rest.includes('--placement') ? (rest[rest.indexOf('--placement') + 1] ?? '') : usual;
const only = rest.includes('--only') ? rest[rest.indexOf('--only') + 1] : undefined;
const options = { repeat: number('--repeat', 61), duration_ms: number('--duration', 200), placement, only };
const helper = join(helperFolder(root), process.platform === 'win32' ? 'ipc-helper.exe' : 'ipc-helper');

if (
  bench === undefined ||
  !Number.isInteger(options.repeat) ||
  options.repeat < 1 ||
  !(options.duration_ms >= 100) ||
  !['free', 'same', 'apart'].includes(placement)
) {
  process.stderr.write(
    `usage: npm run bench -- ${Object.keys(benches).join('|')} [--repeat N, from 1] [--duration MS, from 100] [--placement free|same|apart] [--only TEXT] [--json]\n`,
  );
  process.exitCode = 2;
} else if (!existsSync(helper)) {
  process.stderr.write(`${helper} is missing; “node build/setup.mjs” builds it.\n`);
  process.exitCode = 3;
} else {
  const { rows, markdown } = await bench({ root, helper, ...options });
  process.stdout.write(rest.includes('--json') ? `${JSON.stringify(rows, null, 2)}\n` : `${markdown}\n`);
}
