#!/usr/bin/env node
/** `npx ipc-scope …` in a clone: makes sure that everything is built, then hands over to the terminal program. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** @param {string} relative */
const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

const setup = spawnSync(process.execPath, [path('../setup.mjs'), '--quiet'], {
  stdio: ['ignore', 'inherit', 'inherit'],
});
if (setup.status !== 0) process.exit(3);

const { main } = await import(new URL('../../dist/cli/ipc-scope.js', import.meta.url).href);
process.exitCode = await main(process.argv.slice(2));
