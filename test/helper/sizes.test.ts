/** Messages of every size, up to the greatest, go through every channel whole. */
import { describe, expect, it } from 'vitest';
import { channels, greatest, queues } from '../support/channels.ts';
import { leftovers, runSession, sanitized } from '../support/helper.ts';

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

describe.each([...channels, ...queues].filter((channel) => sizesOf(channel).length > 0))(
  '%s %s %s %s %s',
  (...channel) => {
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
  },
);

it.each(channels.filter((one) => greatest(one) >= 16_777_216))(
  '%s %s %s %s %s: the largest message, 16 MiB, goes through whole',
  async (...channel) => {
    const { summary } = await runSession(
      ...[...channel, '--size', '16777216', '--messages', '5', '--warmup', '0', '--verify', 'full'],
    );
    expect(summary).toMatchObject({ messages: 5, integrity: { lost: 0, corrupt: 0 } });
  },
);

it('nothing is left in the system', () => {
  expect(leftovers()).toEqual([]);
});
