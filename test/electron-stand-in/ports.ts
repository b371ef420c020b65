/** MessageChannelMain: two entangled ends, one of which can be handed to a page. */
import { EventEmitter } from 'node:events';
import { strict } from './strict.ts';

/** What carries a port's messages once it lies in a page. */
export interface Carrier {
  post(data: unknown): void;
  close(): void;
}

export class PortStandIn
  extends EventEmitter
  implements Pick<Electron.MessagePortMain, 'postMessage' | 'start' | 'close'>
{
  /** The other end; undefined when closed. */
  peer: PortStandIn | undefined;
  carrier: Carrier | undefined;
  #queue: unknown[] = [];
  #started = false;

  postMessage(message: unknown, transfer: Electron.MessagePortMain[] = []): void {
    if (transfer.length > 0) throw new Error('the stand-in for Electron does not transfer ports over ports');
    if (this.carrier !== undefined) throw new Error('this port was handed to a page');
    this.peer?.receive(structuredClone(message));
  }

  start(): void {
    this.#started = true;
    for (const data of this.#queue.splice(0)) this.emit('message', { data, ports: [] });
  }

  close(): void {
    const other = this.peer;
    this.peer = undefined;
    if (other === undefined) return;
    other.peer = undefined;
    other.carrier?.close();
    // Both ends hear of it, but later, as from another process.
    setImmediate(() => {
      this.emit('close');
      other.emit('close');
    });
  }

  /** A message from the other end. */
  receive(data: unknown): void {
    if (this.carrier !== undefined) this.carrier.post(data);
    else if (this.#started) setImmediate(() => this.emit('message', { data, ports: [] }));
    else this.#queue.push(data);
  }
}

/** The object behind the one that the app sees. */
const behind = new WeakMap<object, PortStandIn>();

export function portBehind(port: object): PortStandIn {
  const found = behind.get(port);
  if (found === undefined) throw new Error('not a port of the stand-in');
  return found;
}

export class MessageChannelMain {
  readonly port1: PortStandIn;
  readonly port2: PortStandIn;

  constructor() {
    const one = new PortStandIn();
    const two = new PortStandIn();
    one.peer = two;
    two.peer = one;
    this.port1 = strict('MessagePortMain', one);
    this.port2 = strict('MessagePortMain', two);
    behind.set(this.port1, one);
    behind.set(this.port2, two);
  }
}
