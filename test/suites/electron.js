/** The end-to-end specs in real Electron, where its program is there; one plain line where it is not. */
import { findElectron, whyNoDesktop } from '../../build/launch/electron.js';
import { runVitest } from './vitest.js';

/**
 * @param {string} root
 * @param {((text: string) => void) | undefined} print where another suite runs beside it
 * @returns {Promise<import('./ctest.js').SuiteResult>}
 */
export async function runElectron(root, print) {
  const reason = whyNoDesktop();
  if (reason !== undefined) {
    (print ?? ((text) => process.stdout.write(text)))(`Not run in real Electron: ${reason}.\n`);
    return { passed: 0, failed: [], skipped: [`the desktop specs in real Electron (${reason})`] };
  }
  process.env['IPC_SCOPE_ELECTRON'] = findElectron();
  return runVitest(root, 'electron', { browser: undefined, print });
}
