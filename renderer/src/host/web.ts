/** The web shell: calls and stream over one WebSocket that connects again by itself. */
import type { Answer, Caller, ChannelName } from '#contract/channels';
import type { Result } from '#contract/errors';
import type { FromShell, FromWebShell } from '#contract/stream';
import { afterFrame, connectionLost } from './credit.ts';
import type { Host, Unlisten } from './host.ts';
import { Listeners } from './listeners.ts';

const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** How long to wait before the next attempt: doubled each time, up to five seconds. */
export function reconnectWait(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
}

interface Pending {
  name: string;
  answer: (result: Result<never>) => void;
}

export class WebHost implements Host {
  readonly call: Caller;
  readonly #open: () => WebSocket;
  readonly #messages = new Listeners<FromShell>();
  readonly #connection = new Listeners<boolean>();
  readonly #pending = new Map<number, Pending>();
  /** Calls made while the first or a renewed connection is being set up. */
  #waiting: string[] = [];
  #socket: WebSocket;
  #connected = true;
  #attempts = 0;
  #lastCall = 0;

  constructor(open: () => WebSocket) {
    this.#open = open;
    this.call = <Name extends ChannelName>(name: Name, ...argument: unknown[]) =>
      new Promise<Result<Answer<Name>>>((answer) => {
        const { readyState } = this.#socket;
        if (readyState === WebSocket.CLOSING || readyState === WebSocket.CLOSED) {
          answer(connectionLost(name));
          return;
        }
        const id = ++this.#lastCall;
        this.#pending.set(id, { name, answer });
        const text = JSON.stringify({ kind: 'call', id, name, argument: argument[0] });
        if (readyState === WebSocket.OPEN) this.#socket.send(text);
        else this.#waiting.push(text);
      });
    this.#socket = this.#connect();
  }

  listen(listener: (message: FromShell) => void): Unlisten {
    return this.#messages.add(listener);
  }

  onConnection(listener: (connected: boolean) => void): Unlisten {
    listener(this.#connected);
    return this.#connection.add(listener);
  }

  #connect(): WebSocket {
    const socket = this.#open();
    socket.onopen = () => {
      this.#attempts = 0;
      for (const text of this.#waiting.splice(0)) socket.send(text);
      this.#setConnected(true);
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => this.#take(socket, data);
    socket.onclose = () => this.#lost();
    return socket;
  }

  #take(socket: WebSocket, data: string): void {
    const message = JSON.parse(data) as FromWebShell;
    if (message.kind === 'result') {
      const pending = this.#pending.get(message.id);
      this.#pending.delete(message.id);
      pending?.answer(message.result as Result<never>);
      return;
    }
    this.#messages.tell(message);
    if (message.kind !== 'batch') return;
    afterFrame(() => {
      if (socket.readyState === WebSocket.OPEN)
        socket.send(JSON.stringify({ kind: 'ack', seq: message.seq }));
    });
  }

  #lost(): void {
    this.#setConnected(false);
    this.#waiting = [];
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const { name, answer } of pending) answer(connectionLost(name));
    setTimeout(() => {
      this.#socket = this.#connect();
    }, reconnectWait(this.#attempts++));
  }

  #setConnected(connected: boolean): void {
    if (this.#connected === connected) return;
    this.#connected = connected;
    this.#connection.tell(connected);
  }
}
