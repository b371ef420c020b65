/**
 * Test suites, one project each; test/run.js runs them all and adds up the results.
 * Browser suites need a Chrome, Chromium or Edge: IPC_SCOPE_BROWSER holds its path.
 */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
const browser = process.env['IPC_SCOPE_BROWSER'];

/** Files of a suite that run at a time (test/run.js). */
const sideBySide = Number(process.env['IPC_SCOPE_SIDE_BY_SIDE'] ?? 1);

/**
 * Suites that start real processes share the cores badly: one file at a time, but those where nothing is timed. What a
 * busy machine upset is tried once more, and named at the end (test/run.js): a test that needed it is a test to mend.
 */
const real = {
  environment: /** @type {const} */ ('node'),
  testTimeout: 30_000,
  hookTimeout: 60_000,
  fileParallelism: sideBySide > 1,
  maxWorkers: sideBySide,
  retry: 1,
};

export default defineConfig({
  root,
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: [
            'electron/**/*.test.ts',
            'renderer/src/**/*.test.ts',
            'build/**/*.test.ts',
            'test/bench/**/*.test.ts',
          ],
          exclude: ['**/*.browser.test.ts'],
        },
        plugins: [svelte({ configFile: `${root}/build/svelte.config.js` })],
      },
      {
        plugins: [svelte({ configFile: `${root}/build/svelte.config.js` })],
        test: {
          name: 'components',
          include: ['renderer/src/**/*.browser.test.ts'],
          // Other suites run beside this one.
          expect: { poll: { timeout: 5000 } },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: {
                ...(browser === undefined ? {} : { executablePath: browser }),
                args: [
                  '--no-sandbox',
                  '--disable-gpu',
                  '--disable-quic',
                  '--no-first-run',
                  '--disable-background-networking',
                  '--disable-component-update',
                  '--disable-sync',
                ],
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      ...['helper', 'engine', 'cli', 'web', 'page', 'desktop', 'electron', 'setup', 'package'].map(
        (name) => ({
          test: { name, include: [`test/${name}/**/*.test.ts`], ...real },
        }),
      ),
    ],
  },
});
