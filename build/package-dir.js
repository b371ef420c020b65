/**
 * `npm run package:dir`: the unpacked application for this system, in dist/package.
 * Where the Electron program is not installed, a stand-in file of the same name takes its place, so that everything
 * else about the package (archive, resources, helper, fuses) can be made and checked; that package does not open.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findElectron } from './launch/electron.js';

const root = fileURLToPath(new URL('..', import.meta.url));

const setup = spawnSync(process.execPath, [join(root, 'build/setup.mjs')], { stdio: 'inherit' });
if (setup.status !== 0) process.exit(1);

/** Marks the place of the fuses in the Electron program (electron/fuses, “fuse wire”): version, length, nine fuses. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = 9;

/** A folder shaped like Electron's, whose program only says what it is. */
function standInElectron() {
  const folder = join(root, 'dist/stand-in-electron');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'locales'), { recursive: true });
  const wire = Buffer.from([1, FUSES, ...Array.from({ length: FUSES }, () => '0'.charCodeAt(0))]);
  const script =
    '#!/bin/sh\necho "This package was made without the Electron program; it cannot be opened." >&2\nexit 1\n# ';
  writeFileSync(
    join(folder, 'electron'),
    Buffer.concat([Buffer.from(script + FUSE_SENTINEL), wire, Buffer.from('\n')]),
  );
  chmodSync(join(folder, 'electron'), 0o755);
  for (const file of ['version', 'LICENSE', 'LICENSES.chromium.html', 'resources.pak', 'icudtl.dat']) {
    writeFileSync(join(folder, file), file === 'version' ? '45.4.1' : '');
  }
  for (const language of ['en-US', 'ko', 'fr']) writeFileSync(join(folder, 'locales', `${language}.pak`), '');
  return folder;
}

const installed = findElectron();
// On macOS the program lies three folders deep in Electron.app.
const electronDist =
  installed === undefined
    ? standInElectron()
    : join(dirname(installed), process.platform === 'darwin' ? '../../..' : '.');
if (installed === undefined) {
  process.stdout.write(
    'The Electron program is not installed: packaging around a stand-in. The result cannot be opened.\n',
  );
}

const { build } = await import('electron-builder');
const { default: config } = await import('./electron-builder.js');
await build({ projectDir: root, dir: true, publish: 'never', config: { ...config, electronDist } });
