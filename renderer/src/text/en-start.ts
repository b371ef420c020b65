/** Words of the view Start. */
export const start = {
  title: 'Start',
  loading: 'Asking what this system can do…',
  catalogue: 'Mechanisms',
  catalogueHint: 'Choose one to set it up in Live. Arrow keys move between the cards.',
  families: {
    message_passing: {
      title: 'Message passing',
      hint: 'The kernel carries every message from one process to the other: safe, and paid for with system calls and copies.',
    },
    shared_memory: {
      title: 'Shared memory',
      hint: 'Both processes see the same memory: nothing is copied through the kernel, so they must keep out of each other’s way themselves.',
    },
    notification: {
      title: 'Notification',
      hint: 'Tells another process that something happened, and hardly anything besides.',
    },
  },
  absent: 'Not on this system',
  absentReason: (system: string) => `The measuring helper for ${system} does not offer it.`,
  preview: 'A session',
  invitation: 'See two real processes talk through a pipe, for twenty seconds.',
  showMe: 'Show me',
  showAgain: 'Show me again',
  recorded: 'It is recorded like every other session.',
  running:
    'Two real processes talk through a pipe. The consumer is a little too slow: the buffer fills, until the producer has to wait.',
  fast: 'Now the consumer keeps up: the buffer is empty again, and it is the consumer that waits.',
  ended: 'That was a real session. Choose a mechanism below to measure one of your own.',
  pace: 'Consumer',
  slow: 'slow',
  quick: 'fast',
  openLive: 'Open in Live',
  runs: 'Last runs',
  noRuns: 'No runs yet: every session is recorded here by itself.',
  allRuns: 'All runs',
};
