/** What names mean that the page shows without a label of their own: objects, values of options, columns, facts. */
export const meanings = {
  objects: {
    signal: 'A number that the kernel delivers to a process, which interrupts it or is waited for.',
    pipe: 'A buffer in the kernel with one end to write and one to read; what was written first is read first.',
    socket: 'An end of a connection: what is sent into one comes out of the other.',
    shared_memory: 'Memory with a name, which each process maps into its own address space.',
    semaphore: 'A counter that a process waits for while it is nought, and that others count up.',
    fifo: 'A pipe with a name in the file system.',
    mapped_file: 'A file whose pages lie in the address space of both processes.',
    file: 'Bytes on a file system, written and read by position.',
    message_queue: 'Messages that the kernel keeps, whole and in order, until somebody takes them.',
    mutex: 'A lock that one process at a time may hold.',
    condition_variable:
      'Where a process sleeps, lock given back, until another says that something has changed.',
    eventfd: 'A counter behind a descriptor: written to wake, read to sleep; here a doorbell.',
    multicast_group: 'An address to which everyone who has joined gets a copy of what is sent.',
    mailbox: 'A named socket into which anyone who knows the name may put messages.',
  },
  /** By option and value. */
  values: {
    sync: {
      none: 'Nobody waits for anybody: messages may be overwritten before they were read, or read half written.',
      semaphore: 'Two counting semaphores: one for the free places, one for the filled ones.',
      mutex: 'A lock around the buffer, and condition variables for “not full” and “not empty”.',
      futex: 'The indices are atomic; the kernel is called only to sleep and to wake.',
      eventfd: 'As with a futex, but the wake-up comes through a descriptor, which poll can watch.',
      spin: 'Whoever waits looks again and again: quickest with a CPU each, and it keeps that CPU busy.',
      adaptive: 'Looks again for a while, and sleeps only then.',
    },
    verify: {
      none: 'Nothing is checked.',
      sequence: 'The number of every message: what was lost, came twice or out of order.',
      full: 'The checksum of every message too, which costs reading all of it.',
    },
    placement: {
      free: 'The system puts the processes where it likes.',
      same: 'All on one CPU: every message needs a context switch.',
      apart: 'Each on a CPU of its own.',
    },
    kind: {
      stream: 'Bytes without borders between messages.',
      datagram: 'Whole messages, without a connection.',
      seqpacket: 'Whole messages over a connection.',
      posix: 'mq_open and its relatives: a queue with a name and priorities.',
      sysv: 'msgget and its relatives: a queue with a key and types.',
      realtime: 'Every signal is queued, and carries a value.',
      standard: 'A signal that is pending already swallows the next one.',
      tcp: 'The calls travel over a TCP connection, each behind a mark with its length.',
      udp: 'Each call is a datagram.',
      unix: 'The calls travel over a Unix-domain socket.',
    },
    address: {
      abstract: 'A name that lives in the kernel only, and is gone with its socket.',
      path: 'A file of the type socket, with permissions.',
    },
    receive: {
      call: 'The process sleeps in the call that takes the message.',
      poll: 'poll(2) tells which descriptor has something; then it is taken.',
      epoll: 'epoll_wait(2) tells the same, and stays quick with thousands of descriptors.',
    },
    buffering: {
      bounded: 'Messages are stored; the producer waits only when the buffer is full.',
      rendezvous: 'Nothing is stored: the producer waits until the message was taken.',
    },
    procedure: {
      echo: 'Gives its argument back.',
      sum: 'Adds the numbers of an array.',
      describe: 'Answers with a structure of several types.',
    },
  },
  summary: {
    duration: 'The time that counts: without warm-up and pauses.',
    roundTrips: 'Messages whose answer has come back.',
    bytes: 'What the consumer received, headers included.',
    min: 'The quickest message of all.',
    mean: 'The sum of all times by their number; a few slow messages pull it up.',
    max: 'The slowest message of all.',
    limit: 'How near the session came to what this machine can do at best, measured just before it.',
  },
  calls: {
    call: 'A request to the kernel, with its arguments and what it answered.',
    took: 'From the beginning of the call to its return, time asleep included.',
  },
  mode: 'Who may open it, in octal: 0600 is its owner alone, to read and write.',
  runs: {
    rate: 'Messages a second that reached the consumer, over the whole run.',
    p50: 'Half of all messages were at least this fast (the median).',
    p99: 'All but one message in a hundred were at least this fast.',
    size: 'Bytes of one message, its header included.',
    duration: 'The time that counts: without warm-up and pauses.',
    disk: 'What the recording takes on this disk.',
  },
  helper:
    'The program that starts the processes and measures them; a crash in it never takes the window along.',
  clock: 'The clock by which all times are measured: its smallest step, and what reading it costs.',
};
