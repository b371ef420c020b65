/** Signals as messages: queued ones arrive all and in order, standard ones merge, and both are counted to the last. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, helper, leftovers, RunningHelper, runSession } from '../support/helper.ts';

const WHOLE = { lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 };
const endless = ['--duration', '0', '--warmup', '0'];
const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

async function start(...args: string[]): Promise<RunningHelper> {
  const session = new RunningHelper(['run', 'signal', ...args]);
  started.push(session);
  await session.until(() => session.of('tick').length > 2);
  return session;
}

const pidOf = (session: RunningHelper, role: string): number =>
  session.of('hello')[0]?.processes.find((process) => process.role === role)?.pid ?? 0;

describe('real-time signals', () => {
  it.each([
    ['stream', 'true', 'one_way'],
    ['stream', 'false', 'one_way'],
    ['pingpong', 'true', 'round_trip'],
    ['pingpong', 'false', 'round_trip'],
  ])(
    '%s, blocking %s: every one arrives in order, and its latency is taken',
    async (pattern, blocking, kind) => {
      const { frames, summary, code } = await runSession(
        ...['signal', '--pattern', pattern, '--blocking', blocking, '--messages', '4000', '--warmup', '20'],
      );
      expect(code).toBe(0);
      expect(summary).toMatchObject({ messages: 4000, bytes: 32_000, ended_by: 'count', integrity: WHOLE });
      expect(summary.options).toMatchObject({ kind: 'realtime', size_bytes: 8 });
      expect(summary.latency.kind).toBe(kind);
      expect(summary.latency.samples).toBeGreaterThan(10);
      expect(summary.latency.p50_ns).toBeGreaterThan(200);
      expect(summary.latency.max_ns).toBeLessThan(summary.duration_ns + 1e9);
      expect(summary.warnings.map((warning) => warning.code)).not.toContain('header_truncated');
      const calls = new Set(frames.flatMap((frame) => (frame.t === 'call' ? [frame.name] : [])));
      expect(calls).toContain('pidfd_send_signal');
      expect(calls).toContain(blocking === 'true' ? 'sigwaitinfo' : 'sigtimedwait');
      const [hello] = frames;
      const consumer = hello?.t === 'hello' ? hello.processes[1]?.pid : 0;
      expect(hello?.t === 'hello' && hello.objects).toMatchObject([
        { kind: 'signal', name: `SIGRTMIN (34) to pid ${consumer}`, mode: 'none' },
      ]);
    },
  );

  it('at a rate every latency is taken, in a table beside the signals that have no room for it', async () => {
    const { summary } = await runSession('signal', '--rate', '2000', '--messages', '1000', '--warmup', '0');
    expect(summary.latency.samples).toBe(1000);
    expect(summary.latency.p50_ns).toBeLessThan(100e6);
  });

  it('a full queue holds the sender up, and nothing is lost', async () => {
    const full = ['--capacity', '50', '--consumer-delay', '500', '--duration', '600', '--warmup', '0'];
    const { frames, summary, code } = await runSession('signal', ...full);
    expect(code).toBe(0);
    expect(summary.integrity).toMatchObject(WHOLE);
    expect(summary.processes[0]?.would_block).toBeGreaterThan(20);
    const queues = frames.flatMap((frame) => (frame.t === 'tick' ? [frame.queue] : []));
    expect(new Set(queues.flatMap((queue) => queue.capacity_messages ?? []))).toEqual(new Set([50]));
    expect(Math.max(...queues.map((queue) => queue.used_messages ?? 0))).toBeGreaterThan(40);
    expect(Math.max(...queues.map((queue) => queue.gauges?.['user_signals'] ?? 0))).toBeGreaterThan(40);
    expect(frames).toContainEqual(
      expect.objectContaining({ t: 'call', name: 'pidfd_send_signal', errno: 'EAGAIN' }),
    );
  });

  it('what strangers send is not taken for a message', async () => {
    const session = await start('--rate', '200', ...endless);
    const target = pidOf(session, 'consumer');
    for (let i = 0; i < 20; i++) spawnSync('kill', ['-34', String(target)]);
    const at = session.of('tick').length;
    await session.until(() => session.of('tick').length > at + 3);
    session.say('stop');
    expect((await session.ended).code).toBe(0);
    const [summary] = session.of('summary');
    expect(summary?.integrity).toMatchObject(WHOLE);
    expect(summary?.processes[0]?.messages).toBe(summary?.processes[1]?.messages);
  });

  it('a consumer that is stopped for a while (SIGSTOP) finds them all queued', async () => {
    const session = await start('--rate', '500', ...endless);
    process.kill(pidOf(session, 'consumer'), 'SIGSTOP');
    await session.until(() => (session.of('tick').at(-1)?.queue.used_messages ?? 0) > 100);
    process.kill(pidOf(session, 'consumer'), 'SIGCONT');
    await session.until(() => session.of('tick').at(-1)?.queue.used_messages === 0);
    session.say('stop');
    expect((await session.ended).code).toBe(0);
    expect(session.of('summary')[0]?.integrity).toMatchObject(WHOLE);
  });
});

describe('standard signals', () => {
  it('merge while one is pending: those that never arrive are counted exactly', async () => {
    const { frames, summary, code } = await runSession(
      ...['signal', '--kind', 'standard', '--messages', '5000', '--warmup', '0', '--consumer-delay', '200'],
    );
    expect(summary.processes[0]?.messages).toBe(5000);
    expect(summary.integrity.lost).toBeGreaterThan(100);
    expect(summary.messages + summary.integrity.lost).toBe(5000);
    expect(summary.integrity).toMatchObject({ corrupt: 0, torn: 0, duplicated: 0, reordered: 0 });
    expect(summary.options['size_bytes']).toBe(1);
    // They have no number to find a time by.
    expect(summary.latency.samples).toBe(0);
    expect(summary.warnings.map((warning) => warning.code)).toContain('signals_merged');
    expect(code).toBe(1);
    for (const frame of frames) {
      // Of a receiver that has ended nothing is pending any more.
      if (frame.t !== 'tick' || frame.queue.used_messages === null) continue;
      expect(frame.queue.capacity_messages).toBe(1);
      expect(frame.queue.used_messages).toBeLessThanOrEqual(1);
    }
  });

  it('while it runs, never more are called merged than are, nor fewer later on', async () => {
    const session = await start('--kind', 'standard', '--consumer-delay', '100', ...endless);
    await session.until(() => (session.of('tick').at(-1)?.queue.gauges?.['merged'] ?? 0) > 1000);
    session.say('stop');
    await session.ended;
    const merged = session.of('tick').map((tick) => tick.queue.gauges?.['merged'] ?? 0);
    expect(merged).toEqual([...merged].sort((a, b) => a - b));
    expect(session.of('summary')[0]?.integrity.lost).toBeGreaterThanOrEqual(merged.at(-1) ?? 0);
    expect(session.of('tick').at(-1)?.integrity.lost).toBeGreaterThan(1000);
  });

  it('the warm-up keeps its own merged ones', async () => {
    const { summary } = await runSession(
      ...['signal', '--kind', 'standard', '--messages', '3000', '--warmup', '100', '--consumer-delay', '200'],
    );
    expect(summary.messages + summary.integrity.lost).toBe(3000);
  });

  it('one answered before the next is sent never merges', async () => {
    const { summary, code } = await runSession(
      ...['signal', '--kind', 'standard', '--pattern', 'pingpong', '--messages', '3000', '--warmup', '0'],
    );
    expect(code).toBe(0);
    expect(summary).toMatchObject({ messages: 3000, integrity: WHOLE, latency: { kind: 'round_trip' } });
    expect(summary.latency.samples).toBeGreaterThan(100);
  });
});

describe('limits', () => {
  it('describe tells RLIMIT_SIGPENDING, and a wish above it is told how it is raised', async () => {
    const soft = Number(/Max pending signals\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
    const [described] = (await ask('describe')).frames;
    if (described?.t !== 'describe') throw new Error('no description');
    if (Number.isFinite(soft)) expect(described.limits['pending_signals']).toBe(soft);
    const limited = spawnSync('bash', ['-c', `ulimit -i 100; exec ${helper} run signal --capacity 101`], {
      encoding: 'utf8',
    });
    expect(JSON.parse(limited.stdout.split('\n')[0] ?? '')).toMatchObject({
      t: 'error',
      code: 'out_of_range',
      where: '--capacity',
      allowed: '0..100',
      message: expect.stringMatching(/RLIMIT_SIGPENDING allows 100 \(raised by ulimit -i N\)/),
    });
  });

  it('nothing is left', () => {
    expect(leftovers()).toEqual([]);
  });
});
