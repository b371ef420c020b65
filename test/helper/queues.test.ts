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
