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
 * @typedef {import('./suites/ctest.js').SuiteResult} SuiteResult
 * @typedef {(print?: (text: string) => void) => SuiteResult | Promise<SuiteResult>} Suite `print`: where it is not alone
 */
/** @type {Record<string, Suite>} */
const suites = {
  ctest: () => runCTest(root, 'release'),
  'ctest-address': () => runCTest(root, 'address'),
  'ctest-thread': () => runCTest(root, 'thread'),
  unit: (print) => runVitest(root, 'unit', { browser, print }),
  setup: (print) => runVitest(root, 'setup', { browser, print }),
  helper: (print) => runVitest(root, 'helper', { browser, print, only: timed }),
  'helper-together': (print) => runVitest(root, 'helper', { browser, print, without: timed, sideBySide: 5 }),
  // Whole sessions of the build with AddressSanitizer and UBSan, which ctest-address has made.
  'helper-address': (print) =>
    runVitest(root, 'helper', {
      browser,
      print,
      helper: `${root}dist/cmake/test-address/ipc-helper`,
      without: driven,
      sideBySide: 5,
    }),
  engine: (print) => runVitest(root, 'engine', { browser, print }),
  cli: (print) => runVitest(root, 'cli', { browser, print }),
  web: (print) => runVitest(root, 'web', { browser, print }),
  components: (print) => runVitest(root, 'components', { browser, print, needsBrowser: true }),
  page: (print) => runVitest(root, 'page', { browser, print, sideBySide: 2 }),
  desktop: (print) => runVitest(root, 'desktop', { browser, print }),
  package: (print) => runVitest(root, 'package', { browser, print }),
  electron: (print) => runElectron(root, print),
};

/**
 * The order in which they run: what breaks first comes first. Lanes of one stage run beside each other: only one of them
 * has tests that look for what is left behind in the whole system, or that go by rates.
 */
const stages = [
  [['ctest', 'ctest-address', 'ctest-thread', 'helper', 'helper-together', 'helper-address']],
  [
    ['engine', 'cli'],
    ['unit', 'components', 'setup', 'package'],
  ],
  [['page']],
  [['desktop', 'web', 'electron']],
];

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

/**
 * @param {string} name
 * @param {boolean} alone
 */
async function runSuite(name, alone) {
  const run = suites[name];
  if (run === undefined || (only !== undefined && !only.includes(name))) return;
  const print = (/** @type {string} */ text) => void process.stdout.write(`\n── ${name}\n${text}`);
  if (alone) print('');
  const began = Date.now();
  const { passed, failed, skipped, second: again = [] } = await run(alone ? undefined : print);
  total.passed += passed;
  total.skipped += skipped.length;
  failures.push(...failed);
  second.push(...again);
  for (const test of skipped) process.stdout.write(`skipped: ${name}: ${test}\n`);
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  process.stdout.write(
    `${name}: ${passed} passed, ${failed.length} failed, ${skipped.length} skipped (${seconds} s)\n`,
  );
}

for (const lanes of stages) {
  await Promise.all(
    lanes.map(async (lane) => {
      for (const name of lane) await runSuite(name, lanes.length === 1);
    }),
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
