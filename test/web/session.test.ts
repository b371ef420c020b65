/** One whole session over a real WebSocket: real engine, real helper, real processes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AppInfo } from '#contract/channels';
import type { Result } from '#contract/errors';
import type { SessionInfo, SessionSnapshot, SessionState } from '#contract/session';
import { openEngine, type Engine } from '#engine/engine';
import { startWebShell, type WebShell } from '../../electron/web/server.ts';
import { helper } from '../support/helper.ts';
import { WebPage } from '../support/web-page.ts';
import { eventually } from '../support/eventually.ts';

const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-web-session-'));
const app: AppInfo = {
  host: 'web',
  version: '0.1.0',
  runtime: `Node ${process.versions.node}`,
  platform: process.platform,
  system_locale: 'en-US',
  data_folder: folder,
};
let engine: Engine;
let shell: WebShell;

beforeAll(async () => {
  engine = await openEngine({ helper, folder, app });
  shell = await startWebShell({
    engine,
    rendererFolder: fileURLToPath(new URL('../../dist/renderer', import.meta.url)),
    port: 0,
    metrics: true,
  });
});
afterAll(async () => {
  await shell.close();
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

function valueOf<T>(result: unknown): T {
  const answer = result as Result<T>;
  if (!answer.ok) throw new Error(JSON.stringify(answer.error));
  return answer.value;
}

test('a session is started, streamed, slowed by nobody, and its figures are those of its summary', async () => {
  const page = await WebPage.open(shell.url);
  const spec = { mechanism: 'pipe', options: { size_bytes: 64, duration_ms: 1000 } };
  const { id } = valueOf<SessionInfo>(await page.call('session.start', spec));

  const ended = await page.next(
    (message) =>
      message.kind === 'batch' &&
      message.events.some((event) => event.event === 'state' && event.state === 'finished'),
    20_000,
  );
  expect(ended.kind).toBe('batch');
  const batches = page.messages.filter((message) => message.kind === 'batch');
  expect(batches.map((batch) => batch.seq)).toEqual(batches.map((_, index) => index + 1));
  const events = batches.flatMap((batch) => batch.events);
  expect(events.every((event) => event.session === id)).toBe(true);

  const states = events.flatMap((event): SessionState[] => (event.event === 'state' ? [event.state] : []));
  expect(states).toEqual(expect.arrayContaining(['running', 'finished']));
  const frames = events.flatMap((event) => (event.event === 'frame' ? [event.frame] : []));
  const summary = frames.find((frame) => frame.t === 'summary');
  expect(summary?.messages).toBeGreaterThan(0);
  expect(summary?.bytes).toBe(64 * (summary?.messages ?? 0));
  expect(frames.filter((frame) => frame.t === 'tick').length).toBeGreaterThan(5);

  const snapshot = valueOf<SessionSnapshot>(await page.call('runs.open', { id }));
  expect(snapshot.summary).toEqual(summary);

  const metrics = await fetch(`${new URL(shell.url).origin}/metrics`, {
    headers: { Authorization: `Bearer ${new URL(shell.url).searchParams.get('token') ?? ''}` },
  }).then((response) => response.text());
  const counted = Number(/ipc_scope_messages_total\{mechanism="pipe"\} (\d+)/.exec(metrics)?.[1]);
  // Prometheus counts the warm-up too.
  expect(counted).toBeGreaterThanOrEqual(summary?.messages ?? Infinity);
  page.close();
});

test('a page that comes later finds the session that runs, and stops it', async () => {
  const first = await WebPage.open(shell.url);
  const spec = { mechanism: 'pipe', options: { size_bytes: 64, duration_ms: 60_000 } };
  const { id } = valueOf<SessionInfo>(await first.call('session.start', spec));
  first.close();

  const second = await WebPage.open(shell.url);
  await eventually(async () =>
    valueOf<SessionInfo[]>(await second.call('session.list')).map((info) => info.id),
  ).toEqual([id]);
  await second.next((message) => message.kind === 'batch');
  expect(await second.call('session.command', { id, command: { command: 'stop' } })).toMatchObject({
    ok: true,
  });
  await second.next(
    (message) =>
      message.kind === 'batch' &&
      message.events.some((event) => event.event === 'state' && event.state === 'finished'),
  );
  expect(valueOf<SessionInfo[]>(await second.call('session.list'))).toEqual([]);
  second.close();
});

test('a refused session is a typed error that names what would be right', async () => {
  const page = await WebPage.open(shell.url);
  expect(await page.call('session.start', { mechanism: 'telepathy', options: {} })).toMatchObject({
    ok: false,
    error: {
      code: 'unknown_mechanism',
      value: 'telepathy',
      allowed: expect.stringContaining('pipe') as string,
    },
  });
  expect(await page.call('session.start', { mechanism: 'pipe', options: { size_bytes: 0 } })).toMatchObject({
    ok: false,
    error: { code: 'out_of_range', where: 'size_bytes' },
  });
  page.close();
});
