/** With which bare loop (native/bench) a session is compared. */

/**
 * @typedef {import('./sessions.js').Subject} Subject
 * @typedef {{ name: string; kind: 'bare' | 'limit'; words: string[]; note: string }} Yardstick
 */

/**
 * Mechanisms that bare-loops knows, and of the telling choices those values that it knows.
 * @type {Record<string, Record<string, string[]>>}
 */
const KNOWN = {
  pipe: {},
  fifo: {},
  unix: { kind: ['stream', 'datagram', 'seqpacket'] },
  tcp: {},
  udp: {},
  mq: { kind: ['posix', 'sysv'] },
  shm: { sync: ['spin', 'futex', 'eventfd', 'semaphore', 'mutex'] },
  mmap: { sync: ['spin', 'futex', 'eventfd', 'semaphore', 'mutex'] },
  file: {},
};

/**
 * Loops with more than the textbook's, for the variant called tuned: by mechanism.
 * @type {{ name: string; mechanisms: string[]; syncs: (string | undefined)[]; patterns: string[]; words: string[]; note: string }[]}
 */
const TUNED = [
  {
    name: 'bare, batched',
    mechanisms: ['shm', 'mmap'],
    syncs: ['spin', 'futex'],
    patterns: ['stream'],
    words: ['--batch', '16'],
    note: 'indices published for every 16 messages',
  },
  {
    name: 'bare, no delay',
    mechanisms: ['tcp'],
    syncs: [undefined],
    patterns: ['stream', 'pingpong'],
    words: ['--no-delay', 'true'],
    note: 'TCP_NODELAY',
  },
];

/**
 * @param {Subject} subject
 * @param {string} pattern
 */
function knows({ mechanism, choices }, pattern) {
  const known = KNOWN[mechanism];
  if (known === undefined || (pattern !== 'stream' && pattern !== 'pingpong')) return false;
  return Object.entries(choices).every(([name, value]) => known[name]?.includes(value) ?? false);
}

/**
 * The loops that a session is held against, and what bounds it on any machine; none where nobody has written one.
 * @param {Subject} subject
 * @param {string} pattern
 * @param {string} placement
 * @returns {Yardstick[]}
 */
export function yardsticks(subject, pattern, placement) {
  const { mechanism, choices, variants } = subject;
  /** @type {Yardstick[]} */
  const found = [];
  if (knows(subject, pattern)) {
    const words = [
      mechanism,
      pattern,
      ...Object.entries(choices).flatMap(([name, value]) => [`--${name}`, value]),
    ];
    found.push({ name: 'bare', kind: 'bare', words, note: 'the same calls in the least code' });
    for (const loop of TUNED) {
      const fits =
        variants.includes('tuned') &&
        loop.mechanisms.includes(mechanism) &&
        loop.syncs.includes(choices['sync']) &&
        loop.patterns.includes(pattern);
      if (fits)
        found.push({ name: loop.name, kind: 'bare', words: [...words, ...loop.words], note: loop.note });
    }
  }
  if (choices['sync'] !== undefined && pattern === 'stream') {
    found.push({ name: 'memcpy', kind: 'limit', words: ['memcpy'], note: 'one thread copies within a MiB' });
  }
  if (choices['sync'] === 'spin' && pattern === 'pingpong' && placement === 'apart') {
    const note = 'two threads pass one cache line there and one back';
    found.push({ name: 'cache line', kind: 'limit', words: ['cache-line'], note });
  }
  return found;
}
