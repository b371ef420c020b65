/** What goes into the packages, by electron-builder; used by build/package-dir.js and `npx electron-builder -c`. */
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'io.github.ipc-scope',
  productName: 'IPC Scope',
  copyright: 'Copyright © 2026 IPC Scope maintainers',
  directories: { output: `${root}dist/package`, buildResources: `${root}build/resources` },
  // Everything is bundled: no node_modules are needed.
  files: [
    'dist/desktop/main.js',
    'dist/preload/preload.cjs',
    'dist/renderer/**',
    '!**/*.map',
    '!node_modules/**',
  ],
  asar: true,
  npmRebuild: false,
  electronLanguages: ['en', 'ko'],
  // The helper lies outside the archive, since a program inside one cannot be executed.
  extraResources: [{ from: `${root}dist/native/\${os}-\${arch}`, to: 'native/${os}-${arch}' }],
  electronFuses: {
    runAsNode: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    enableCookieEncryption: false,
  },
  linux: {
    target: ['deb', 'AppImage', 'rpm'],
    category: 'Education',
    executableName: 'ipc-scope',
    synopsis: 'An oscilloscope for interprocess communication',
    icon: `${root}build/resources/icon.png`,
    maintainer: 'IPC Scope maintainers <ipc-scope@localhost>',
  },
  win: { target: [{ target: 'nsis', arch: ['x64', 'arm64'] }] },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true },
  mac: {
    target: [
      { target: 'dmg', arch: ['x64', 'arm64'] },
      { target: 'zip', arch: ['x64', 'arm64'] },
    ],
    category: 'public.app-category.education',
    hardenedRuntime: true,
  },
};
