import { EventEmitter } from 'node:events';

type Handler = Parameters<Electron.IpcMain['handle']>[1];
type InvokeEvent = Parameters<Handler>[0];

class IpcMainStandIn extends EventEmitter implements Pick<Electron.IpcMain, 'handle' | 'removeHandler'> {
  readonly #handlers = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) {
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    }
    this.#handlers.set(channel, handler);
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel);
  }

  /** Not Electron's: a call as it comes from a page, or as a test pretends. */
  async invoke(channel: string, event: Partial<InvokeEvent>, args: unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return (await handler(event as InvokeEvent, ...args)) as unknown;
  }
}

export const ipcMain = new IpcMainStandIn();
