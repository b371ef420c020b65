/** Words of the field, each in one sentence. */
export const terms = {
  pid: 'The number by which the system knows a process.',
  producer: 'The process that sends.',
  consumer: 'The process that receives.',
  throughput: 'How much arrives at the consumer in a second.',
  latency: 'Time from the moment a message was due to be sent until the consumer had all of it.',
  round_trip: 'Time from sending a message until its answer is back.',
  p50: 'Half of all messages were at least this fast (the median).',
  p99: 'All but one message in a hundred were at least this fast.',
  percentile: 'The time within which this share of all messages arrived.',
  max: 'The slowest message of this stretch of time.',
  occupancy:
    'How much of the buffer between the two processes is filled: full makes the producer wait, empty the consumer.',
  blocked:
    'Share of time in which a process slept in the kernel: waiting for the other side, or for its next turn under a rate limit.',
  sleeps_in:
    'The function of the kernel in which the process mostly slept in the last second: what it waits for.',
  sleeps_in_call: 'The system call in which the process mostly slept in the last second.',
  errors:
    'Messages that were lost or damaged, and calls that were refused because they would have had to wait.',
  would_block: 'A non-blocking call came back at once, because the buffer was full or empty.',
  waits: 'How often the channel was found full by the producer, or empty by the consumer.',
  cpu: 'Share of time in which the process ran on a CPU.',
  runnable: 'Share of time in which the process could have run but no CPU was free for it.',
  switches:
    'Context switches: voluntary when the process went to sleep itself, involuntary when the CPU was taken from it.',
  faults: 'Page faults: minor when the page was in memory already, major when it had to be read from disk.',
  calls: 'System calls that carried messages; ring operations where no system call is needed.',
  lost: 'Sent but never received.',
  corrupt: 'Received with a checksum that does not fit its content.',
  torn: 'Read while it was still being written: half old, half new.',
  duplicated: 'Received more than once.',
  reordered: 'Received before a message that was sent earlier.',
  elapsed: 'Time since the session started.',
  messages: 'Messages that reached the consumer.',
  rate: 'Messages that reached the consumer in the last second; the mean of the whole session once it is over.',
  dropped:
    'Chart pictures left out since the session started: thirty a second are due while there is something new. Samples that came while the page was behind count, and pictures that would have taken too much CPU from the processes being measured. The session and its recording lose nothing.',
  sampling: 'At full speed only some messages are timed, so that measuring does not slow the session down.',
  distribution:
    'How often each latency was measured, over the whole session; the lines are percentiles. A second hill shows a second way that messages take. HDR draws latency by percentile, the rarest on the right.',
  time_split:
    'How the processes spend their time: on a CPU, ready to run but without a CPU, or blocked in the kernel.',
  scheduling:
    'How often processes went to sleep (voluntary) or lost the CPU (involuntary), and how often a page had to be made ready (minor) or read from disk (major), all processes together.',
};
