/** Fetches the Electron program for `npm start`, where it could be shown and is not there yet. Never a reason to stop. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findElectron, hasScreen, nodeCanFetchElectron } from '../launch/electron.js';
import { say } from './say.mjs';

/** Longest wait for the download, ms; after it the app is served on localhost instead. */
const PATIENCE_MS = 300_000;

/** @param {string} root */
export function fetchElectron(root) {
  const installer = join(root, 'node_modules/electron/install.js');
  if (!hasScreen() || findElectron() !== undefined || !nodeCanFetchElectron() || !existsSync(installer))
    return;
  say('fetching the Electron program (about 120 MB, once)');
  const done = spawnSync(process.execPath, [installer], {
    cwd: root,
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });
  if (done.status !== 0) {
    const reason = (done.stderr || done.error?.message || '').trim().split('\n')[0] ?? '';
    say(`the Electron program could not be fetched: ${reason}`, { always: true });
  }
}
