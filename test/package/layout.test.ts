/** The packaged folder, as `npm run package:dir` makes it: what is in it, where the app will look for it, its fuses. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { beforeAll, describe, expect, it } from 'vitest';
import { helperPath } from '../../electron/engine/folders.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'dist/package/linux-unpacked');
const resources = join(folder, 'resources');

describe.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
  'the packaged folder for Linux',
  () => {
    beforeAll(() => {
      const made = spawnSync(process.execPath, [join(root, 'build/package-dir.js')], { encoding: 'utf8' });
      expect(made.status, made.stdout + made.stderr).toBe(0);
    }, 120_000);

    it('holds the helper where the packaged app looks for it, and it runs from there', () => {
      const helper = helperPath({
        resourcesPath: resources,
        root: '/nowhere',
        platform: 'linux',
        arch: 'x64',
        env: {},
      });
      expect(helper.startsWith(resources)).toBe(true);
      expect(statSync(helper).mode & 0o111).toBe(0o111);
      const described = spawnSync(helper, ['describe'], { encoding: 'utf8' });
      expect(JSON.parse(described.stdout)).toMatchObject({ t: 'describe', protocol: 1 });
    });

    it('holds the programs in its archive, and nothing that is not needed', () => {
      const archive = join(resources, 'app.asar');
      const files = listPackage(archive, { isPack: false });
      for (const file of [
        '/package.json',
        '/dist/desktop/main.js',
        '/dist/preload/preload.cjs',
        '/dist/renderer/index.html',
      ]) {
        expect(files).toContain(file);
      }
      expect(files.filter((file) => /node_modules|\.map$|\.ts$|\/test\//.test(file))).toEqual([]);
      const main = extractFile(archive, 'dist/desktop/main.js');
      expect(main.equals(readFileSync(join(root, 'dist/desktop/main.js')))).toBe(true);
      expect(JSON.parse(extractFile(archive, 'package.json').toString())).toMatchObject({
        main: 'dist/desktop/main.js',
      });
    });

    it('has its fuses set: no Node mode, no debugging switches, only the archive is loaded', async () => {
      const wire = await getCurrentFuseWire(join(folder, 'ipc-scope'));
      const state = (fuse: FuseV1Options): string => String.fromCharCode(wire[fuse] ?? 0);
      expect(state(FuseV1Options.RunAsNode)).toBe('0');
      expect(state(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe('0');
      expect(state(FuseV1Options.EnableNodeCliInspectArguments)).toBe('0');
      expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe('1');
      expect(state(FuseV1Options.EnableEmbeddedAsarIntegrityValidation)).toBe('1');
      expect(state(FuseV1Options.GrantFileProtocolExtraPrivileges)).toBe('0');
    });

    it('carries the languages of the app and no other', () => {
      const locales = readdirSync(join(folder, 'locales')).sort();
      expect(locales).toEqual(['en-US.pak', 'ko.pak']);
      expect(existsSync(join(folder, 'ipc-scope'))).toBe(true);
    });
  },
);
