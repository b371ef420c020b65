/** Runs one Vitest project and reads what its reporter wrote. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Longest time a suite may take, ms, so that a hang ends as a failure. */
const PATIENCE_MS = 15 * 60_000;

/**
 * @param {string} root
 * @param {string} project
 * @param {{ browser: string | undefined; needsBrowser?: boolean; helper?: string; only?: string[]; without?: string[]; sideBySide?: number; print?: ((text: string) => void) | undefined }} options
 *   `helper`: another build of it; `only`, `without`: files; `sideBySide`: how many files at a time; `print`: takes
 *   what it says in one piece at its end, so that it is not mixed with what another suite says meanwhile
 * @returns {Promise<import('./ctest.js').SuiteResult>}
 */
export async function runVitest(
  root,
  project,
  { browser, needsBrowser = false, helper, only = [], without = [], sideBySide = 1, print },
) {
  if (needsBrowser && browser === undefined) {
    return { passed: 0, failed: [], skipped: browserSpecs(root) };
  }
  const folder = join(root, 'dist/test-results');
  const path = join(folder, `${project}.json`);
  mkdirSync(folder, { recursive: true });
  rmSync(path, { force: true });
  const child = spawn(
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
      stdio: print === undefined ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
      timeout: PATIENCE_MS,
      env: {
        ...process.env,
        IPC_SCOPE_TEST_REPORT: path,
        ...(browser === undefined ? {} : { IPC_SCOPE_BROWSER: browser }),
        ...(helper === undefined ? {} : { IPC_SCOPE_HELPER: helper }),
        ...(sideBySide > 1 ? { IPC_SCOPE_SIDE_BY_SIDE: String(sideBySide) } : {}),
      },
    },
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (said += text));
  }
  const { status, signal } = await new Promise((resolve) =>
    child.on('close', (status, signal) => resolve({ status, signal })),
  );
  print?.(said);
  const ended = signal === null ? `exit code ${status}` : `${signal}`;
  /** @type {import('./reporter.js').Report} */
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failed: [{ name: project, message: `no report (${ended})` }], skipped: [] };
  }
  if (report.failed.length === 0 && status !== 0) report.failed.push({ name: project, message: ended });
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
