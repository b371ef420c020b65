/// <reference lib="dom" />
/**
 * What runs in the page: the two sides of the context bridge. Both functions travel as source text, so they use nothing
 * from outside themselves but their arguments. The worlds share the document and no objects: a custom event whose name
 * nobody else knows carries structured clones between them, at once.
 */
import type { Codec } from './codec.ts';

/** How an exposed API looks from the other world. */
type Shape =
  | { type: 'value'; value: unknown }
  | { type: 'function'; index: number }
  | { type: 'object'; entries: [string, Shape][] };

type Outcome = { promise: true } | { ok: true; value: unknown } | { ok: false; message: string };

/** From the page's preload world to the main process. */
export type FromWorld = { url: string } & (
  | { kind: 'invoke'; id: number; channel: string; args: unknown[] }
  | { kind: 'send'; channel: string; args: unknown[] }
  | { kind: 'port'; port: number; data: unknown }
);

/** From the main process to the page's preload world. */
export type ToWorld =
  | { kind: 'reply'; id: number; ok: boolean; value: unknown }
  | { kind: 'message'; channel: string; args: unknown[]; ports: number[] }
  | { kind: 'port'; port: number; data: unknown }
  | { kind: 'port-close'; port: number };

/** The page's own world: builds what the preload exposes, out of stubs. */
export function mainWorld(nonce: string): void {
  if (window !== window.top) return;
  const exposed = new Set<string>();
  let calls = 0;

  const hear = (name: string, listener: (detail: never) => void, once = false): void =>
    document.addEventListener(
      `${nonce}-${name}`,
      (event) => listener((event as CustomEvent).detail as never),
      {
        once,
      },
    );
  const tell = (name: string, detail?: unknown): boolean =>
    document.dispatchEvent(new CustomEvent(`${nonce}-${name}`, { detail }));

  function stub(index: number): (...args: unknown[]) => unknown {
    return (...args) => {
      const id = ++calls;
      const answers: Outcome[] = [];
      hear(`return-${id}`, (outcome: Outcome) => answers.push(outcome), true);
      const settled = new Promise((resolve, reject) => {
        hear(
          `settle-${id}`,
          (outcome: Outcome) => {
            if ('promise' in outcome) return;
            if (outcome.ok) resolve(outcome.value);
            else reject(new Error(outcome.message));
          },
          true,
        );
      });
      tell('call', { id, index, args });
      const answer = answers[0];
      // What cannot be cloned arrives as null on the other side, which then does not answer.
      if (answer === undefined || answer === null) throw new Error('An object could not be cloned.');
      if ('promise' in answer) return settled;
      if (!answer.ok) throw new Error(answer.message);
      return answer.value;
    };
  }

  function build(shape: Shape): unknown {
    if (shape.type === 'value') return shape.value;
    if (shape.type === 'function') return stub(shape.index);
    return Object.freeze(Object.fromEntries(shape.entries.map(([key, item]) => [key, build(item)])));
  }

  hear('expose', ({ key, shape }: { key: string; shape: Shape }) => {
    if (exposed.has(key)) return;
    exposed.add(key);
    Object.defineProperty(window, key, { value: build(shape), enumerable: true });
  });
  tell('ready');
}

/** The preload's world: context bridge and ipcRenderer for the preload, and the way to the main process. */
export function preloadWorld(
  nonce: string,
  codec: Codec,
  preload: (require: (name: string) => unknown) => void,
): void {
  if (window !== window.top) return;
  const functions: ((...args: unknown[]) => unknown)[] = [];
  const exposures: { key: string; shape: Shape }[] = [];
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const listeners = new Map<string, Set<(event: object, ...args: unknown[]) => void>>();
  const ports = new Map<number, MessagePort>();
  let calls = 0;

  const hear = (name: string, listener: (detail: never) => void): void =>
    document.addEventListener(`${nonce}-${name}`, (event) =>
      listener((event as CustomEvent).detail as never),
    );
  const tell = (name: string, detail: unknown): boolean =>
    document.dispatchEvent(new CustomEvent(`${nonce}-${name}`, { detail }));
  type Unaddressed<T> = T extends unknown ? Omit<T, 'url'> : never;
  const post = (message: Unaddressed<FromWorld>): void =>
    (globalThis as unknown as Record<string, (text: string) => void>)[`${nonce}Post`]?.(
      codec.encode({ ...message, url: location.href }),
    );

  function shapeOf(value: unknown): Shape {
    if (typeof value === 'function') {
      return { type: 'function', index: functions.push(value as () => unknown) - 1 };
    }
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
      return { type: 'object', entries: Object.entries(value).map(([key, item]) => [key, shapeOf(item)]) };
    }
    return { type: 'value', value };
  }

  hear('ready', () => exposures.forEach((exposure) => tell('expose', exposure)));
  hear('call', (call: { id: number; index: number; args: unknown[] } | null) => {
    if (call === null) return;
    const messageOf = (thrown: unknown) => (thrown instanceof Error ? thrown.message : String(thrown));
    try {
      const value = functions[call.index]?.(...call.args);
      if (value instanceof Promise) {
        value.then(
          (settled: unknown) => tell(`settle-${call.id}`, { ok: true, value: settled }),
          (thrown: unknown) => tell(`settle-${call.id}`, { ok: false, message: messageOf(thrown) }),
        );
        tell(`return-${call.id}`, { promise: true });
      } else {
        tell(`return-${call.id}`, { ok: true, value });
      }
    } catch (thrown) {
      tell(`return-${call.id}`, { ok: false, message: messageOf(thrown) });
    }
  });

  const contextBridge = {
    exposeInMainWorld(key: string, api: unknown): void {
      if (exposures.some((exposure) => exposure.key === key)) {
        throw new Error(`Cannot bind an API on top of an existing property on the window object`);
      }
      const exposure = { key, shape: shapeOf(api) };
      exposures.push(exposure);
      tell('expose', exposure);
    },
  };

  const ipcRenderer = {
    invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      const id = ++calls;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        post({ kind: 'invoke', id, channel, args });
      });
    },
    send(channel: string, ...args: unknown[]): void {
      post({ kind: 'send', channel, args });
    },
    on(channel: string, listener: (event: object, ...args: unknown[]) => void): object {
      const all = listeners.get(channel) ?? new Set();
      listeners.set(channel, all.add(listener));
      return ipcRenderer;
    },
  };

  /** A port whose other end lies in the main process. */
  function openPort(id: number): MessagePort {
    const { port1: forPage, port2: ours } = new MessageChannel();
    ports.set(id, ours);
    ours.onmessage = (event) => post({ kind: 'port', port: id, data: event.data });
    return forPage;
  }

  function receive(message: ToWorld): void {
    switch (message.kind) {
      case 'reply': {
        const call = waiting.get(message.id);
        waiting.delete(message.id);
        if (message.ok) call?.resolve(message.value);
        else call?.reject(new Error(String(message.value)));
        break;
      }
      case 'message': {
        const event = { sender: ipcRenderer, ports: message.ports.map(openPort) };
        listeners.get(message.channel)?.forEach((listener) => listener(event, ...message.args));
        break;
      }
      case 'port':
        ports.get(message.port)?.postMessage(message.data);
        break;
      case 'port-close': {
        const port = ports.get(message.port);
        ports.delete(message.port);
        port?.close();
        break;
      }
    }
  }
  Object.defineProperty(globalThis, `${nonce}Receive`, {
    value: (text: string) => receive(codec.decode(text) as ToWorld),
  });

  /** The sandbox lets a preload require Electron's page side and little else; ours needs nothing else. */
  preload((name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    const refuse = (part: string, object: object) =>
      new Proxy(object, {
        get(target, key) {
          if (key in target) return Reflect.get(target, key) as unknown;
          throw new Error(`the stand-in for Electron has no ${part}.${String(key)}`);
        },
      });
    return refuse('electron', {
      contextBridge: refuse('contextBridge', contextBridge),
      ipcRenderer: refuse('ipcRenderer', ipcRenderer),
    });
  });
}
