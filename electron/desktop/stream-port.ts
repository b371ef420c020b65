/** One message port a window, carrying the stream of events one way and the page's credit the other. */
import { MessageChannelMain, type IpcMain, type IpcMainEvent, type WebContents } from 'electron';
import * as v from 'valibot';
import { CONNECT_CHANNEL, PORT_CHANNEL } from '#contract/bridge';
import { FromPageSchema, type PageAction } from '#contract/stream';
import type { Engine } from '#engine/engine';
import { PageStream } from '#engine/page-stream';
import { isTrustedSender } from './rules.ts';

interface Connection {
  stream: PageStream;
  close(): void;
}

export class StreamPorts {
  readonly #engine: Promise<Engine>;
  readonly #connections = new Map<WebContents, Connection>();

  constructor(engine: Promise<Engine>) {
    this.#engine = engine;
  }

  /** A page asks for its port when it starts, so a reloaded page gets a new one and the old one ends. */
  listen(ipcMain: IpcMain): void {
    ipcMain.on(CONNECT_CHANNEL, (event) => {
      // Without an engine there is nothing to stream; every call tells the page why.
      this.#engine.then(
        (engine) => this.#connect(event, engine),
        () => undefined,
      );
    });
  }

  /** Sends a command of the menu to the window's page; nothing happens while no page is connected. */
  action(contents: WebContents, action: PageAction): void {
    this.#connections.get(contents)?.stream.action(action);
  }

  close(contents: WebContents): void {
    this.#connections.get(contents)?.close();
  }

  #connect(event: IpcMainEvent, engine: Engine): void {
    const { sender, senderFrame } = event;
    if (senderFrame === null || !isTrustedSender(senderFrame)) return;
    this.close(sender);

    const { port1: ours, port2: theirs } = new MessageChannelMain();
    const stream = new PageStream((message) => ours.postMessage(message));
    const unsubscribe = engine.onEvent((happened) => stream.push(happened));
    const unsubscribeSweep = engine.onSweep((progress) => stream.sweep(progress));
    const connection: Connection = {
      stream,
      close: () => {
        if (this.#connections.get(sender) !== connection) return;
        this.#connections.delete(sender);
        unsubscribe();
        unsubscribeSweep();
        stream.close();
        ours.close();
      },
    };
    this.#connections.set(sender, connection);
    ours.on('message', ({ data }) => {
      const message = v.safeParse(FromPageSchema, data);
      if (message.success) stream.acknowledge(message.output.seq);
    });
    ours.on('close', () => connection.close());
    ours.start();
    senderFrame.postMessage(PORT_CHANNEL, null, [theirs]);
  }
}
