/** What is special to sockets: the kinds of Unix sockets, what UDP loses, and what the system tells of each. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Tick } from '../../electron/contract/frames.ts';
import { drainAndEnd, fillFromEmpty } from '../support/fill.ts';
import { leftovers, runSession, RunningHelper } from '../support/helper.ts';

/** A consumer that takes a thousand messages a second at most, so that the socket is full all the time. */
/** So slow that a buffer, once full, is still nearly full at the next tick. */
const slow = ['--consumer-delay', '5000', '--warmup', '0', '--duration', '600'];

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

async function start(...args: string[]): Promise<RunningHelper> {
  const session = new RunningHelper(['run', ...args]);
  started.push(session);
  await session.until(() => session.of('tick').length > 2);
  return session;
}

function ticksOf(frames: { t: string }[]): Tick[] {
  return frames.filter((frame): frame is Tick => frame.t === 'tick');
}

/** The values that a gauge had, tick by tick, as long as the system told it. */
function gauge(ticks: Tick[], name: string): number[] {
  return ticks.flatMap(({ queue }) => queue.gauges?.[name] ?? []);
}

describe('unix', () => {
  it.each(['stream', 'datagram', 'seqpacket'])(
    '%s: while nobody takes anything the send buffer fills up, and the sender waits; nothing is lost',
    async (kind) => {
      const session = await start(
        'unix',
        '--kind',
        kind,
        '--size',
        '1000',
        '--duration',
        '0',
        '--warmup',
        '0',
      );
      const full = await fillFromEmpty(session);
      const { used_messages, capacity_messages, used_bytes, gauges } = full.queue;
      expect(used_messages).toBe(capacity_messages);
      expect(used_bytes).toBe((used_messages ?? 0) * 1000);
      // More memory than bytes: the kernel charges its own bookkeeping too.
      expect(gauges?.['send_memory_bytes']).toBeGreaterThan(used_bytes ?? Infinity);
      const blocked = (): number => session.of('tick').at(-1)?.processes[0]?.blocked_ns ?? 0;
      const before = full.processes[0]?.blocked_ns ?? 0;
      await session.until(() => blocked() - before > 250e6);
      expect(session.of('tick').at(-1)?.processes[0]?.messages).toBe(full.processes[0]?.messages);
      expect(await drainAndEnd(session)).toBe(0);
      expect(session.of('summary')[0]?.integrity).toMatchObject({ lost: 0, corrupt: 0 });
    },
  );

  it('the send buffer is the one that was asked for, doubled by the kernel', async () => {
    const { frames } = await runSession('unix', '--capacity', '8192', '--messages', '10', '--warmup', '0');
    const hello = frames[0];
    expect(hello?.t === 'hello' && hello.objects[0]).toMatchObject({ capacity_bytes: 16_384 });
  });

  it('an abstract name lies in no folder; a file is closed to others, and gone once both are connected', async () => {
    const abstract = await runSession('unix', '--messages', '10', '--warmup', '0');
    const [named] = abstract.frames;
    expect(named?.t === 'hello' && named.objects).toMatchObject([{ kind: 'socket', mode: 'none' }]);
    expect(named?.t === 'hello' && named.objects[0]?.name).toMatch(/^@ipc-scope-\d+-unix-0$/);

    const session = new RunningHelper(['run', 'unix', '--kind', 'datagram', '--address', 'path', ...slow]);
    const hello = await session.until(() => session.of('hello')[0]);
    expect(hello.objects.map(({ mode }) => mode)).toEqual(['0600', '0600']);
    for (const { name } of hello.objects) {
      expect(name).toMatch(/\/ipc-scope-\d+-unix-[01]$/);
      expect(existsSync(name)).toBe(false);
    }
    session.say('stop');
    expect((await session.ended).code).toBe(0);
    expect(leftovers()).toEqual([]);
  });

  it('a path that no address holds is refused, and nothing is left', async () => {
    const runtime = mkdtempSync(join(tmpdir(), 'l'.repeat(100)));
    try {
      const session = new RunningHelper(['run', 'unix', '--address', 'path'], {
        ...process.env,
        XDG_RUNTIME_DIR: runtime,
      });
      expect((await session.ended).code).toBe(3);
      expect(session.frames).toMatchObject([{ t: 'error', code: 'out_of_range', where: '--address' }]);
      expect(readdirSync(join(runtime, 'ipc-scope'))).toEqual([]);
    } finally {
      rmSync(runtime, { recursive: true });
    }
  });
});

describe('udp', () => {
  it.each(['true', 'false'])(
    'what does not fit is lost, and counted to the last message (blocking %s)',
    async (blocking) => {
      // Each of these leaves at once, and the receiver's buffer has no room for most of them.
      const { frames, summary, code } = await runSession(
        'udp',
        '--size',
        '4000',
        '--messages',
        '5000',
        '--capacity',
        '20000',
        '--consumer-delay',
        '1000',
        '--warmup',
        '0',
        '--blocking',
        blocking,
      );
      const producer = summary.processes.find((process) => process.role === 'producer');
      expect(producer?.messages).toBe(5000);
      expect(summary.integrity.lost).toBeGreaterThan(100);
      expect(summary.messages + summary.integrity.lost).toBe(5000);
      expect(summary.integrity).toMatchObject({ corrupt: 0, duplicated: 0, reordered: 0 });
      expect(summary.ended_by).toBe('count');
      expect(code).toBe(1);
      expect(frames.at(-1)?.t).toBe('summary');
    },
  );

  it('the warm-up keeps its own losses', async () => {
    const { frames, summary } = await runSession(
      'udp',
      '--size',
      '4000',
      '--capacity',
      '20000',
      '--consumer-delay',
      '1000',
      '--warmup',
      '200',
      '--messages',
      '3000',
    );
    expect(summary.messages + summary.integrity.lost).toBe(3000);
    const warmed = ticksOf(frames).findLast((tick) => tick.phase === 'warmup');
    expect(warmed?.integrity.lost).toBeGreaterThan(0);
  });

  it('the drops are told while it runs, and the fill is the memory that decides them', async () => {
    const { frames } = await runSession('udp', '--size', '1000', ...slow);
    const ticks = ticksOf(frames);
    const drops = gauge(ticks, 'drops');
    expect(drops.length).toBeGreaterThan(3);
    expect(drops.at(-1)).toBeGreaterThan(0);
    expect(drops).toEqual([...drops].sort((a, b) => a - b));
    const fullest = Math.max(
      ...ticks.map(({ queue }) => (queue.used_bytes ?? 0) / (queue.capacity_bytes ?? Infinity)),
    );
    expect(fullest).toBeGreaterThan(0.9);
    expect(ticks.every(({ queue }) => queue.used_messages === null)).toBe(true);
  });

  it('a consumer that stands still costs a conversation its answers, not its end', async () => {
    const session = new RunningHelper([
      'run',
      'udp',
      '--pattern',
      'pingpong',
      '--duration',
      '0',
      '--warmup',
      '0',
    ]);
    await session.until(() => session.of('tick').length > 2);
    const consumer = session.of('hello')[0]?.processes.find(({ role }) => role === 'consumer')?.pid ?? 0;
    process.kill(consumer, 'SIGSTOP');
    const sent = (): number => session.of('tick').at(-1)?.processes[0]?.messages ?? 0;
    // Standing still shows in the ticks before the count is taken.
    const at = session.of('tick').length;
    await session.until(() => session.of('tick').length > at + 3);
    const before = sent();
    await session.until(() => sent() > before);
    process.kill(consumer, 'SIGCONT');
    await session.until(() => sent() > before + 100);
    session.say('stop');
    await session.ended;
    const [summary] = session.of('summary');
    // All of them came in the end: what is late is not lost.
    expect(summary?.integrity).toMatchObject({ lost: 0, corrupt: 0, duplicated: 0 });
  });
});

describe('tcp', () => {
  it('says what holds its sender up', async () => {
    const { frames } = await runSession('tcp', '--size', '16384', ...slow);
    const ticks = ticksOf(frames);
    expect(Math.max(...gauge(ticks, 'rtt_ns'))).toBeGreaterThan(0);
    const held = gauge(ticks, 'rwnd_limited_ns').at(-1) ?? 0;
    const buffered = gauge(ticks, 'sndbuf_limited_ns').at(-1) ?? 0;
    expect(held + buffered).toBeGreaterThan(100e6);
    expect(gauge(ticks, 'busy_ns').at(-1)).toBeGreaterThanOrEqual(held + buffered);
    expect(Math.max(...gauge(ticks, 'notsent_bytes'))).toBeGreaterThan(0);
    expect(gauge(ticks, 'unacked').length).toBe(gauge(ticks, 'rtt_ns').length);
  });
});
