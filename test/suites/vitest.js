/** Runs one Vitest project and reads its result from the JSON report. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Longest time a suite may take, ms, so that a hang ends as a failure. */
const PATIENCE_MS = 15 * 60_000;

/** @typedef {{ status: string; fullName: string }} Assertion */
/** @typedef {{ testResults: { status: string; assertionResults: Assertion[] }[] }} Report */

/**
 * @param {string} root
 * @param {string} project
 * @param {{ browser: string | undefined; needsBrowser?: boolean; helper?: string }} options `helper`: another build of it
 * @returns {import('./ctest.js').SuiteResult}
 */
export function runVitest(root, project, { browser, needsBrowser = false, helper }) {
  if (needsBrowser && browser === undefined) {
    return { passed: 0, failed: 0, skipped: browserSpecs(root) };
  }
  const folder = join(root, 'dist/test-results');
  const report = join(folder, `${project}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(report, { force: true });
  const args = ['run', '-c', 'build/vitest.config.js', '--project', project, '--passWithNoTests=false'];
  const done = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...args,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: PATIENCE_MS,
      env: {
        ...process.env,
        ...(browser === undefined ? {} : { IPC_SCOPE_BROWSER: browser }),
        ...(helper === undefined ? {} : { IPC_SCOPE_HELPER: helper }),
      },
    },
  );
  /** @type {Report} */
  let result;
  try {
    result = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
  const tests = result.testResults.flatMap((file) => file.assertionResults);
  const count = (/** @type {string} */ status) => tests.filter((test) => test.status === status).length;
  // A file that cannot be loaded has no tests of its own to fail, and an unhandled rejection fails none either.
  const brokenFiles = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = count('failed') + brokenFiles.length;
  return {
    passed: count('passed'),
    failed: failed === 0 && done.status !== 0 ? 1 : failed,
    skipped: tests
      .filter((test) => ['pending', 'skipped', 'todo'].includes(test.status))
      .map((test) => test.fullName),
  };
}

/**
 * The specs of components, file by file: without a browser not even their names can be asked for.
 * @param {string} root
 */
function browserSpecs(root) {
  const files = readdirSync(join(root, 'renderer/src'), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.browser.test.ts'))
    .map((file) => `${file} (no Chrome, Chromium or Edge)`);
}
