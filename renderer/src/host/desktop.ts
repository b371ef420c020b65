/** The desktop shell: calls over the preload's bridge, the stream over one MessagePort. */
import { PORT_CHANNEL, type DesktopBridge } from '#contract/bridge';
import type { Answer, Caller, ChannelName } from '#contract/channels';
import type { Result } from '#contract/errors';
import type { FromPage, FromShell } from '#contract/stream';
import { afterFrame, connectionLost } from './credit.ts';
import type { Host, Unlisten } from './host.ts';
import { Listeners } from './listeners.ts';

export class DesktopHost implements Host {
  readonly call: Caller;
  readonly #messages = new Listeners<FromShell>();

  constructor(bridge: DesktopBridge) {
    this.call = async <Name extends ChannelName>(name: Name, ...argument: unknown[]) => {
      try {
        return (await bridge.call(name, argument[0])) as Result<Answer<Name>>;
      } catch {
        return connectionLost(name);
      }
    };
    let port: MessagePort | undefined;
    window.addEventListener('message', (message: MessageEvent<unknown>) => {
      const next = message.ports[0];
      if (message.source !== window || !isPortMessage(message.data) || next === undefined) return;
      port?.close();
      port = next;
      next.onmessage = ({ data }: MessageEvent<FromShell>) => {
        this.#messages.tell(data);
        if (data.kind !== 'batch') return;
        const ack: FromPage = { kind: 'ack', seq: data.seq };
        afterFrame(() => next.postMessage(ack));
      };
    });
    bridge.connect();
  }

  listen(listener: (message: FromShell) => void): Unlisten {
    return this.#messages.add(listener);
  }

  /** The main process lives as long as its window does. */
  onConnection(listener: (connected: boolean) => void): Unlisten {
    listener(true);
    return () => undefined;
  }
}

function isPortMessage(data: unknown): boolean {
  return typeof data === 'object' && data !== null && 'kind' in data && data.kind === PORT_CHANNEL;
}
