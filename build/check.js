/**
 * `npm run check`: types, lint with the layer rules, format and unused code. Everything is run and every finding
 * shown, so that one run tells all there is to mend.
 */
import { spawnSync } from 'node:child_process';
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

let failed = 0;
for (const [name, [program, ...args]] of Object.entries(checks)) {
  const began = Date.now();
  const done = spawnSync(process.execPath, [`${root}/node_modules/${program}`, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  if (done.status === 0) {
    process.stdout.write(`ok      ${name} (${seconds} s)\n`);
  } else {
    failed++;
    process.stdout.write(`FAILED  ${name} (${seconds} s)\n${done.stdout}${done.stderr}\n`);
  }
}
process.exitCode = failed === 0 ? 0 : 1;
