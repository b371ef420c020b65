import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder, helperPath, ownFolder } from './folders.ts';

describe('the data folder', () => {
  it('follows the conventions of the system', () => {
    expect(dataFolder('linux', {}, '/home/a')).toBe('/home/a/.local/share/ipc-scope');
    expect(dataFolder('linux', { XDG_DATA_HOME: '/data' }, '/home/a')).toBe('/data/ipc-scope');
    expect(dataFolder('darwin', {}, '/Users/a')).toBe('/Users/a/Library/Application Support/IPC Scope');
    expect(dataFolder('win32', { APPDATA: 'C:\\Users\\a\\AppData\\Roaming' }, 'C:\\Users\\a')).toBe(
      'C:\\Users\\a\\AppData\\Roaming\\IPC Scope',
    );
    expect(dataFolder('win32', {}, 'C:\\Users\\a')).toBe('C:\\Users\\a\\AppData\\Roaming\\IPC Scope');
  });

  it('ignores a relative XDG_DATA_HOME, as its specification asks, and an empty variable', () => {
    expect(dataFolder('linux', { XDG_DATA_HOME: 'here' }, '/home/a')).toBe('/home/a/.local/share/ipc-scope');
    expect(dataFolder('linux', { IPC_SCOPE_DATA: '' }, '/home/a')).toBe('/home/a/.local/share/ipc-scope');
  });

  it('is where IPC_SCOPE_DATA says', () => {
    expect(dataFolder('win32', { IPC_SCOPE_DATA: 'D:\\x' }, 'C:\\')).toBe('D:\\x');
  });

  it.skipIf(process.platform === 'win32')('is made for its owner alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ipc-scope-test-'));
    const path = join(folder, 'a', 'b');
    await ownFolder(path);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    await rm(folder, { recursive: true });
  });
});

describe('the helper’s path', () => {
  const place = { root: '/clone', platform: 'linux', arch: 'x64', env: {} };
  it('is in the clone, or in the resources of a packaged app, by system and architecture', () => {
    expect(helperPath(place)).toBe('/clone/dist/native/linux-x64/ipc-helper');
    expect(helperPath({ ...place, platform: 'darwin', arch: 'arm64', resourcesPath: '/App/Resources' })).toBe(
      '/App/Resources/native/mac-arm64/ipc-helper',
    );
    expect(helperPath({ ...place, root: 'C:\\clone', platform: 'win32' })).toBe(
      'C:\\clone\\dist\\native\\win-x64\\ipc-helper.exe',
    );
  });

  it('is what IPC_SCOPE_HELPER says', () => {
    expect(helperPath({ ...place, env: { IPC_SCOPE_HELPER: '/tmp/h' } })).toBe('/tmp/h');
  });
});
