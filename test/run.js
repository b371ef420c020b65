/**
 * `npm test`: every suite there is, then one line `N passed, N failed, N skipped` over all of them.
 * What could not be run is counted as skipped and named, never passed over in silence.
 *   node test/run.js [--only unit,helper,ctest,…]
 */
import { fileURLToPath } from 'node:url';
import { findBrowser } from '../build/setup/browser.mjs';
import { runCTest } from './suites/ctest.js';
import { runElectron } from './suites/electron.js';
import { kernelObjects } from './suites/left-behind.js';
import { runVitest } from './suites/vitest.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const only = process.argv.includes('--only')
  ? process.argv[process.argv.indexOf('--only') + 1]?.split(',')
  : undefined;
const browser = findBrowser();

/** Tests of the helper that go by rates and durations: each of these files has the machine for itself. */
const timed = [
  'multicast',
  'queues',
  'rpc-session',
  'sessions',
  'signals',
  'sockets',
  'standstill',
  'synchronising',
].map((name) => `test/helper/${name}.test.ts`);

/** Tests of the helper whose channels others drive as well: a sanitizer has nothing further to say of them. */
const driven = [
  ...[
    'bad-input',
    'clock',
    'commands',
    'contract',
    'life',
    'limits',
    'queues',
    'sockets',
    'standstill',
    'surroundings',
  ],
  ...['synchronising', 'system-calls'],
].map((name) => `test/helper/${name}.test.ts`);

/**
 * Suites in the order of what breaks first.
 * @type {Record<string, () => import('./suites/ctest.js').SuiteResult>}
 */
const suites = {
  ctest: () => runCTest(root, 'release'),
  'ctest-address': () => runCTest(root, 'address'),
  'ctest-thread': () => runCTest(root, 'thread'),
  unit: () => runVitest(root, 'unit', { browser }),
  setup: () => runVitest(root, 'setup', { browser }),
  helper: () => runVitest(root, 'helper', { browser, only: timed }),
  'helper-together': () => runVitest(root, 'helper', { browser, without: timed, sideBySide: true }),
  // Whole sessions of the build with AddressSanitizer and UBSan, which ctest-address has made.
  'helper-address': () =>
    runVitest(root, 'helper', {
      browser,
      helper: `${root}dist/cmake/test-address/ipc-helper`,
      without: driven,
      sideBySide: true,
    }),
  engine: () => runVitest(root, 'engine', { browser }),
  cli: () => runVitest(root, 'cli', { browser }),
  web: () => runVitest(root, 'web', { browser }),
  components: () => runVitest(root, 'components', { browser, needsBrowser: true }),
  page: () => runVitest(root, 'page', { browser }),
  desktop: () => runVitest(root, 'desktop', { browser }),
  package: () => runVitest(root, 'package', { browser }),
  electron: () => runElectron(root),
};

const unknown = only?.filter((name) => !(name in suites)) ?? [];
if (unknown.length > 0) {
  process.stderr.write(
    `There is no suite ${unknown.join(', ')}; there are ${Object.keys(suites).join(', ')}.\n`,
  );
  process.exit(2);
}

const before = new Set(kernelObjects(root));
const total = { passed: 0, skipped: 0 };
/** @type {import('./suites/ctest.js').Failed[]} */
const failures = [];
/** @type {import('./suites/ctest.js').Failed[]} */
const second = [];
for (const [name, run] of Object.entries(suites)) {
  if (only !== undefined && !only.includes(name)) continue;
  process.stdout.write(`\n── ${name}\n`);
  const began = Date.now();
  const result = run();
  const { passed, failed, skipped } = result;
  total.passed += passed;
  total.skipped += skipped.length;
  failures.push(...failed);
  second.push(...(result.second ?? []));
  for (const test of skipped) process.stdout.write(`skipped: ${name}: ${test}\n`);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    `${name}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped (${seconds} s)\n`,
  );
}

// A test that leaves anything behind has failed, whatever it asserted.
const left = kernelObjects(root).filter((name) => !before.has(name));
if (left.length > 0) failures.push({ name: 'left behind', message: left.join(', ') });

for (const { name, message } of second) {
  process.stdout.write(`\npassed at the second attempt: ${name}\n  ${message}\n`);
}
for (const { name, message } of failures) process.stdout.write(`\nFAILED: ${name}\n  ${message}\n`);
process.stdout.write(`\n${total.passed} passed, ${failures.length} failed, ${total.skipped} skipped\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
