/** Set-up as a newcomer meets it: what is missing is said in one sentence; what is done is not done again. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findElectron, whyNoDesktop } from '../../build/launch/electron.js';
import { findBrowser } from '../../build/setup/browser.mjs';
import { fingerprint, unlessDone } from '../../build/setup/fingerprint.mjs';
import { checkCompiler, checkNode } from '../../build/setup/requirements.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ipc-scope-setup-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('requirements', () => {
  it.each(['18.20.4', '20.18.3', '16.0.0'])('Node %s is refused with the version to install', (version) => {
    expect(() => checkNode(version)).toThrow(/Node .* is too old; install Node 20\.19 or newer/);
  });

  it.each(['20.19.0', '20.20.2', '22.12.0', '24.0.0'])('Node %s is taken', (version) => {
    expect(() => checkNode(version)).not.toThrow();
  });

  it.skipIf(process.platform === 'win32')('a machine without CMake or compiler is told the package', () => {
    const path = process.env['PATH'];
    try {
      process.env['PATH'] = folder;
      expect(() => checkCompiler('linux', {})).toThrow(/CMake was not found.*apt install cmake/);
      const cmake = spawnSync('/bin/sh', ['-c', 'command -v cmake'], {
        env: { PATH: path },
        encoding: 'utf8',
      });
      symlinkSync(cmake.stdout.trim(), join(folder, 'cmake'));
      expect(() => checkCompiler('linux', {})).toThrow(/No C\+\+ compiler was found.*apt install g\+\+/);
    } finally {
      process.env['PATH'] = path;
    }
  });
});

describe('steps', () => {
  it('are done again only when an input changed, and never stamped when they failed', () => {
    mkdirSync(join(folder, 'source'));
    writeFileSync(join(folder, 'source/a.cpp'), 'one');
    const stamp = join(folder, 'out/.stamp');
    const digest = (): string => fingerprint(folder, ['source']);
    const done = (step: () => void): boolean => unlessDone(stamp, digest(), join(folder, 'source'), step);
    expect(() =>
      done(() => {
        throw new Error('compiler error');
      }),
    ).toThrow('compiler error');
    expect(done(() => undefined)).toBe(true);
    expect(done(() => undefined)).toBe(false);
    writeFileSync(join(folder, 'source/a.cpp'), 'two');
    expect(done(() => undefined)).toBe(true);
  });

  it('say nothing and take less than two seconds when nothing changed', () => {
    const began = Date.now();
    const again = spawnSync(process.execPath, [join(root, 'build/setup.mjs')], { encoding: 'utf8' });
    expect(again).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(Date.now() - began).toBeLessThan(2000);
  });
});

describe('where the desktop app cannot be opened, the reason', () => {
  it('is the missing screen on a server', () => {
    expect(whyNoDesktop({}, 'linux', '22.12.0')).toMatch(/no screen/);
  });

  it('is the missing program where there is a screen, with what fetches it', () => {
    const env = { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: folder };
    expect(whyNoDesktop(env, 'linux', '22.12.0')).toMatch(/install-electron/);
    expect(whyNoDesktop(env, 'linux', '20.19.0')).toMatch(/needs Node 22\.12/);
  });

  it('does not exist where program and screen are there', () => {
    writeFileSync(join(folder, 'electron'), '');
    const env = { WAYLAND_DISPLAY: 'wayland-0', ELECTRON_OVERRIDE_DIST_PATH: folder };
    expect(whyNoDesktop(env, 'linux', '20.19.0')).toBeUndefined();
    expect(findElectron(env, 'linux')).toBe(join(folder, 'electron'));
  });
});

describe('the browser for the tests', () => {
  it('is any that is on PATH, or the one that was named', () => {
    writeFileSync(join(folder, 'microsoft-edge'), '');
    expect(findBrowser({ PATH: folder }, 'linux')).toBe(join(folder, 'microsoft-edge'));
    expect(findBrowser({ PATH: '' }, 'linux')).toBeUndefined();
    expect(findBrowser({ PATH: folder, IPC_SCOPE_BROWSER: '/nowhere/chrome' }, 'linux')).toBeUndefined();
  });
});
