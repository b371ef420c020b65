/** Starts the app in the stand-in; what it answers is shaped like Playwright's ElectronApplication. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'vite';
import { findBrowser } from '../support/browser.ts';
import type { ElectronStandIn, StandIn } from './electron.ts';
import { toShown } from './shown.ts';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'dist', 'electron-stand-in');

/** Bundles the stand-in and the app's own programs, as `npm start` does, where a source is newer than its bundle. */
export async function buildDesktop(): Promise<void> {
  const stale = (file: string, ...sources: string[]): boolean =>
    changedAt(join(root, 'dist', file)) < Math.max(...sources.map((source) => changedAt(join(root, source))));
  const programs = [
    ...(stale('desktop/main.js', 'electron', 'build/bundle.js') ? ['desktop'] : []),
    ...(stale('preload/preload.cjs', 'electron/preload', 'electron/contract') ? ['preload'] : []),
    ...(stale('renderer/index.html', 'renderer', 'electron/contract', 'electron/report') ? ['renderer'] : []),
  ];
  if (programs.length > 0) await run(process.execPath, [join(root, 'build', 'bundle.js'), ...programs]);
  if (stale('electron-stand-in/electron.js', 'test/electron-stand-in', 'test/support')) await buildStandIn();
}

function buildStandIn(): Promise<unknown> {
  return build({
    configFile: false,
    root,
    logLevel: 'warn',
    ssr: { target: 'node' },
    build: {
      ssr: true,
      target: 'node20',
      outDir: out,
      emptyOutDir: true,
      minify: false,
      rolldownOptions: {
        input: join(root, 'test', 'electron-stand-in', 'electron.ts'),
        external: ['playwright-core', /^node:/],
        output: { format: 'es', entryFileNames: 'electron.js', codeSplitting: false },
      },
    },
  });
}

/** When a file, or anything in a folder, was last written; 0 where there is none. */
function changedAt(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => changedAt(join(path, name))));
}

async function run(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}`);
}

export interface LaunchOptions {
  /** Kept when given, else made for this start and removed after it. */
  dataFolder?: string;
  env?: Readonly<Record<string, string>>;
}

/** As if the app had been opened before: a newcomer's first session would start by itself in the midst of a test. */
function greet(dataFolder: string): void {
  const path = join(dataFolder, 'settings.json');
  if (existsSync(dataFolder) && !existsSync(path)) writeFileSync(path, '{"greeted":true}');
}

type MainFunction<Argument, Value> = (
  electron: ElectronStandIn,
  argument: Argument,
  standIn: StandIn,
) => Value | Promise<Value>;

export class DesktopApp {
  readonly dataFolder: string;
  /** Everything the app wrote to stdout and stderr. */
  output = '';
  /** Ends with the exit code. */
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #ownFolder: boolean;
  readonly #waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  readonly #crashed = new WeakSet<Page>();
  #commands = 0;
  #browser: Promise<Browser>;

  constructor({ dataFolder, env = {} }: LaunchOptions) {
    this.#ownFolder = dataFolder === undefined;
    this.dataFolder = dataFolder ?? mkdtempSync(join(tmpdir(), 'ipc-scope-desktop-'));
    greet(this.dataFolder);
    const register = pathToFileURL(join(root, 'test', 'electron-stand-in', 'register.js')).href;
    const child = spawn(process.execPath, ['--import', register, join(root, 'dist', 'desktop', 'main.js')], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        IPC_SCOPE_DATA: this.dataFolder,
        IPC_SCOPE_BROWSER: findBrowser(),
        IPC_SCOPE_STAND_IN: pathToFileURL(join(out, 'electron.js')).href,
        IPC_SCOPE_STAND_IN_ROOT: root,
        ...env,
      },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exited = new Promise((resolve) => child.once('exit', resolve));
    const endpoint = new Promise<string>((resolve, reject) => {
      child.on(
        'message',
        (message: { endpoint?: string; id?: number; ok?: boolean; value?: unknown; message?: string }) => {
          if (message.endpoint !== undefined) resolve(message.endpoint);
          const call = message.id === undefined ? undefined : this.#waiting.get(message.id);
          if (call === undefined) return;
          if (message.ok) call.resolve(message.value);
          else call.reject(new Error(message.message));
        },
      );
      void this.exited.then((code) => {
        const ended = new Error(`the app ended with ${String(code)}:\n${this.output}`);
        reject(ended);
        for (const call of this.#waiting.values()) call.reject(ended);
      });
    });
    this.#browser = endpoint.then(async (address) => {
      // Without Playwright's defaults: downloads and emulation are the stand-in's.
      const browser = await chromium.connectOverCDP(address, { noDefaults: true });
      const watch = (page: Page) => page.on('crash', () => this.#crashed.add(page));
      for (const context of browser.contexts()) {
        context.pages().forEach(watch);
        context.on('page', watch);
      }
      return browser;
    });
    this.#browser.catch(() => undefined);
  }

  /** The page of the window, once it is loaded; after a crash the new one. */
  async firstWindow(): Promise<Page> {
    const browser = await this.#browser;
    const deadline = Date.now() + 20_000;
    for (;;) {
      const url = await this.evaluate(
        ({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL() ?? '',
      );
      const page = browser
        .contexts()
        .flatMap((context) => context.pages())
        .findLast((candidate) => candidate.url() === toShown(url) && !this.#crashed.has(candidate));
      if (url !== '' && page !== undefined) {
        await page.waitForLoadState('load');
        return page;
      }
      if (Date.now() > deadline) throw new Error(`no window opened:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Runs a function in the main process; it travels as text, so it sees nothing but its arguments. */
  evaluate<Value>(run: MainFunction<undefined, Value>): Promise<Awaited<Value>>;
  evaluate<Argument, Value>(run: MainFunction<Argument, Value>, argument: Argument): Promise<Awaited<Value>>;
  async evaluate(run: MainFunction<never, unknown>, argument?: unknown): Promise<unknown> {
    const id = ++this.#commands;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ id, source: run.toString(), argument });
    });
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Quits as a person does and waits; a program that does not end is killed, and that is an error. */
  async close(): Promise<void> {
    if (this.running) {
      await this.evaluate(({ app }) => app.quit()).catch(() => undefined);
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
      const code = await this.exited;
      clearTimeout(timer);
      if (code !== 0) throw new Error(`the app ended with ${String(code)}:\n${this.output}`);
    }
    await this.#browser.then((browser) => browser.close()).catch(() => undefined);
    if (this.#ownFolder) rmSync(this.dataFolder, { recursive: true, force: true });
  }
}

export function launchDesktop(options: LaunchOptions = {}): DesktopApp {
  return new DesktopApp(options);
}
