/** Whether the desktop app can be opened here: a screen, an Electron binary, and a Node that can fetch one. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Path of the Electron program that npm installed, or undefined where only its JavaScript is there. */
export function findElectron(env = process.env, platform = process.platform) {
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  let folder;
  try {
    folder =
      override ?? join(dirname(createRequire(import.meta.url).resolve('electron/package.json')), 'dist');
  } catch {
    return undefined;
  }
  const name =
    platform === 'darwin'
      ? 'Electron.app/Contents/MacOS/Electron'
      : platform === 'win32'
        ? 'electron.exe'
        : 'electron';
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
}

/** Whether a window can be shown: macOS and Windows have one, Linux needs an X or Wayland display. */
export function hasScreen(env = process.env, platform = process.platform) {
  if (platform !== 'linux') return true;
  return [env.DISPLAY, env.WAYLAND_DISPLAY].some((name) => name !== undefined && name !== '');
}

/** Electron's installer needs Node 22.12; the app itself brings its own Node. */
export function nodeCanFetchElectron(node = process.versions.node) {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12);
}

/** Why the desktop app cannot be opened, in one sentence; undefined where it can. */
export function whyNoDesktop(env = process.env, platform = process.platform, node = process.versions.node) {
  if (!hasScreen(env, platform))
    return 'there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)';
  if (findElectron(env, platform) !== undefined) return undefined;
  return nodeCanFetchElectron(node)
    ? 'the Electron program is not installed (“npx install-electron” fetches it)'
    : `the Electron program is not installed, and its installer needs Node 22.12 or newer (this is ${node})`;
}
