/** Builds the native unit tests, plain or under a sanitizer, and runs them by CTest. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/**
 * @typedef {import('./reporter.js').Failed} Failed
 * @typedef {{ passed: number; failed: Failed[]; skipped: string[]; second?: Failed[] }} SuiteResult
 */

const kinds = {
  release: { options: ['-DCMAKE_BUILD_TYPE=Release'], labels: [], targets: [] },
  address: {
    options: ['-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_CXX_FLAGS_DEBUG=-g1', '-DIPC_SCOPE_SANITIZE=address'],
    labels: [],
    targets: [],
  },
  // Only what runs threads has anything to say under ThreadSanitizer.
  thread: {
    options: ['-DCMAKE_BUILD_TYPE=Debug', '-DCMAKE_CXX_FLAGS_DEBUG=-g1', '-DIPC_SCOPE_SANITIZE=thread'],
    labels: ['-R', 'ring'],
    targets: ['--target', 'ring_tests'],
  },
};

/**
 * @param {string} root
 * @param {keyof typeof kinds} kind
 * @returns {SuiteResult}
 */
export function runCTest(root, kind) {
  const { options, labels, targets } = kinds[kind];
  if (kind !== 'release' && process.platform === 'win32')
    return { passed: 0, failed: [], skipped: [`${kind} sanitizer`] };
  // Set-up has built most of the release build already.
  const tree = join(root, 'dist/cmake', kind === 'release' ? kind : `test-${kind}`);
  const step = (/** @type {string} */ command, /** @type {string[]} */ ...args) => {
    const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20 });
    if (done.status !== 0) process.stdout.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
    return done.status === 0;
  };
  const generator = existsSync(join(tree, 'CMakeCache.txt')) ? [] : ninja();
  const built =
    step('cmake', '-S', join(root, 'native'), '-B', tree, ...generator, '-DIPC_SCOPE_TESTS=ON', ...options) &&
    step('cmake', '--build', tree, ...targets, '--parallel', String(availableParallelism()));
  if (!built)
    return { passed: 0, failed: [{ name: `ctest ${kind}`, message: 'did not build' }], skipped: [] };
  const report = join(root, 'dist/test-results', `ctest-${kind}.xml`);
  mkdirSync(join(root, 'dist/test-results'), { recursive: true });
  rmSync(report, { force: true });
  step(
    'ctest',
    '--test-dir',
    tree,
    ...labels,
    '--output-on-failure',
    '--timeout',
    '120',
    '--output-junit',
    report,
  );
  const xml = existsSync(report) ? readFileSync(report, 'utf8') : '';
  const cases = [...xml.matchAll(/<testcase name="([^"]*)"[^>]*status="([^"]*)"/g)].map(
    ([, name = '', status]) => ({ name: `ctest ${kind}: ${name}`, status }),
  );
  const failed = cases
    .filter(({ status }) => status === 'fail')
    .map(({ name }) => ({ name, message: 'see its output above' }));
  if (cases.length === 0) failed.push({ name: `ctest ${kind}`, message: 'ran no test' });
  return {
    passed: cases.filter(({ status }) => status === 'run').length,
    failed,
    skipped: cases.filter(({ status }) => status !== 'run' && status !== 'fail').map(({ name }) => name),
  };
}

/** Ninja where there is one: it builds the same, sooner. */
function ninja() {
  return spawnSync('ninja', ['--version'], { stdio: 'ignore' }).status === 0 ? ['-G', 'Ninja'] : [];
}
