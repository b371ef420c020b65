/**
 * Vitest reporter: one JSON file with what test/run.js adds up, and names at the end. IPC_SCOPE_TEST_REPORT is its path.
 *
 * @typedef {{ name: string; message: string }} Failed
 * @typedef {{ passed: number; failed: Failed[]; skipped: string[]; second: Failed[] }} Report `second`: passed at the
 *   second attempt, with what went wrong at the first
 */
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** @param {ReadonlyArray<{ message?: string }>} errors */
const messageOf = (errors) => errors[0]?.message ?? '';

export default class SuiteReporter {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<{ message?: string; name?: string }>} unhandled errors that belong to no test
   */
  onTestRunEnd(modules, unhandled) {
    /** @type {Report} */
    const report = { passed: 0, failed: [], skipped: [], second: [] };
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      // A file that cannot be loaded, or a hook that fails, has no test of its own to fail.
      const suites = [module, ...module.children.allSuites()];
      for (const suite of suites) {
        const errors = suite.errors();
        if (errors.length > 0) report.failed.push({ name: file, message: messageOf(errors) });
      }
      for (const test of module.children.allTests()) {
        const name = `${file} > ${test.fullName}`;
        const result = test.result();
        const message = messageOf(result.errors ?? []);
        if (result.state === 'failed') report.failed.push({ name, message });
        else if (result.state !== 'passed') report.skipped.push(name);
        else {
          report.passed++;
          if (test.diagnostic()?.flaky) report.second.push({ name, message });
        }
      }
    }
    const slowest = modules
      .map((module) => ({
        file: relative(process.cwd(), module.moduleId),
        seconds: module.diagnostic().duration / 1000,
      }))
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 5);
    process.stdout.write(
      `\nslowest files: ${slowest.map(({ file, seconds }) => `${file} ${seconds.toFixed(1)} s`).join(', ')}\n`,
    );
    for (const error of unhandled)
      report.failed.push({ name: error.name ?? 'error', message: error.message ?? '' });
    writeFileSync(process.env['IPC_SCOPE_TEST_REPORT'] ?? '', JSON.stringify(report));
  }
}
