/** The steps of set-up, each skipped when nothing it depends on has changed. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, chmodSync, mkdirSync, renameSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fingerprint, unlessDone } from './fingerprint.mjs';
import { Refusal, say } from './say.mjs';

/**
 * Runs a program and shows what it printed only when it failed; a build log of hundreds of lines helps nobody.
 * @param {string} what
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string; shell?: boolean }} options
 */
function run(what, command, args, options = {}) {
  const began = Date.now();
  const done = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 << 20, ...options });
  if (done.error !== undefined || done.status !== 0) {
    process.stderr.write(`${done.stdout ?? ''}${done.stderr ?? ''}`);
    throw new Refusal(
      `${what} failed (${done.error?.message ?? `exit ${done.status}`}); the reason stands above.`,
    );
  }
  say(`${what}: done in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

/**
 * `npm ci`, when the lock file changed or node_modules is missing.
 * @param {string} root
 */
export function installPackages(root) {
  const digest = fingerprint(root, ['package-lock.json'], process.versions.modules);
  unlessDone(
    join(root, 'node_modules/.ipc-scope-lock'),
    digest,
    join(root, 'node_modules/.package-lock.json'),
    () => {
      say('installing packages (npm ci)');
      // npm is a script, not a program, on Windows. Warnings about the Node that Electron's own installer wants are
      // left out here: build/launch/electron.js says it where it matters.
      run('npm ci', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: root,
        shell: process.platform === 'win32',
      });
    },
  );
}

/**
 * Where packaged and unpackaged programs look for the helper: electron-builder's names of system and processor.
 * @param {string} root
 */
export function helperFolder(root, platform = process.platform, arch = process.arch) {
  const os = platform === 'darwin' ? 'mac' : platform === 'win32' ? 'win' : platform;
  return join(root, 'dist/native', `${os}-${arch}`);
}

/**
 * Builds the native helper with CMake, when its sources changed; the compiler is only asked for when it is needed.
 * @param {string} root
 * @param {() => void} checkCompiler
 */
export function buildHelper(root, checkCompiler) {
  const tree = join(root, 'dist/cmake/release');
  const name = process.platform === 'win32' ? 'ipc-helper.exe' : 'ipc-helper';
  const output = join(helperFolder(root), name);
  const digest = fingerprint(root, ['native/CMakeLists.txt', 'native/src'], process.arch);
  unlessDone(join(root, 'dist/.helper'), digest, output, () => {
    checkCompiler();
    say('building the measuring helper (C++)');
    const config = [
      '-S',
      join(root, 'native'),
      '-B',
      tree,
      '-DCMAKE_BUILD_TYPE=Release',
      '-DIPC_SCOPE_TESTS=OFF',
    ];
    run('cmake', 'cmake', config);
    run('helper', 'cmake', [
      '--build',
      tree,
      '--config',
      'Release',
      '--parallel',
      String(availableParallelism()),
    ]);
    mkdirSync(helperFolder(root), { recursive: true });
    // Renamed into place: a running helper cannot be overwritten, and nobody ever sees half a file.
    const built = process.platform === 'win32' ? join(tree, 'Release', name) : join(tree, name);
    copyFileSync(built, `${output}.new`);
    chmodSync(`${output}.new`, 0o755);
    renameSync(`${output}.new`, output);
  });
}

/**
 * Bundles page, terminal, desktop and preload, when their sources changed.
 * @param {string} root
 */
export function bundlePrograms(root) {
  const inputs = ['electron', 'renderer', 'build/bundle.js', 'build/svelte.config.js', 'package-lock.json'];
  const digest = fingerprint(root, inputs);
  unlessDone(join(root, 'dist/.programs'), digest, join(root, 'dist/renderer/index.html'), () => {
    say('bundling the programs');
    run('bundle', process.execPath, [join(root, 'build/bundle.js')], { cwd: root });
  });
}
