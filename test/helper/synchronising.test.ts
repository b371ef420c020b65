/** Every way of synchronising shared memory makes the calls that it is named after, and sleeps where it says so. */
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../electron/contract/frames.ts';
import { runSession } from '../support/helper.ts';

describe('ways of synchronising shared memory', () => {
  const slow = ['--rate', '200', '--duration', '600', '--warmup', '0'];
  const callsOf = (frames: Frame[]) => frames.flatMap((frame) => (frame.t === 'call' ? [frame.name] : []));
  const kindsOf = (frames: Frame[]) =>
    frames.flatMap((frame) => (frame.t === 'hello' ? frame.objects.map((object) => object.kind) : []));

  it('mutex: a monitor with its two conditions, one for each direction of messages', async () => {
    const { frames } = await runSession('shm', '--sync', 'mutex', ...slow);
    expect(kindsOf(frames)).toEqual(['shared_memory', 'mutex', 'condition_variable', 'condition_variable']);
    expect(callsOf(frames)).toEqual(
      expect.arrayContaining([
        'pthread_mutex_lock',
        'pthread_mutex_unlock',
        'pthread_cond_timedwait',
        'pthread_cond_signal',
      ]),
    );
  });

  it('eventfd: one sleeps in poll, the other rings with write', async () => {
    const { frames } = await runSession('shm', '--sync', 'eventfd', ...slow);
    expect(kindsOf(frames)).toEqual(['shared_memory', 'eventfd', 'eventfd']);
    expect(callsOf(frames)).toEqual(expect.arrayContaining(['poll', 'write']));
  });

  it('adaptive: sleeps where waits are long, instead of burning a CPU', async () => {
    const { frames, summary } = await runSession('shm', '--sync', 'adaptive', ...slow);
    const consumer = summary.processes.find((process) => process.role === 'consumer');
    expect(callsOf(frames)).toContain('futex_wait');
    expect(consumer?.voluntary_switches).toBeGreaterThan(50);
    const busy_ns = (consumer?.cpu_user_ns ?? 0) + (consumer?.cpu_sys_ns ?? 0);
    expect(busy_ns / summary.duration_ns).toBeLessThan(0.3);
  });

  it.each(['futex', 'adaptive', 'spin'])(
    'tuned %s: a producer that waits holds nothing back',
    async (sync) => {
      const { summary } = await runSession(
        ...[
          'shm',
          '--sync',
          sync,
          '--variant',
          'tuned',
          '--rate',
          '500',
          '--duration',
          '1500',
          '--warmup',
          '0',
        ],
      );
      // Held back until 256 have come together, half of them would be late by a quarter of a second.
      expect(summary.latency.p50_ns).toBeLessThan(100e6);
      expect(summary.integrity).toMatchObject({ lost: 0, reordered: 0 });
    },
  );

  it('adaptive: does not spin where both sides share one CPU', async () => {
    const { frames } = await runSession('shm', '--sync', 'adaptive', '--placement', 'same', ...slow);
    expect(callsOf(frames)).not.toContain('spin');
    expect(callsOf(frames)).toContain('futex_wait');
  });
});
