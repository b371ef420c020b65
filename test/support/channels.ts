/** The channels that tests go through one by one: every mechanism, its kinds and ways of waiting, by the words of `run`. */

export const channels: string[][] = [
  ['pipe'],
  ['fifo'],
  ['unix'],
  ['unix', '--address', 'path'],
  ['unix', '--kind', 'datagram'],
  ['unix', '--kind', 'seqpacket', '--address', 'path'],
  ['tcp'],
  // Slow enough that nothing is lost, even when the receiver does not get a CPU for a second.
  ['udp', '--rate', '200'],
  ['shm', '--sync', 'spin'],
  ['shm', '--sync', 'futex'],
  ['shm', '--sync', 'semaphore'],
  ['mmap', '--sync', 'spin'],
  ['mmap', '--sync', 'futex'],
  ['mmap', '--sync', 'semaphore'],
  ['file'],
  ['shm', '--sync', 'mutex'],
  ['shm', '--sync', 'eventfd'],
  ['shm', '--sync', 'adaptive'],
  ['shm', '--variant', 'tuned'],
  ['pipe', '--variant', 'tuned'],
  ['fifo', '--variant', 'tuned'],
  ['unix', '--variant', 'tuned'],
  ['unix', '--variant', 'tuned', '--kind', 'datagram'],
  ['unix', '--variant', 'tuned', '--kind', 'seqpacket'],
  ['tcp', '--variant', 'tuned'],
  ['udp', '--variant', 'tuned', '--rate', '200'],
  ['multicast', '--pattern', 'stream', '--rate', '100', '--capacity', '212992'],
  ['mailbox'],
  ['mailbox', '--address', 'abstract', '--blocking', 'false'],
  ['pipe', '--receive', 'epoll'],
  ['tcp', '--receive', 'poll'],
  ['unix', '--kind', 'seqpacket', '--receive', 'epoll'],
  ['unix', '--kind', 'datagram', '--receive', 'poll'],
  ['shm', '--sync', 'mutex', '--buffering', 'rendezvous'],
  ['mmap', '--sync', 'semaphore', '--buffering', 'rendezvous'],
];
/** Whose system bounds a message: 8 KiB unless an administrator chose otherwise. */
export const queues: string[][] = [
  ['mq', '--kind', 'posix'],
  ['mq', '--kind', 'posix', '--blocking', 'false', '--priority', '32767'],
  ['mq', '--kind', 'sysv'],
  ['mq', '--kind', 'sysv', '--blocking', 'false'],
  ['mq', '--receive', 'epoll'],
];

/** The greatest message of a channel: one that keeps messages apart takes each in one piece. */
export function greatest(channel: string[]): number {
  if (channel[0] === 'mq') return 8192;
  if (channel[0] === 'udp' || channel[0] === 'multicast') return 65_507;
  // With the send buffer of a system that nobody has tuned.
  const whole = channel[0] === 'mailbox' || channel.includes('datagram') || channel.includes('seqpacket');
  return whole ? 200_000 : 16_777_216;
}
