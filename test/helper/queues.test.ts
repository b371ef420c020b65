/** Message queues: how full they are, who used them last, and the calls that carry their messages. */
import { describe, expect, it } from 'vitest';
import { runSession } from '../support/helper.ts';

const short = ['--duration', '250', '--warmup', '50'];

describe.each(['posix', 'sysv'])('mq --kind %s', (kind) => {
  const slow = ['mq', '--kind', kind, '--consumer-delay', '5000', '--size', '100', '--warmup', '0'];

  it('a slow consumer fills the queue to the message, and the bytes in it are those of its messages', async () => {
    const { frames } = await runSession(...slow, '--capacity', '4', '--duration', '400');
    const hello = frames[0];
    expect(hello?.t === 'hello' && hello.objects[0]).toMatchObject({
      kind: 'message_queue',
      mode: '0600',
      capacity_bytes: 400,
    });
    const queues = frames.filter((frame) => frame.t === 'tick').map((tick) => tick.queue);
    expect(Math.max(...queues.map((queue) => queue.used_messages ?? 0))).toBe(4);
    expect(Math.max(...queues.map((queue) => queue.used_bytes ?? 0))).toBe(400);
    for (const queue of queues) {
      expect(queue).toMatchObject({ capacity_messages: 4, capacity_bytes: 400 });
    }
  });

  it('the log tells the calls that were really made', async () => {
    const { frames } = await runSession(...slow, '--duration', '200');
    const calls = new Set(frames.filter((frame) => frame.t === 'call').map((call) => call.name));
    expect([...calls].sort()).toEqual(
      kind === 'sysv' ? ['msgget', 'msgrcv', 'msgsnd'] : ['mq_open', 'mq_receive', 'mq_send'],
    );
  });

  it('a conversation needs two POSIX queues, and one of System V, whose messages have types', async () => {
    const { frames } = await runSession('mq', '--kind', kind, '--pattern', 'pingpong', ...short);
    const hello = frames[0];
    expect(hello?.t === 'hello' && hello.objects.length).toBe(kind === 'sysv' ? 1 : 2);
  });
});

describe.each(['posix', 'sysv'])('mq --kind %s with several processes', (kind) => {
  const objectsOf = async (...args: string[]): Promise<number> => {
    const { frames } = await runSession('mq', '--kind', kind, ...args, ...short);
    return frames[0]?.t === 'hello' ? frames[0].objects.length : NaN;
  };

  it('has one queue for all, and of POSIX a queue for each consumer of a broadcast, of System V a type', async () => {
    expect(await objectsOf('--pattern', 'many_to_many', '--producers', '3', '--consumers', '3')).toBe(1);
    expect(await objectsOf('--pattern', 'broadcast', '--consumers', '3')).toBe(kind === 'posix' ? 3 : 1);
  });

  it.each(['many_to_many', 'broadcast'])(
    '%s: slow consumers fill the queue to the message',
    async (pattern) => {
      const slow = ['--consumer-delay', '20000', '--capacity', '5', '--size', '100', '--warmup', '0'];
      const { frames, summary } = await runSession(
        ...['mq', '--kind', kind, '--pattern', pattern, ...slow, '--duration', '300'],
      );
      const queues = frames.filter((frame) => frame.t === 'tick').map((tick) => tick.queue);
      expect(Math.max(...queues.map((queue) => queue.used_messages ?? 0))).toBe(5);
      expect(Math.max(...queues.map((queue) => queue.used_bytes ?? 0))).toBe(500);
      expect(summary.integrity.lost).toBe(0);
    },
  );

  it('a message that waits among ends is still taken: as many ends as consumers, behind everything', async () => {
    const lots = ['--pattern', 'many_to_many', '--producers', '2', '--consumers', '9', '--capacity', '3'];
    for (const messages of [1, 2, 10]) {
      const { summary } = await runSession(
        ...[
          'mq',
          '--kind',
          kind,
          ...lots,
          '--messages',
          String(messages),
          '--duration',
          '0',
          '--warmup',
          '0',
        ],
      );
      expect(summary).toMatchObject({ messages, integrity: { lost: 0 }, ended_by: 'count' });
      expect(summary.processes.every(({ exit }) => exit === 'exit 0')).toBe(true);
    }
  });
});

describe('System V queues', () => {
  it('tell who sent and who received last', async () => {
    const { frames, summary } = await runSession('mq', '--kind', 'sysv', '--rate', '1000', ...short);
    const [producer, consumer] = summary.processes;
    const ticks = frames.filter((frame) => frame.t === 'tick' && frame.phase === 'measure');
    expect(ticks.at(-1)).toMatchObject({
      queue: { gauges: { last_sender_pid: producer?.pid, last_receiver_pid: consumer?.pid } },
    });
  });
});
