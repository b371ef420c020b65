/** Calls and events over the WebSocket: what a page sends, and what a broken or hostile one gets. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Tick } from '#contract/frames';
import type { SessionEvent } from '#contract/session';
import { STREAM_CREDIT, type FromWebShell } from '#contract/stream';
import { startWebShell, type WebShell } from '../../electron/web/server.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { WebPage } from '../support/web-page.ts';
import { eventually } from '../support/eventually.ts';

const engine = fakeEngine();
let shell: WebShell;

beforeAll(async () => {
  shell = await startWebShell({ engine, rendererFolder: '/nonexistent', port: 0, metrics: false });
});
afterAll(() => shell.close());

function tick(elapsed_ns: number): SessionEvent {
  const frame: Tick = {
    t: 'tick',
    elapsed_ns,
    interval_ns: 10_000_000,
    phase: 'measure',
    processes: [],
    queue: { used_bytes: 0, used_messages: null, capacity_bytes: 65536, capacity_messages: null },
    latency: { kind: 'one_way', buckets: [] },
    integrity: { lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 },
  };
  return { event: 'frame', session: '20261121-041500-pipe-7f3a', frame };
}

const isBatch = (message: FromWebShell) => message.kind === 'batch';

describe('calls', () => {
  test('are answered by their id, in whatever order', async () => {
    const page = await WebPage.open(shell.url);
    const [settings, sessions] = await Promise.all([page.call('settings.get'), page.call('session.list')]);
    expect(settings).toMatchObject({ ok: true, value: { locale: 'system' } });
    expect(sessions).toEqual({ ok: true, value: [] });
    page.close();
  });

  test.each([
    ['an unknown name', 'nothing.here', undefined],
    ['a name of every object', 'constructor', undefined],
    ['a wrong argument', 'session.snapshot', { id: '../../etc/passwd' }],
    ['a prototype key', 'runs.open', JSON.parse('{"__proto__":{"id":"20261121-041500-pipe-7f3a"}}')],
  ])(
    'with %s are refused with a typed error, and the page stays connected',
    async (_what, name, argument) => {
      const page = await WebPage.open(shell.url);
      expect(await page.call(name, argument)).toMatchObject({ ok: false, error: { code: 'bad_request' } });
      expect(await page.call('session.list')).toMatchObject({ ok: true });
      page.close();
    },
  );

  test('with an argument nested without end are refused too', async () => {
    const page = await WebPage.open(shell.url);
    const deep = `${'{"options":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    page.socket.send(`{"kind":"call","id":7,"name":"session.start","argument":${deep}}`);
    const reply = await page.next((message) => message.kind === 'result' && message.id === 7);
    expect(reply).toMatchObject({ result: { ok: false, error: { code: 'bad_request' } } });
    page.close();
  });

  test('that are no calls but have an id are told so', async () => {
    const page = await WebPage.open(shell.url);
    page.socket.send(JSON.stringify({ kind: 'call', id: 7, name: 12 }));
    const reply = await page.next((message) => message.kind === 'result' && message.id === 7);
    expect(reply).toMatchObject({ result: { ok: false, error: { code: 'bad_request' } } });
    page.close();
  });

  test('whose handler fails answer an error, never a stack', async () => {
    const page = await WebPage.open(shell.url);
    const reply = await page.call('helper.describe');
    expect(reply).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(reply)).not.toContain('.ts:');
    page.close();
  });
});

describe('messages that no page sends', () => {
  test.each([
    ['not JSON', 'hello'],
    ['no object', '42'],
    ['another kind', '{"kind":"exec","command":"sh"}'],
    ['a negative number', '{"kind":"ack","seq":-1}'],
    ['a batch', '{"kind":"batch","seq":1,"events":[],"dropped":0}'],
  ])('%s ends the connection', async (_what, text) => {
    const page = await WebPage.open(shell.url);
    page.socket.send(text);
    expect(await page.closed).toBe(1008);
  });

  test('bytes end it too', async () => {
    const page = await WebPage.open(shell.url);
    page.socket.send(Buffer.from([1, 2, 3]));
    expect(await page.closed).toBe(1008);
  });

  test('more than 1 MiB ends it before it is read, and others stay', async () => {
    const bystander = await WebPage.open(shell.url);
    const page = await WebPage.open(shell.url);
    page.socket.send(`{"kind":"call","id":1,"name":"${'x'.repeat(1024 * 1024)}"}`);
    expect(await page.closed).toBe(1009);
    expect(bystander.socket.readyState).toBe(WebSocket.OPEN);
    bystander.close();
  });
});

describe('events', () => {
  test('reach every page', async () => {
    const pages = [await WebPage.open(shell.url), await WebPage.open(shell.url)];
    engine.emit(tick(1));
    for (const page of pages) {
      expect(await page.next(isBatch)).toMatchObject({ seq: 1, events: [tick(1)], dropped: 0 });
      page.close();
    }
  });

  test('stop after the credit until the page acknowledges; ticks are merged and counted meanwhile', async () => {
    const page = await WebPage.open(shell.url, { acknowledge: false });
    const flow = setInterval(() => engine.emit(tick(Math.round(performance.now() * 1e6))), 5);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(page.messages.filter(isBatch)).toHaveLength(STREAM_CREDIT);
    page.acknowledge(STREAM_CREDIT);
    const next = await page.next((message) => message.kind === 'batch' && message.seq === STREAM_CREDIT + 1);
    clearInterval(flow);
    expect(next.kind === 'batch' ? next.dropped : 0).toBeGreaterThan(10);
    page.close();
  });

  test('a page that left is not listened for any more', async () => {
    await eventually(() => engine.listeners).toBe(0);
    const page = await WebPage.open(shell.url);
    await eventually(() => engine.listeners).toBe(1);
    page.socket.terminate();
    await eventually(() => engine.listeners).toBe(0);
  });
});
