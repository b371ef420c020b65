/** The page's one way to the engine, whichever shell it runs in. */
import type { Caller } from '#contract/channels';
import type { FromShell } from '#contract/stream';
import { DesktopHost } from './desktop.ts';
import { WebHost } from './web.ts';

export type Unlisten = () => void;

export interface Host {
  /** Answers with a Result and never throws: a lost connection is `connection_lost`. */
  readonly call: Caller;
  /** What the shell sends, in order. Credit is handled here: a batch is acknowledged once a frame has taken it. */
  listen(listener: (message: FromShell) => void): Unlisten;
  /** Whether the shell can be reached, at once and at every change. */
  onConnection(listener: (connected: boolean) => void): Unlisten;
}

/** The host of the shell that opened this page. */
export function chooseHost(): Host {
  if (window.ipcScope !== undefined) return new DesktopHost(window.ipcScope);
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
  return new WebHost(() => new WebSocket(`${scheme}://${location.host}/stream`));
}
