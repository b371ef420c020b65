/** Every mechanism, pattern and way of synchronising carries messages between two real processes, and says so truthfully. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { channels, queues } from '../support/channels.ts';
import { ask, leftovers, runSession, sanitized } from '../support/helper.ts';

const short = ['--duration', '250', '--warmup', '50'];
const PACED = [
  ...['pipe', 'tcp', 'unix --kind datagram', 'mailbox', 'file', 'shm --sync spin', 'shm --sync futex'],
  ...[
    'shm --sync mutex',
    'shm --variant tuned',
    'pipe --variant tuned',
    'unix --variant tuned --kind datagram',
  ],
];
/** Nobody answers a group. */
const patterns = (channel: string[]): string[] =>
  channel[0] === 'multicast' ? ['stream'] : ['stream', 'pingpong'];

describe.each([...channels, ...queues])('%s %s %s %s %s', (...channel) => {
  it.each(patterns(channel))(
    '%s: two processes besides the supervisor, nothing lost, figures that fit together',
    async (pattern) => {
      const { frames, summary, code } = await runSession(...channel, '--pattern', pattern, ...short);
      expect(code).toBe(0);
      const hello = frames[0];
      if (hello?.t !== 'hello') throw new Error('the first frame is no hello');
      expect(hello.processes.map((p) => p.role)).toEqual(['producer', 'consumer']);
      expect(new Set([hello.pid, ...hello.processes.map((p) => p.pid)]).size).toBe(3);
      expect(summary).toMatchObject({ mechanism: channel[0], pattern, ended_by: 'duration' });
      expect(summary.integrity).toMatchObject({
        verified: 'sequence',
        lost: 0,
        corrupt: 0,
        torn: 0,
        duplicated: 0,
        reordered: 0,
      });
      expect(summary.messages).toBeGreaterThan(10);
      expect(summary.bytes).toBe(summary.messages * 64);
      expect(summary.messages_per_s).toBeCloseTo(summary.messages / (summary.duration_ns / 1e9), -1);
      expect(summary.duration_ns).toBeGreaterThan(200e6);
      expect(summary.duration_ns).toBeLessThan(1000e6);
      const { latency } = summary;
      expect(latency.kind).toBe(pattern === 'stream' ? 'one_way' : 'round_trip');
      expect(latency.samples).toBeGreaterThan(0);
      const ascending = [
        latency.min_ns,
        latency.p50_ns,
        latency.p90_ns,
        latency.p99_ns,
        latency.p99_9_ns,
        latency.max_ns,
      ];
      expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
      expect(frames.filter((frame) => frame.t === 'tick').length).toBeGreaterThan(2);
      expect(frames.filter((frame) => frame.t === 'call').length).toBeGreaterThan(2);
      expect(summary.processes.map((p) => p.exit)).toEqual(['exit 0', 'exit 0']);
      expect(summary.machine?.memcpy_bytes_per_s).toBeGreaterThan(1e8);
      expect(summary.machine?.syscall_ns).toBeGreaterThan(10);
      // Two CPUs are needed to pass a cache line; a stream is held against memcpy and system calls.
      if (pattern === 'stream') expect(summary.share_of_limit?.share).toBeGreaterThan(0);
    },
  );
});

describe('options', () => {
  it.each([
    ['pipe'],
    ['fifo'],
    ['unix'],
    ['unix', '--kind', 'datagram'],
    ['unix', '--kind', 'seqpacket'],
    ['tcp'],
    ['shm', '--sync', 'futex'],
    ['mmap', '--sync', 'futex'],
    ['file'],
    ['mailbox'],
    ['mq', '--kind', 'posix'],
    ['mq', '--kind', 'sysv'],
    ['pipe', '--variant', 'tuned'],
    ['fifo', '--variant', 'tuned'],
    ['unix', '--variant', 'tuned'],
    ['unix', '--variant', 'tuned', '--kind', 'datagram'],
    ['unix', '--variant', 'tuned', '--kind', 'seqpacket'],
    ['tcp', '--variant', 'tuned'],
  ])('%s %s %s %s %s without blocking counts the answers “would block”', async (...channel) => {
    const slow = ['--blocking', 'false', '--consumer-delay', '200', '--size', '8192'];
    const { summary } = await runSession(...channel, ...slow, ...short);
    expect(summary.integrity.lost).toBe(0);
    const producer = summary.processes.find((process) => process.role === 'producer');
    expect(producer?.would_block).toBeGreaterThan(0);
  });

  // The schedule is the producer's, and no channel knows of it: once for each way of waiting for room, and for gathering.
  const paced = channels.filter((one) => !sanitized && PACED.includes(one.join(' ')));
  it.each(paced)('%s %s %s %s %s: a rate is kept, and the consumer gets that many', async (...channel) => {
    const { summary } = await runSession(
      ...[...channel, '--rate', '2000', '--duration', '500', '--warmup', '100'],
    );
    expect(summary.messages_per_s).toBeGreaterThan(1800);
    expect(summary.messages_per_s).toBeLessThan(2200);
  });

  it('under a rate that the consumer cannot keep, waiting counts as latency (coordinated omission)', async () => {
    // 1,000 a second are offered, 2 ms each are taken: after 1 s the newest message is hundreds of ms late.
    const { summary } = await runSession(
      'pipe',
      '--rate',
      '1000',
      '--consumer-delay',
      '2000',
      '--duration',
      '1000',
      '--warmup',
      '0',
    );
    expect(summary.latency.max_ns).toBeGreaterThan(200e6);
    expect(summary.latency.p50_ns).toBeGreaterThan(50e6);
  });

  it('a slow consumer fills the pipe, and the writer is seen blocked', async () => {
    const { frames } = await runSession(
      'pipe',
      '--consumer-delay',
      '1000',
      '--size',
      '4096',
      '--duration',
      '600',
      '--warmup',
      '0',
    );
    const ticks = frames.filter((frame) => frame.t === 'tick');
    const fullest = Math.max(
      ...ticks.map((tick) => (tick.queue.used_bytes ?? 0) / (tick.queue.capacity_bytes ?? 1)),
    );
    expect(fullest).toBeGreaterThan(0.8);
    const last = ticks.at(-1)?.processes.find((process) => process.role === 'producer');
    expect(last?.blocked_ns).toBeGreaterThan(300e6);
    const asleep = ticks.flatMap((tick) => tick.processes).filter(({ role }) => role === 'producer');
    expect(asleep.some(({ waiting_in }) => waiting_in?.endsWith('pipe_write'))).toBe(true);
    // Who may read the one may read the other (proc_pid_syscall(5)).
    expect(asleep.some(({ waiting_call }) => waiting_call === 'write')).toBe(true);
  });

  it('the capacity that was asked for is the one the pipe has', async () => {
    const { frames } = await runSession('pipe', '--capacity', '4096', ...short);
    const hello = frames[0];
    expect(hello?.t === 'hello' && hello.objects[0]).toMatchObject({ capacity_bytes: 4096, slots: 1 });
  });

  it('placement is where the processes really run', async () => {
    const { summary: same } = await runSession('pipe', '--placement', 'same', ...short);
    expect(new Set(same.processes.flatMap((process) => process.cpus)).size).toBe(1);
    expect(same.processes.map((process) => process.migrations)).toEqual([0, 0]);
    // On one CPU no cache line has to go anywhere.
    expect(same.machine?.cache_line_round_trip_ns).toBeNull();
    const { summary: chosen } = await runSession('pipe', '--placement', '0,0', ...short);
    expect(chosen.processes.map((process) => process.cpus)).toEqual([[0], [0]]);
  });

  it('shared memory with no synchronisation reports its torn or lost messages, and does not call them good', async () => {
    const { summary, code } = await runSession(
      'shm',
      '--sync',
      'none',
      '--size',
      '4096',
      '--verify',
      'full',
      '--duration',
      '500',
    );
    const { lost, torn, duplicated } = summary.integrity;
    expect(lost + torn + duplicated).toBeGreaterThan(0);
    expect(code).toBe(1);
  });

  it('warm-up is not counted', async () => {
    const { frames, summary } = await runSession('pipe', '--warmup', '400', '--duration', '200');
    expect(frames.some((frame) => frame.t === 'tick' && frame.phase === 'warmup')).toBe(true);
    expect(summary.duration_ns).toBeLessThan(390e6);
    const consumer = frames
      .findLast((frame) => frame.t === 'tick')
      ?.processes.find((p) => p.role === 'consumer');
    expect(consumer?.messages).toBeGreaterThan(summary.messages);
  });
});

describe('warnings', () => {
  it('tell of a buffer that is smaller than a message', async () => {
    const { summary } = await runSession('pipe', '--size', '100000', '--capacity', '65536', ...short);
    expect(summary.warnings.map(({ code }) => code)).toContain('buffer_below_message');
    const { summary: fits } = await runSession('pipe', '--size', '10000', ...short);
    expect(fits.warnings.map(({ code }) => code)).not.toContain('buffer_below_message');
  });

  it('tell of a round trip that is mostly the waking of another CPU, and only of that', async () => {
    const rounds = ['pipe', '--pattern', 'pingpong', '--duration', '400', '--warmup', '50'];
    const { summary: same } = await runSession(...rounds, '--placement', 'same');
    expect(same.machine).not.toHaveProperty('wake_other_cpu_ns');
    expect(same.warnings.map(({ code }) => code)).not.toContain('wake_up_cost');
    if (availableParallelism() < 2) return;
    const { summary: apart } = await runSession(...rounds, '--placement', 'apart');
    const { wake_other_cpu_ns: other = 0, wake_same_cpu_ns: own = 0 } = apart.machine ?? {};
    expect(own).toBeGreaterThan(100);
    expect(other).toBeGreaterThan(100);
    const slept = apart.processes.every(({ voluntary_switches }) => voluntary_switches > apart.messages / 2);
    const dominated = slept && 2 * (other - own) >= apart.latency.p50_ns / 2;
    const warning = apart.warnings.find(({ code }) => code === 'wake_up_cost');
    expect(warning !== undefined).toBe(dominated);
    if (warning !== undefined) expect(warning.effect).toMatch(/About \d+ % of the median/);
  });

  it('tell of too few samples, and of processes that share a CPU by spinning', async () => {
    const { summary: few } = await runSession('pipe', '--messages', '50', '--duration', '0', '--warmup', '0');
    expect(few.warnings.map(({ code }) => code)).toContain('too_few_samples');
    const { summary: spun } = await runSession('shm', '--sync', 'spin', '--placement', 'same', ...short);
    expect(spun.warnings.map(({ code }) => code)).toContain('spin_on_one_cpu');
  });

  it('tell of CPUs that others wanted too', async () => {
    const busy = Array.from({ length: 2 * availableParallelism() }, () =>
      spawn('sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' }),
    );
    try {
      const { summary } = await runSession('shm', '--sync', 'spin', '--duration', '1000', '--warmup', '0');
      expect(summary.warnings.map(({ code }) => code)).toContain('crowded_cpus');
    } finally {
      for (const one of busy) one.kill('SIGKILL');
    }
  });
});

describe('describe', () => {
  it('names the mechanisms with options whose defaults are within their ranges', async () => {
    const { frames, code } = await ask('describe');
    expect(code).toBe(0);
    const [described] = frames;
    if (described?.t !== 'describe') throw new Error('no describe frame');
    expect(described.mechanisms.map((mechanism) => mechanism.id)).toEqual(
      expect.arrayContaining([
        'pipe',
        'fifo',
        'unix',
        'tcp',
        'udp',
        'multicast',
        'mailbox',
        'mq',
        'shm',
        'mmap',
        'file',
      ]),
    );
    for (const { options } of described.mechanisms) {
      for (const option of options) {
        if (option.kind === 'integer') {
          const usual = option.zero !== undefined && option.default === 0;
          expect(usual || (option.default >= option.min && option.default <= option.max), option.name).toBe(
            true,
          );
        }
        if (option.kind === 'choice') expect(option.values).toContain(option.default);
      }
    }
  });
});

describe('after all of this', () => {
  it('nothing is left in the system', () => {
    expect(leftovers()).toEqual([]);
  });
});
