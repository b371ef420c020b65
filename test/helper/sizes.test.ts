/** Messages of every size go through every kind of channel whole: the borders of headers, pages and buffers. */
import { describe, expect, it } from 'vitest';
import { channels, queues } from '../support/channels.ts';
import { runSession, sanitized } from '../support/helper.ts';

/** The greatest message of a channel: one that keeps messages apart takes each in one piece. */
function greatest(channel: string[]): number {
  if (channel[0] === 'mq') return 8192;
  if (channel[0] === 'udp' || channel[0] === 'multicast') return 65_507;
  // With the send buffer of a system that nobody has tuned.
  const whole = channel[0] === 'mailbox' || channel.includes('datagram') || channel.includes('seqpacket');
  return whole ? 200_000 : 16_777_216;
}
const everySize = [1, 7, 23, 24, 100, 4097, 8192, 65_507, 200_000, 1 << 20];
const someSizes = [7, 4097, 200_000];

/** A channel that differs from one before it in how it waits, and not in how it cuts, is tried at fewer sizes. */
function sizesOf(channel: string[]): number[] {
  const alike = ['--receive', '--buffering', '--address', '--blocking'].some((flag) =>
    channel.includes(flag),
  );
  if (sanitized && alike) return [];
  const sizes = sanitized ? [4097] : alike ? someSizes : everySize;
  return sizes.filter((size) => size <= greatest(channel));
}

describe.each([...channels, ...queues])('%s %s %s %s %s', (...channel) => {
  it.each(sizesOf(channel))('carries messages of %i B whole', async (size) => {
    const { summary } = await runSession(
      ...channel,
      '--size',
      String(size),
      '--messages',
      '60',
      '--warmup',
      '0',
      '--verify',
      'full',
    );
    expect(summary.ended_by).toBe('count');
    expect(summary.messages).toBe(60);
    expect(summary.bytes).toBe(60 * size);
    expect(summary.integrity).toMatchObject({
      verified: 'full',
      lost: 0,
      corrupt: 0,
      torn: 0,
      duplicated: 0,
      reordered: 0,
    });
    expect(summary.warnings.some((warning) => warning.code === 'header_truncated')).toBe(size < 24);
  });
});

it('the largest message, 16 MiB, goes through every mechanism that takes messages in pieces', async () => {
  for (const channel of channels.filter((one) => greatest(one) >= 16_777_216)) {
    const { summary } = await runSession(
      ...channel,
      '--size',
      '16777216',
      '--messages',
      '5',
      '--warmup',
      '0',
      '--verify',
      'full',
    );
    expect(summary).toMatchObject({ messages: 5, integrity: { lost: 0, corrupt: 0 } });
  }
});
