/** `ipc-scope doctor`: what is needed, whether it is there, and what to do where it is not. */
import { access, constants, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Describe } from '#contract/describe';
import { fail, toAppError } from '#contract/errors';
import type { Locale } from '#contract/settings';
import { errorText } from '#contract/text/error';
import { formatBytes, formatCount, formatDuration } from '#contract/text/format';
import { ownFolder } from '#engine/folders';
import { clean, describe } from '#engine/helper/ask';
import { parseArguments, refuseStrangers } from './arguments.ts';
import { CHECK_FAILED, DONE } from './exit-code.ts';
import { showHelp } from './help.ts';
import { folder, helper, rendererFolder, root } from './places.ts';
import type { Terminal } from './terminal.ts';
import type { Texts } from './text.ts';

/** `bad` fails the whole; `so_so` is worth knowing. */
interface Finding {
  mark: 'good' | 'so_so' | 'bad';
  text: string;
}

const MARKS = { good: '✓', so_so: '!', bad: '✗' };
/** A clock whose steps are longer cannot tell short latencies apart. */
const COARSE_NS = 1000;

export async function doctor(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { text, locale } = terminal;
  const given = parseArguments(argv);
  if (given.flags.has('--help')) {
    showHelp(terminal, { usage: [text.doctor.usage], about: [text.command.doctor], flags: [] });
    return DONE;
  }
  refuseStrangers(given, []);
  const [stranger] = given.words;
  if (stranger !== undefined) fail('usage', text.tooManyWords(stranger), text.seeHelp('doctor '));

  const findings: Finding[] = [];
  const say = (...more: Finding[]): void => {
    findings.push(...more);
    for (const finding of more) terminal.out(`${MARKS[finding.mark]} ${finding.text}\n`);
  };
  say(checkNode(text));
  say(...(await checkHelper(text, locale)));
  say(await checkFolder(text));
  say(checkPage(text), checkElectron(text), checkBrowser(text));
  const well = findings.every(({ mark }) => mark !== 'bad');
  terminal.out(`\n${well ? text.doctor.allWell : text.doctor.notWell}\n`);
  return well ? DONE : CHECK_FAILED;
}

function checkNode({ doctor: say }: Texts): Finding {
  const version = process.versions.node;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 20 || (major === 20 && minor >= 19)
    ? { mark: 'good', text: say.node(version) }
    : { mark: 'bad', text: say.nodeOld(version) };
}

async function checkHelper({ doctor: say }: Texts, locale: Locale): Promise<Finding[]> {
  const path = helper();
  try {
    const described = await describe(path);
    const cleaned = await clean(path);
    const names = cleaned.removed.map(({ name }) => name).join(', ');
    return [
      { mark: 'good', text: say.helper(path) },
      { mark: 'good', text: say.protocol(described.helper, described.protocol) },
      ...describeFindings(described, say, locale),
      names === '' ? { mark: 'good', text: say.leftovers } : { mark: 'good', text: say.removed(names) },
    ];
  } catch (thrown) {
    const { what, remedy } = errorText(toAppError(thrown), locale);
    return [{ mark: 'bad', text: `${what} ${remedy}` }];
  }
}

function describeFindings(
  { mechanisms, system, clock, limits }: Describe,
  say: Texts['doctor'],
  locale: Locale,
): Finding[] {
  const resolution = formatDuration(clock.resolution_ns, locale);
  const names = mechanisms.map(({ id }) => id).join(', ');
  const list = Object.entries(limits).map(([name, value]) =>
    name.endsWith('_bytes')
      ? `${name.slice(0, -'_bytes'.length)} ${formatBytes(value, locale)}`
      : `${name} ${formatCount(value, locale)}`,
  );
  const findings: Finding[] = [
    { mark: names === '' ? 'bad' : 'good', text: say.mechanisms(names) },
    {
      mark: 'good',
      text: say.system(`${system.os} ${system.release} ${system.arch}`, system.cpus.length),
    },
    clock.resolution_ns > COARSE_NS
      ? { mark: 'so_so', text: say.clockCoarse(clock.name, resolution) }
      : { mark: 'good', text: say.clock(clock.name, resolution, formatDuration(clock.cost_ns, locale)) },
    { mark: 'good', text: say.limits(list.join(', ')) },
  ];
  if (system.cpus.length < 2) findings.push({ mark: 'so_so', text: say.oneCpu });
  return findings;
}

async function checkFolder({ doctor: say }: Texts): Promise<Finding> {
  const path = folder();
  const probe = join(path, `probe-${process.pid}`);
  try {
    await ownFolder(path);
    await writeFile(probe, '', { mode: 0o600 });
    await rm(probe);
    await access(path, constants.W_OK);
    return { mark: 'good', text: say.folder(path) };
  } catch (thrown) {
    return { mark: 'bad', text: say.folderBad(path, toAppError(thrown).message) };
  }
}

function checkPage({ doctor: say }: Texts): Finding {
  return existsSync(join(rendererFolder, 'index.html'))
    ? { mark: 'good', text: say.page }
    : { mark: 'so_so', text: say.noPage };
}

function checkElectron({ doctor: say }: Texts): Finding {
  const names: Readonly<Record<string, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  const folders = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules/electron/dist');
  const path = join(folders, names[process.platform] ?? 'electron');
  return existsSync(path)
    ? { mark: 'good', text: say.electron(path) }
    : { mark: 'so_so', text: say.noElectron };
}

const BROWSERS: Readonly<Record<string, readonly string[]>> = {
  linux: [
    'google-chrome',
    'google-chrome-stable',
    'chromium',
    'chromium-browser',
    'microsoft-edge',
    'firefox',
  ],
  darwin: [
    '/Applications/Safari.app',
    '/Applications/Google Chrome.app',
    '/Applications/Microsoft Edge.app',
    '/Applications/Firefox.app',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  ],
};

function checkBrowser({ doctor: say }: Texts): Finding {
  const folders = process.platform === 'linux' ? (process.env['PATH'] ?? '').split(delimiter) : [''];
  const places = (BROWSERS[process.platform] ?? []).flatMap((name) =>
    folders.map((path) => (path === '' ? name : join(path, name))),
  );
  const own = process.env['IPC_SCOPE_BROWSER'];
  const found = [...(own === undefined ? [] : [own]), ...places].find((path) => existsSync(path));
  return found === undefined
    ? { mark: 'so_so', text: say.noBrowser }
    : { mark: 'good', text: say.browser(found) };
}
