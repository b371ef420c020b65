/**
 * `npm run bench -- NAME …`: measurements that stand behind a claim of speed; arguments.js has the names and flags. Prints
 * Markdown. Machines are noisy and differ: read the ratios, which come from one run. Ctrl-C ends it with what is done.
 * Exit codes: 0 done, 1 something could not be measured, 2 usage, 3 no helper, 130 stopped.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { helperFolder } from '../../build/setup/steps.mjs';
import { parseArguments, Usage, USAGE } from './arguments.js';
import { catalogue } from './catalogue.js';
import { charts } from './charts.js';
import { overhead } from './overhead.js';
import { peers } from './peers.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const helper = join(helperFolder(root), process.platform === 'win32' ? 'ipc-helper.exe' : 'ipc-helper');
/** @type {Record<string, (place: import('./peers.js').Place, options: import('./arguments.js').BenchOptions) => Promise<{ json: unknown; markdown: string; failed: boolean }>>} */
const benches = { overhead, peers, table: catalogue, charts };
/** What has no need of the helper. */
const WITHOUT_HELPER = ['charts'];

const stop = new AbortController();
process.on('SIGINT', () => {
  // Whoever asks twice does not want to wait for what is done either.
  if (stop.signal.aborted) process.exit(130);
  stop.abort();
});

try {
  const { name, options } = parseArguments(process.argv.slice(2));
  const bench = benches[name];
  if (bench === undefined || (!WITHOUT_HELPER.includes(name) && !existsSync(helper))) {
    process.stderr.write(`${helper} is missing; “node build/setup.mjs” builds it.\n`);
    process.exitCode = 3;
  } else {
    const { json, markdown, failed } = await bench({ root, helper, signal: stop.signal }, options);
    const text = `${JSON.stringify(json, null, 2)}\n`;
    if (options.json !== undefined && options.json !== '-') writeFileSync(options.json, text);
    if (options.markdown !== undefined) writeFileSync(options.markdown, `${markdown}\n`);
    process.stdout.write(options.json === '-' ? text : `${markdown}\n`);
    process.exitCode = stop.signal.aborted ? 130 : failed ? 1 : 0;
  }
} catch (thrown) {
  if (!(thrown instanceof Usage)) throw thrown;
  process.stderr.write(`${thrown.message}\n${USAGE}`);
  process.exitCode = 2;
}
