/** The browser that the page is tested in: any Chrome, Chromium or Edge. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from './say.mjs';

const onPath = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'chrome',
  'msedge',
];

/** @type {Partial<Record<NodeJS.Platform, string[]>>} */
const elsewhere = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) => {
    const folder = process.env[name];
    return folder === undefined
      ? []
      : ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((path) =>
          join(folder, path),
        );
  }),
};

/** Path of a browser on this machine, or undefined. IPC_SCOPE_BROWSER, when set, is the only one looked at. */
export function findBrowser(env = process.env, platform = process.platform) {
  const named = env.IPC_SCOPE_BROWSER;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  const extension = platform === 'win32' ? '.exe' : '';
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = onPath.flatMap((name) => folders.map((folder) => join(folder, name + extension)));
  return [...candidates, ...(elsewhere[platform] ?? [])].find((path) => existsSync(path));
}

/** Finds a browser; on Debian as root installs one, elsewhere says how to get it. Never a reason to stop. */
export function ensureBrowser() {
  if (findBrowser() !== undefined) return;
  const root = process.getuid?.() === 0;
  if (root && existsSync('/etc/debian_version') && process.env.IPC_SCOPE_BROWSER === undefined) {
    say('installing chromium for the browser tests (apt-get)');
    /** @type {import('node:child_process').SpawnSyncOptions} */
    const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-noto-cjk'];
    spawnSync('apt-get', ['update', '-qq'], options);
    if (spawnSync('apt-get', install, options).status === 0 && findBrowser() !== undefined) return;
  }
  /** @type {Partial<Record<NodeJS.Platform, string>>} */
  const commands = {
    linux: 'sudo apt install chromium',
    darwin: 'brew install --cask google-chrome',
    win32: 'winget install Google.Chrome',
  };
  say(
    `no Chrome, Chromium or Edge was found: browser tests will be skipped. To run them: ${commands[process.platform] ?? commands.linux}`,
    {
      always: true,
    },
  );
}
