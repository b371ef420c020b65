/** The desktop host: calls over the bridge, the stream over the port that the preload hands over. */
import { expect, test } from 'vitest';
import { PORT_CHANNEL, type DesktopBridge } from '#contract/bridge';
import type { FromShell } from '#contract/stream';
import { DesktopHost } from './desktop.ts';

function connect(bridge: Partial<DesktopBridge> = {}): {
  host: DesktopHost;
  heard: FromShell[];
  shell: MessagePort;
} {
  const { port1, port2 } = new MessageChannel();
  const host = new DesktopHost({
    call: () => Promise.resolve({ ok: true, value: [] }),
    connect: () => window.postMessage({ kind: PORT_CHANNEL }, location.origin, [port2]),
    ...bridge,
  });
  const heard: FromShell[] = [];
  host.listen((message) => heard.push(message));
  return { host, heard, shell: port1 };
}

test('hears batches and menu commands, and acknowledges the batches', async () => {
  const { heard, shell } = connect();
  const answers: unknown[] = [];
  shell.onmessage = ({ data }) => answers.push(data);
  shell.postMessage({ kind: 'action', action: 'start' });
  shell.postMessage({ kind: 'batch', seq: 3, events: [], dropped: 0 });
  await expect.poll(() => heard.map(({ kind }) => kind)).toEqual(['action', 'batch']);
  await expect.poll(() => answers).toEqual([{ kind: 'ack', seq: 3 }]);
});

test('takes no port from any other message', async () => {
  const { heard } = connect({ connect: () => undefined });
  const { port1, port2 } = new MessageChannel();
  window.postMessage({ kind: 'something else' }, location.origin, [port2]);
  port1.postMessage({ kind: 'action', action: 'stop' });
  await new Promise((done) => setTimeout(done, 100));
  expect(heard).toEqual([]);
});

test('passes calls on, and answers connection_lost where the bridge breaks', async () => {
  const { host } = connect();
  expect(await host.call('runs.list')).toEqual({ ok: true, value: [] });
  const broken = connect({ call: () => Promise.reject(new Error('gone')) });
  expect(await broken.host.call('runs.list')).toMatchObject({
    ok: false,
    error: { code: 'connection_lost' },
  });
});
