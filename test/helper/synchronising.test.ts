/** Every way of synchronising shared memory makes the calls that it is named after, and sleeps where it says so. */
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../electron/contract/frames.ts';
import { runSession } from '../support/helper.ts';

const callsOf = (frames: Frame[]): string[] =>
  frames.flatMap((frame) => (frame.t === 'call' ? [frame.name] : []));
const objectsOf = (frames: Frame[]): string[] =>
  frames.flatMap((frame) =>
    frame.t === 'hello' ? frame.objects.map(({ name }) => name.split(',')[0] ?? '') : [],
  );
const ticksOf = (frames: Frame[]) => frames.filter((frame) => frame.t === 'tick');

describe('ways of synchronising shared memory', () => {
  const slow = ['--rate', '200', '--duration', '600', '--warmup', '0'];
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

describe.each(['mutex', 'semaphore', 'futex'])(
  'a bounded buffer with several producers and consumers, by %s',
  (sync) => {
    const several = ['shm', '--sync', sync, '--pattern', 'many_to_many', '--warmup', '0'];

    // Without a lock each slot has a number too, and cache lines of its own.
    const stride = sync === 'futex' ? 128 : 64;
    const words: Record<string, { objects: string[]; calls: string[] }> = {
      mutex: {
        objects: ['robust', 'not_full', 'not_empty'],
        calls: ['pthread_mutex_trylock', 'pthread_mutex_unlock', 'futex_wait', 'futex_wake'],
      },
      semaphore: { objects: ['filled', 'vacant', 'guard'], calls: ['sem_trywait', 'sem_wait', 'sem_post'] },
      futex: { objects: [], calls: ['ring_push', 'ring_pop', 'futex_wait', 'futex_wake'] },
    };

    it('counts of each producer how often it found the buffer full', async () => {
      const { summary, frames } = await runSession(
        ...[
          ...several,
          '--producers',
          '3',
          '--capacity',
          String(4 * stride),
          '--consumer-delay',
          '5000',
          '--duration',
          '500',
        ],
      );
      for (const { role, waits, would_block } of summary.processes) {
        if (role === 'producer') expect(waits).toBeGreaterThan(10);
        expect(would_block).toBe(0);
      }
      const used = ticksOf(frames).map((tick) => tick.queue.used_messages ?? 0);
      expect(Math.max(...used)).toBe(4);
      expect(ticksOf(frames).at(-1)?.queue).toMatchObject({ capacity_bytes: 256, capacity_messages: 4 });
    });

    it('counts of each consumer how often it found it empty', async () => {
      const { summary } = await runSession(
        ...several,
        '--consumers',
        '3',
        '--rate',
        '300',
        '--duration',
        '500',
      );
      for (const { role, waits } of summary.processes) {
        // How they share the messages is chance.
        if (role === 'consumer') expect(waits).toBeGreaterThan(0);
        else expect(waits).toBe(0);
      }
    });

    it('names what keeps it in order, and logs the calls', async () => {
      const { frames } = await runSession(...several, '--rate', '300', '--duration', '400');
      expect(objectsOf(frames).slice(1)).toEqual(words[sync]?.objects);
      expect(callsOf(frames)).toEqual(expect.arrayContaining(words[sync]?.calls ?? []));
    });
  },
);

describe.each([
  ['shm', 'mutex'],
  ['shm', 'semaphore'],
  ['mmap', 'mutex'],
])('%s --sync %s: a rendezvous', (mechanism, sync) => {
  const slow = [mechanism, '--sync', sync, '--consumer-delay', '10000', '--duration', '600', '--warmup', '0'];
  const sendersLead = (frames: Frame[]): number =>
    Math.max(
      ...ticksOf(frames).map(({ processes }) => {
        const sum = (role: string): number =>
          processes.filter((p) => p.role === role).reduce((all, p) => all + p.messages, 0);
        return sum('producer') - sum('consumer');
      }),
    );

  it('lets no sender go before its message was taken: a slow consumer holds up every send for as long', async () => {
    const { frames, summary } = await runSession(...slow, '--buffering', 'rendezvous');
    const [producer] = summary.processes;
    // Both are read one after the other, so that one message may have passed in between.
    expect(sendersLead(frames)).toBeLessThanOrEqual(1);
    expect(producer?.messages).toBeLessThanOrEqual(62);
    expect(producer?.waits).toBeGreaterThanOrEqual((producer?.messages ?? 0) - 2);
    expect(producer?.blocked_ns).toBeGreaterThan(0.8 * summary.duration_ns);
    const sleeps = frames.flatMap((frame) =>
      frame.t === 'call' && frame.role === 'producer' && frame.name.endsWith('_wait')
        ? [frame.duration_ns]
        : [],
    );
    const median = sleeps.sort((a, b) => a - b)[sleeps.length >> 1] ?? 0;
    expect(median).toBeGreaterThan(8e6);
    expect(median).toBeLessThan(40e6);
  });

  it('with a buffer the same sends do not wait at all', async () => {
    const { frames, summary } = await runSession(...slow);
    expect(sendersLead(frames)).toBeGreaterThan(1000);
    expect(summary.processes[0]?.messages).toBeGreaterThan(1000);
  });

  it('stores nothing, and says so: at most one message is under way, and there is no capacity', async () => {
    const { frames } = await runSession(...slow, '--buffering', 'rendezvous');
    expect(objectsOf(frames)).toContain('taken');
    for (const { queue } of ticksOf(frames)) {
      expect(queue).toMatchObject({ capacity_bytes: 0, capacity_messages: 0 });
      expect(queue.used_messages).toBeLessThanOrEqual(1);
    }
    expect(Math.max(...ticksOf(frames).map(({ queue }) => queue.used_messages ?? 0))).toBe(1);
  });
});
