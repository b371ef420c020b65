/**
 * Makes a fresh clone ready: checks Node and the compiler, installs packages, builds the helper and the programs.
 * Plain Node, no dependency: it runs before anything is installed, and on Nodes too old for the rest, so that it can
 * say what is missing in one sentence. Each step is skipped when nothing it depends on has changed.
 *   node build/setup.mjs [--app | --tests] [--quiet]
 * --app also fetches the Electron program where there is a screen; --tests looks for a browser and, on Debian as
 * root, installs one.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './setup/browser.mjs';
import { fetchElectron } from './setup/electron.mjs';
import { buildHelper, bundlePrograms, installPackages } from './setup/steps.mjs';
import { checkCompiler, checkNode } from './setup/requirements.mjs';
import { Refusal, say, setQuiet } from './setup/say.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
setQuiet(process.argv.includes('--quiet'));

try {
  checkNode(process.versions.node);
  installPackages(root);
  if (!existsSync(`${root}/native/CMakeLists.txt`))
    throw new Refusal('native/ is missing: this clone is not whole.');
  buildHelper(root, checkCompiler);
  bundlePrograms(root);
  if (process.argv.includes('--app')) fetchElectron(root);
  if (process.argv.includes('--tests')) ensureBrowser();
} catch (thrown) {
  if (!(thrown instanceof Refusal)) throw thrown;
  say(thrown.message, { always: true });
  process.exitCode = 1;
}
