/// <reference lib="dom" />
/** Talks to the desktop over its bridge and its port as the page does, in a document without any script of its own. */
import type { Page } from 'playwright-core';
import type { Result } from '#contract/errors';
import type { SessionEvent } from '#contract/session';
import type { FromShell } from '#contract/stream';
import type { DesktopApp } from '../electron-stand-in/launch.ts';
import { toShown } from '../electron-stand-in/shown.ts';

interface Probe {
  port: MessagePort;
  received: FromShell[];
  acknowledge: boolean;
  ports: number;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** Shows an address in the window, as the main process does, and waits for it. */
export async function load(app: DesktopApp, url: string): Promise<Page> {
  const page = await app.firstWindow();
  await app.evaluate(({ BrowserWindow }, url) => BrowserWindow.getAllWindows()[0]?.loadURL(url), url);
  // The test's own view of the page may lag behind.
  await page.waitForURL((now) => now.href.split('#')[0] === toShown(url));
  return page;
}

/** An address of our own origin that has no file: the bridge is there, the page's scripts are not. */
export function openBlank(app: DesktopApp): Promise<Page> {
  return load(app, 'app://ipc-scope/blank');
}

export async function call<T>(page: Page, name: string, argument?: unknown): Promise<Result<T>> {
  const answer = await page.evaluate(({ name, argument }) => window.ipcScope?.call(name, argument), {
    name,
    argument,
  });
  return answer as Result<T>;
}

export async function valueOf<T>(page: Page, name: string, argument?: unknown): Promise<T> {
  const result = await call<T>(page, name, argument);
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** Asks for the port and keeps what it brings. */
export async function connect(page: Page, acknowledge = true): Promise<void> {
  await page.evaluate(
    (acknowledge) =>
      new Promise<void>((resolve) => {
        const first = window.probe === undefined;
        window.probe ??= { port: new MessageChannel().port1, received: [], acknowledge, ports: 0 };
        const { probe } = window;
        probe.acknowledge = acknowledge;
        const listen = ({ data, source, ports: [port] }: MessageEvent<{ kind?: string }>): void => {
          if (data.kind !== 'ipc-scope:port' || source !== window || port === undefined) return;
          probe.port = port;
          probe.received = [];
          probe.ports++;
          port.onmessage = ({ data }: MessageEvent<FromShell>) => {
            probe.received.push(data);
            if (data.kind === 'batch' && probe.acknowledge) port.postMessage({ kind: 'ack', seq: data.seq });
          };
          resolve();
        };
        if (first) window.addEventListener('message', listen);
        window.ipcScope?.connect();
        if (!first) {
          const before = probe.ports;
          const look = setInterval(() => {
            if (probe.ports === before) return;
            clearInterval(look);
            resolve();
          }, 10);
        }
      }),
    acknowledge,
  );
}

export function received(page: Page): Promise<FromShell[]> {
  return page.evaluate(() => window.probe.received);
}

export async function events(page: Page): Promise<SessionEvent[]> {
  return (await received(page)).flatMap((message) => (message.kind === 'batch' ? message.events : []));
}
