/** `npm start`: opens the desktop app, or says in one line why it cannot and serves the same app on localhost. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findElectron, whyNoDesktop } from './electron.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const electron = findElectron();
const reason = whyNoDesktop();

if (reason === undefined && electron !== undefined) {
  // Chromium refuses to sandbox for root; everything else about the window stays as it is.
  const asRoot = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(electron, [...asRoot, root, ...process.argv.slice(2)], { stdio: 'inherit' });
  process.on('SIGINT', () => child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`The desktop app could not be started: ${error.message}\n`);
    process.exitCode = 3;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} else {
  process.stderr.write(
    `The desktop app cannot be opened: ${reason}. Serving the same app on localhost instead.\n`,
  );
  const { main } = await import(new URL('../../dist/cli/ipc-scope.js', import.meta.url).href);
  process.exitCode = await main(['serve', ...process.argv.slice(2)]);
}
