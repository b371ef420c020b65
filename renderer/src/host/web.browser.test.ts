/** The WebSocket host: answers find their calls, batches are acknowledged, a lost connection comes back. */
import { expect, test } from 'vitest';
import type { FromShell } from '#contract/stream';
import { reconnectWait, WebHost } from './web.ts';

/** A socket whose other end is the test. */
class FakeSocket {
  static all: FakeSocket[] = [];
  readyState: number = WebSocket.CONNECTING;
  sent: { kind: string; id?: number; seq?: number; name?: string }[] = [];
  onopen: (() => void) | null = null;
  onclose: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;

  constructor() {
    FakeSocket.all.push(this);
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  open(): void {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }
  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  close(): void {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.();
  }
}

function connect(): { host: WebHost; socket: FakeSocket } {
  const host = new WebHost(() => new FakeSocket() as unknown as WebSocket);
  const socket = FakeSocket.all.at(-1);
  if (socket === undefined) throw new Error('no socket');
  return { host, socket };
}

test('keeps calls until the connection stands, and gives each its own answer', async () => {
  const { host, socket } = connect();
  const first = host.call('app.info');
  const second = host.call('runs.list');
  expect(socket.sent).toEqual([]);
  socket.open();
  expect(socket.sent.map(({ name }) => name)).toEqual(['app.info', 'runs.list']);
  const [a, b] = socket.sent;
  socket.say({ kind: 'result', id: b?.id, result: { ok: true, value: [] } });
  socket.say({ kind: 'result', id: a?.id, result: { ok: true, value: 'info' } });
  expect(await first).toEqual({ ok: true, value: 'info' });
  expect(await second).toEqual({ ok: true, value: [] });
});

test('acknowledges a batch once a frame has taken it', async () => {
  const { host, socket } = connect();
  const heard: FromShell[] = [];
  host.listen((message) => heard.push(message));
  socket.open();
  socket.say({ kind: 'batch', seq: 7, events: [], dropped: 2 });
  expect(heard).toHaveLength(1);
  expect(socket.sent).toEqual([]);
  await expect.poll(() => socket.sent).toEqual([{ kind: 'ack', seq: 7 }]);
});

test('answers open calls with connection_lost, says so, and connects again', async () => {
  const { host, socket } = connect();
  const heard: boolean[] = [];
  host.onConnection((connected) => heard.push(connected));
  socket.open();
  const call = host.call('runs.list');
  socket.close();
  expect(await call).toMatchObject({ ok: false, error: { code: 'connection_lost', where: 'runs.list' } });
  expect(await host.call('app.info')).toMatchObject({ ok: false, error: { code: 'connection_lost' } });
  const before = FakeSocket.all.length;
  await expect.poll(() => FakeSocket.all.length).toBe(before + 1);
  FakeSocket.all.at(-1)?.open();
  expect(heard).toEqual([true, false, true]);
});

test('waits longer after each failed attempt, five seconds at most', () => {
  expect([0, 1, 2, 10].map(reconnectWait)).toEqual([250, 500, 1000, 5000]);
});
