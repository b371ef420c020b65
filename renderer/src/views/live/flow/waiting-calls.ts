/**
 * System calls in which a process can only be asleep because of the channel: full when it sends, empty when it receives.
 * Those that wait for a time or a lock (futex, clock_nanosleep, poll) are left out: under a rate limit they mean nothing.
 */
export const SENDING: ReadonlySet<string> = new Set([
  'write',
  'writev',
  'sendto',
  'sendmsg',
  'sendmmsg',
  'mq_timedsend',
  'msgsnd',
  'vmsplice',
]);

export const RECEIVING: ReadonlySet<string> = new Set([
  'read',
  'readv',
  'recvfrom',
  'recvmsg',
  'recvmmsg',
  'mq_timedreceive',
  'msgrcv',
  'rt_sigtimedwait',
]);
