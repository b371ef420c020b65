/** Runs one Vitest project and reads what its reporter wrote. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Longest time a suite may take, ms, so that a hang ends as a failure. */
const PATIENCE_MS = 15 * 60_000;

/**
 * @param {string} root
 * @param {string} project
 * @param {{ browser: string | undefined; needsBrowser?: boolean; helper?: string; only?: string[]; without?: string[]; sideBySide?: boolean }} options
 *   `helper`: another build of it; `only`, `without`: files; `sideBySide`: several files at a time
 * @returns {import('./ctest.js').SuiteResult}
 */
export function runVitest(
  root,
  project,
  { browser, needsBrowser = false, helper, only = [], without = [], sideBySide = false },
) {
  if (needsBrowser && browser === undefined) {
    return { passed: 0, failed: [], skipped: browserSpecs(root) };
  }
  const folder = join(root, 'dist/test-results');
  const path = join(folder, `${project}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(path, { force: true });
  const done = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vitest/vitest.mjs'),
      ...['run', '-c', 'build/vitest.config.js', '--project', project, '--passWithNoTests=false'],
      ...only,
      ...without.flatMap((file) => ['--exclude', file]),
      ...['--reporter=dot', `--reporter=${join(root, 'test/suites/reporter.js')}`],
    ],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: PATIENCE_MS,
      env: {
        ...process.env,
        IPC_SCOPE_TEST_REPORT: path,
        ...(browser === undefined ? {} : { IPC_SCOPE_BROWSER: browser }),
        ...(helper === undefined ? {} : { IPC_SCOPE_HELPER: helper }),
        ...(sideBySide ? { IPC_SCOPE_SIDE_BY_SIDE: '1' } : {}),
      },
    },
  );
  const ended = done.signal === null ? `exit code ${done.status}` : `${done.signal}`;
  /** @type {import('./reporter.js').Report} */
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: [{ name: project, message: `no report (${ended})` }], skipped: [] };
  }
  if (report.failed.length === 0 && done.status !== 0) report.failed.push({ name: project, message: ended });
  return report;
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
