/** A page of the web shell without a browser: its cookie, its WebSocket, its calls and its acknowledgements. */
import { WebSocket } from 'ws';
import type { FromPage, FromWebShell, WebCall } from '#contract/stream';

export class WebPage {
  /** Everything that came, in order. */
  readonly messages: FromWebShell[] = [];
  readonly socket: WebSocket;
  /** Ends with the close code. */
  readonly closed: Promise<number>;
  #calls = 0;
  #watchers: (() => void)[] = [];

  private constructor(socket: WebSocket, acknowledge: boolean) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString('utf8')) as FromWebShell;
      this.messages.push(message);
      if (message.kind === 'batch' && acknowledge) this.acknowledge(message.seq);
      for (const watcher of this.#watchers.splice(0)) watcher();
    });
  }

  /** Goes the way of a browser: opens the printed address, keeps the cookie, connects. */
  static async open(address: string, { acknowledge = true } = {}): Promise<WebPage> {
    const url = new URL(address);
    const reply = await fetch(address, { redirect: 'manual' });
    const cookie = reply.headers.get('set-cookie')?.split(';')[0];
    if (cookie === undefined) throw new Error(`no cookie at ${url.origin}: ${reply.status}`);
    const socket = new WebSocket(`ws://${url.host}/stream`, {
      headers: { Origin: url.origin, Cookie: cookie },
    });
    const page = new WebPage(socket, acknowledge);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return page;
  }

  acknowledge(seq: number): void {
    const message: FromPage = { kind: 'ack', seq };
    this.socket.send(JSON.stringify(message));
  }

  async call(name: string, argument?: unknown): Promise<unknown> {
    const call: WebCall = { kind: 'call', id: ++this.#calls, name, argument };
    this.socket.send(JSON.stringify(call));
    const reply = await this.next((message) => message.kind === 'result' && message.id === call.id);
    return reply.kind === 'result' ? reply.result : undefined;
  }

  /** The first message that fits, already there or still to come. */
  async next(fits: (message: FromWebShell) => boolean, patience_ms = 10_000): Promise<FromWebShell> {
    const deadline = Date.now() + patience_ms;
    for (;;) {
      const found = this.messages.find(fits);
      if (found !== undefined) return found;
      if (Date.now() > deadline) throw new Error(`not seen in ${patience_ms} ms`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 100);
        this.#watchers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  close(): void {
    this.socket.close();
  }
}
