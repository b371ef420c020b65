/** Options of sessions and their values; what is not listed is shown by its own name. */
export const options = {
  size_bytes: { label: 'Message size', hint: 'Bytes of one message, its 24-byte header included.' },
  producers: {
    label: 'Producers',
    hint: 'How many processes send; with several, a rate is shared among them.',
  },
  consumers: { label: 'Consumers', hint: 'How many processes receive.' },
  messages: { label: 'Messages', hint: 'The session ends after so many messages.' },
  duration_ms: { label: 'Duration', hint: 'The session ends after this time.' },
  warmup_ms: {
    label: 'Warm-up',
    hint: 'Time before measuring starts, so that caches and clock speeds have settled.',
  },
  rate_per_s: {
    label: 'Rate limit',
    hint: 'Messages a second that the producer tries to send; latency then counts from the time each was due.',
  },
  blocking: {
    label: 'Blocking calls',
    hint: 'On: a process sleeps when the buffer is full or empty. Off: the call returns at once with “would block”.',
  },
  capacity_bytes: {
    label: 'Buffer capacity',
    hint: 'How much may lie between the two processes before the producer has to wait.',
  },
  kind: {
    label: 'Kind',
    hint: 'Which sort of object of this family carries the messages.',
  },
  address: {
    label: 'Address',
    hint: 'How the two ends find each other: a name that only the kernel knows, or a file.',
  },
  capacity_messages: {
    label: 'Queue capacity',
    hint: 'How many messages may lie between the two processes before the producer has to wait.',
  },
  priority: {
    label: 'Priority',
    hint: 'Of every message: a POSIX queue hands out the higher ones first, and those of one priority in their order.',
  },
  sync: {
    label: 'Synchronisation',
    hint: 'How the two processes keep each other from reading or writing too early.',
  },
  procedure: {
    label: 'Procedure',
    hint: 'What is called: one that gives its argument back, adds numbers, or describes what it is given.',
  },
  verify: { label: 'Verification', hint: 'What the consumer checks of every message.' },
  placement: {
    label: 'CPU placement',
    hint: 'On which CPUs the two processes may run: wherever the system puts them, both on one, or apart.',
  },
  consumer_delay_us: {
    label: 'Consumer delay',
    hint: 'Work that the consumer pretends to do for each message; makes it slower than the producer.',
  },
  tick_ms: { label: 'Sampling interval', hint: 'Time between two samples of the counters.' },
  stats: {
    label: 'Counters',
    hint: 'Off: nothing is counted on the way, to see what measuring itself costs.',
  },
  values: {
    none: 'None',
    sequence: 'Sequence',
    full: 'Full',
    free: 'Free',
    same: 'Same CPU',
    apart: 'Apart',
    semaphore: 'Semaphore',
    futex: 'Futex',
    spin: 'Spinning',
    stream: 'Byte stream',
    datagram: 'Datagrams',
    seqpacket: 'Messages over a connection',
    abstract: 'Abstract name',
    path: 'File',
    posix: 'POSIX',
    sysv: 'System V',
    mutex: 'Mutex and condition variables',
    eventfd: 'Eventfd (doorbell)',
    adaptive: 'Adaptive: spin, then sleep',
    tcp: 'TCP',
    udp: 'UDP',
    unix: 'Unix socket',
    echo: 'Echo',
    sum: 'Sum',
    describe: 'Describe',
    realtime: 'Real-time, queued',
    standard: 'Standard, merging',
  },
};
