/**
 * `npm run check`: types, lint with the layer rules, format and unused code. Everything is run and every finding
 * shown, so that one run tells all there is to mend.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @type {Record<string, [program: string, ...args: string[]]>} */
const checks = {
  'types of the contract (no Node, no DOM)': ['typescript/bin/tsc', '-p', 'electron/contract/tsconfig.json'],
  'types of engine, shells and tests': ['typescript/bin/tsc', '-p', 'tsconfig.json'],
  'types of the preload': ['typescript/bin/tsc', '-p', 'electron/preload/tsconfig.json'],
  'types of the page': [
    'svelte-check/bin/svelte-check',
    '--tsconfig',
    'renderer/tsconfig.json',
    '--fail-on-warnings',
    '--output',
    'human',
  ],
  lint: ['eslint/bin/eslint.js', '-c', 'build/eslint.config.js', '--max-warnings', '0', '.'],
  format: ['prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
  'unused code': ['knip/bin/knip.js', '--config', 'build/knip.json'],
};

/**
 * Runs one check to its end, and tells how it went.
 * @param {string} name
 * @returns {Promise<boolean>}
 */
async function passes(name) {
  const [program, ...args] = checks[name] ?? [''];
  const began = Date.now();
  const child = spawn(process.execPath, [`${root}/node_modules/${program}`, ...args], { cwd: root });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (printed += data));
  const [code] = await once(child, 'close');
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    code === 0 ? `ok      ${name} (${seconds} s)\n` : `FAILED  ${name} (${seconds} s)\n${printed}\n`,
  );
  return code === 0;
}

// Two at a time: most of them use one core, and some a gigabyte of memory.
const waiting = Object.keys(checks);
let failed = false;
const work = async () => {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (!(await passes(name))) failed = true;
  }
};
await Promise.all([work(), work()]);
process.exitCode = failed ? 1 : 0;
