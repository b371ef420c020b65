/** Where the app keeps its data and finds its helper, by system. */
import { mkdir } from 'node:fs/promises';
import { posix, win32 } from 'node:path';

/** `process.env`, or what a test puts in its place. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of runs and settings: where the system's own conventions put it, or IPC_SCOPE_DATA. */
export function dataFolder(platform: string, env: Environment, home: string): string {
  const own = env['IPC_SCOPE_DATA'];
  if (own !== undefined && own !== '') return own;
  if (platform === 'win32') {
    const roaming = env['APPDATA'] || win32.join(home, 'AppData', 'Roaming');
    return win32.join(roaming, 'IPC Scope');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'IPC Scope');
  // XDG Base Directory Specification: a relative path in the variable is to be ignored.
  const xdg = env['XDG_DATA_HOME'];
  const base = xdg !== undefined && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'share');
  return posix.join(base, 'ipc-scope');
}

export interface HelperPlace {
  /** Set in a packaged app only: Electron's resources folder. */
  resourcesPath?: string;
  /** The clone's folder, for everything that is not packaged. */
  root: string;
  platform: string;
  arch: string;
  env: Environment;
}

const SYSTEMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'mac', win32: 'win' };

/** Path of the helper's executable: IPC_SCOPE_HELPER, the packaged one, or the one built in the clone. */
export function helperPath({ resourcesPath, root, platform, arch, env }: HelperPlace): string {
  const own = env['IPC_SCOPE_HELPER'];
  if (own !== undefined && own !== '') return own;
  const { join } = platform === 'win32' ? win32 : posix;
  const folder = `${SYSTEMS[platform] ?? platform}-${arch}`;
  const name = platform === 'win32' ? 'ipc-helper.exe' : 'ipc-helper';
  return resourcesPath === undefined
    ? join(root, 'dist', 'native', folder, name)
    : join(resourcesPath, 'native', folder, name);
}

/** Makes a folder that only its owner can read: recordings may hold paths and process names. */
export async function ownFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}
