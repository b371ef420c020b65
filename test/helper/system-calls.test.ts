/** Every mechanism carries its messages by its real system calls: strace(1) counts them from outside. */
import { describe, expect, it } from 'vitest';
import { leftovers } from '../support/helper.ts';
import { trace, traces } from '../support/strace.ts';

const MESSAGES = 120;

/**
 * Calls that each message takes at least once, and calls that make the object. Where messages are copied through memory
 * there is none a message: then only what makes the object, and what waits. Tuned variants have several messages a call.
 * `says`: what stands among the arguments at least once.
 */
const CALLS: { run: string[]; each: string[]; once: string[]; says?: string[] }[] = [
  { run: ['pipe'], each: ['write', 'read'], once: ['pipe2'] },
  {
    run: ['unix', '--address', 'path'],
    each: ['sendto', 'recvfrom'],
    once: ['bind', 'listen', 'accept4', 'connect', 'unlink'],
  },
  {
    run: ['unix', '--kind', 'seqpacket'],
    each: ['sendto', 'recvfrom'],
    once: ['bind', 'listen', 'accept4', 'connect'],
  },
  { run: ['unix', '--kind', 'datagram'], each: ['sendto', 'recvfrom'], once: ['bind', 'connect'] },
  // Slow enough that nothing is lost.
  { run: ['udp', '--rate', '400'], each: ['sendto', 'recvfrom'], once: ['bind', 'connect'] },
  {
    run: ['multicast', '--pattern', 'stream', '--rate', '400'],
    each: ['sendto', 'recvfrom'],
    once: ['bind', 'connect', 'setsockopt'],
  },
  { run: ['mailbox'], each: ['sendto', 'recvfrom'], once: ['bind', 'unlink'] },
  { run: ['tcp'], each: ['sendto', 'recvfrom'], once: ['bind', 'listen', 'accept4', 'connect'] },
  { run: ['shm', '--sync', 'futex', '--rate', '400'], each: [], once: ['mmap', 'futex'] },
  { run: ['shm', '--sync', 'semaphore', '--rate', '400'], each: [], once: ['mmap', 'futex'] },
  // What mq_send and mq_receive are called in the kernel, with a deadline or without.
  {
    run: ['mq', '--kind', 'posix'],
    each: ['mq_timedsend', 'mq_timedreceive'],
    once: ['mq_open', 'mq_unlink'],
  },
  { run: ['mq', '--kind', 'sysv'], each: ['msgsnd', 'msgrcv'], once: ['msgget', 'msgctl'] },
  { run: ['shm', '--sync', 'mutex', '--rate', '400'], each: [], once: ['mmap', 'futex'] },
  {
    run: ['mq', '--kind', 'posix', '--pattern', 'many_to_many'],
    each: ['mq_timedsend', 'mq_timedreceive'],
    once: ['mq_open', 'mq_unlink'],
  },
  {
    run: ['mq', '--kind', 'sysv', '--pattern', 'many_to_many'],
    each: ['msgsnd', 'msgrcv'],
    once: ['msgget', 'msgctl'],
  },
  {
    run: ['shm', '--sync', 'futex', '--pattern', 'many_to_many', '--rate', '400'],
    each: [],
    once: ['mmap', 'futex'],
  },
  {
    run: ['shm', '--sync', 'mutex', '--pattern', 'many_to_many', '--rate', '400'],
    each: [],
    once: ['mmap', 'futex'],
  },
  {
    run: ['shm', '--sync', 'semaphore', '--pattern', 'many_to_many', '--rate', '400'],
    each: [],
    once: ['mmap', 'futex'],
  },
  // Nobody takes a message while its sender is still inside: every one of them sleeps.
  { run: ['shm', '--sync', 'mutex', '--buffering', 'rendezvous'], each: ['futex'], once: ['mmap'] },
  {
    run: ['shm', '--sync', 'semaphore', '--buffering', 'rendezvous', '--rate', '400'],
    each: [],
    once: ['mmap', 'futex'],
  },
  { run: ['shm', '--sync', 'adaptive', '--rate', '400'], each: [], once: ['mmap', 'futex'] },
  {
    run: ['shm', '--sync', 'eventfd', '--rate', '400'],
    each: [],
    once: ['mmap', 'eventfd2', 'poll', 'write', 'read'],
  },
  { run: ['shm', '--sync', 'spin'], each: [], once: ['mmap'] },
  { run: ['fifo'], each: ['write', 'read'], once: ['openat', 'unlink'] },
  { run: ['pipe', '--receive', 'poll'], each: ['write', 'poll', 'read'], once: ['pipe2'] },
  { run: ['fifo', '--receive', 'epoll'], each: ['write', 'epoll_wait', 'read'], once: ['epoll_create1'] },
  { run: ['tcp', '--receive', 'epoll'], each: ['sendto', 'epoll_wait', 'recvfrom'], once: ['epoll_ctl'] },
  { run: ['unix', '--receive', 'poll'], each: ['sendto', 'poll', 'recvfrom'], once: ['accept4'] },
  {
    run: ['udp', '--receive', 'epoll', '--rate', '400'],
    each: ['sendto', 'epoll_wait', 'recvfrom'],
    once: ['epoll_ctl'],
  },
  { run: ['mq', '--receive', 'poll'], each: ['mq_timedsend', 'poll', 'mq_timedreceive'], once: ['mq_open'] },
  // A wake takes from all connections that are ready, so it is not one a message.
  {
    run: ['tcp', '--pattern', 'fan_in'],
    each: ['sendto', 'recvfrom'],
    once: ['listen', 'accept4', 'connect', 'poll'],
  },
  {
    run: ['unix', '--kind', 'seqpacket', '--pattern', 'fan_in', '--receive', 'epoll'],
    each: ['sendto', 'recvfrom'],
    once: ['accept4', 'epoll_create1', 'epoll_ctl', 'epoll_wait'],
  },
  {
    run: ['unix', '--kind', 'datagram', '--pattern', 'fan_in'],
    each: ['sendto', 'recvfrom'],
    once: ['bind', 'connect', 'unlink'],
  },
  {
    run: ['mmap', '--sync', 'futex', '--rate', '400'],
    each: [],
    once: ['openat', 'fallocate', 'mmap', 'futex'],
  },
  { run: ['file', '--rate', '400'], each: ['pwrite64', 'pread64'], once: ['openat', 'clock_nanosleep'] },
  { run: ['rpc'], each: ['sendto', 'recvfrom'], once: ['bind', 'listen', 'accept4', 'connect'] },
  {
    run: ['signal'],
    each: ['pidfd_send_signal', 'rt_sigtimedwait'],
    once: ['pidfd_open', 'sendmsg', 'recvmsg', 'rt_sigprocmask'],
  },
  // An answer to each before the next: so none is merged.
  {
    run: ['signal', '--kind', 'standard', '--pattern', 'pingpong'],
    each: ['pidfd_send_signal', 'rt_sigtimedwait'],
    once: ['pidfd_open', 'sendmsg', 'recvmsg', 'rt_sigprocmask'],
  },
  { run: ['rpc', '--kind', 'udp'], each: ['sendto', 'recvfrom'], once: ['bind', 'connect'] },
  {
    run: ['rpc', '--kind', 'unix'],
    each: ['sendto', 'recvfrom'],
    once: ['bind', 'listen', 'accept4', 'connect'],
  },
  {
    run: ['pipe', '--variant', 'tuned', '--size', '4096'],
    each: [],
    once: ['pipe2', 'vmsplice', 'read', 'fcntl'],
    says: ['F_SETPIPE_SZ'],
  },
  {
    run: ['fifo', '--variant', 'tuned', '--size', '65536'],
    each: ['vmsplice'],
    once: ['openat', 'read', 'fcntl'],
    says: ['F_SETPIPE_SZ'],
  },
  {
    run: ['unix', '--variant', 'tuned'],
    each: [],
    once: ['sendto', 'recvfrom', 'setsockopt'],
    says: ['SO_SNDBUF'],
  },
  {
    run: ['unix', '--variant', 'tuned', '--kind', 'datagram'],
    each: [],
    once: ['sendmmsg', 'recvmmsg'],
    says: ['MSG_WAITFORONE'],
  },
  { run: ['unix', '--variant', 'tuned', '--kind', 'seqpacket'], each: [], once: ['sendmmsg', 'recvmmsg'] },
  {
    run: ['udp', '--variant', 'tuned', '--rate', '400'],
    each: [],
    once: ['sendto', 'recvfrom', 'setsockopt'],
    says: ['UDP_SEGMENT', 'UDP_GRO'],
  },
  {
    run: ['tcp', '--variant', 'tuned'],
    each: [],
    once: ['sendto', 'recvfrom', 'setsockopt'],
    says: ['TCP_NODELAY', 'SO_RCVBUF'],
  },
  { run: ['pipe', '--variant', 'uring'], each: [], once: ['io_uring_setup', 'io_uring_enter', 'read'] },
  {
    run: ['tcp', '--variant', 'zerocopy', '--size', '65536'],
    each: ['sendto'],
    once: ['recvmsg', 'setsockopt'],
    says: ['SO_ZEROCOPY', 'MSG_ZEROCOPY', 'MSG_ERRQUEUE'],
  },
];

describe.skipIf(!traces)('under strace', () => {
  it.each(CALLS)('$run makes the calls that it is named after', async ({ run, each, once, says = [] }) => {
    const words = ['run', ...run, '--messages', String(MESSAGES), '--duration', '0', '--warmup', '0'];
    const { session, lines } = await trace(words, [...each, ...once]);
    expect(session.of('summary')[0]).toMatchObject({
      messages: MESSAGES,
      integrity: { lost: 0, corrupt: 0 },
    });
    const peers = new Set(session.of('hello')[0]?.processes.map(({ pid }) => pid));
    const count = (name: string, whose: (pid: number) => boolean): number =>
      lines.filter((line) => line.includes(` ${name}(`) && whose(parseInt(line, 10))).length;
    for (const name of each) {
      expect(
        count(name, (pid) => peers.has(pid)),
        name,
      ).toBeGreaterThanOrEqual(MESSAGES);
    }
    for (const name of once)
      expect(
        count(name, () => true),
        name,
      ).toBeGreaterThanOrEqual(1);
    for (const word of says)
      expect(
        lines.some((line) => line.includes(word)),
        word,
      ).toBe(true);
    expect(leftovers()).toEqual([]);
  });
});
