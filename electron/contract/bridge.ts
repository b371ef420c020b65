/**
 * What the preload gives the page of the desktop as `window.ipcScope` (the web shell has no such thing), and the names
 * of the three IPC channels behind it. No schema here: the preload is sandboxed and stays small.
 */

export interface DesktopBridge {
  /** Asks by name of the channel map; the answer is that channel's Result. */
  call(name: string, argument: unknown): Promise<unknown>;
  /**
   * Asks for the stream. Its port arrives as a message event of this window, whose data is a PortMessage, whose source
   * is this window, and whose first port speaks FromShell and FromPage. A later call replaces the port.
   */
  connect(): void;
}

declare global {
  interface Window {
    /** Only in the desktop app. */
    readonly ipcScope?: DesktopBridge;
  }
}

/** Page asks, main process answers: every call of the channel map goes through this one. */
export const CALL_CHANNEL = 'ipc-scope:call';
/** Page asks for a port. */
export const CONNECT_CHANNEL = 'ipc-scope:connect';
/** Main process sends the port; also the `kind` of the message that hands it to the page. */
export const PORT_CHANNEL = 'ipc-scope:port';

export interface PortMessage {
  kind: typeof PORT_CHANNEL;
}
