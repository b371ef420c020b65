/** Which note tells why a session ended before its time. */
import type { Note, Summary } from '#contract/frames';

const CAUSES: readonly Note['code'][] = [
  'process_killed',
  'process_ended',
  'supervisor_ended',
  'broken_pipe',
];

/** The first in the order of how directly it names the cause; undefined where the session ended as it should. */
export function causeOfEnd(notes: readonly Note[], summary: Summary | null): Note | undefined {
  if (summary?.ended_by !== 'peer_exit' && summary?.ended_by !== 'error') return undefined;
  for (const code of CAUSES) {
    const found = notes.find((note) => note.code === code && note.params['exit'] !== 0);
    if (found !== undefined) return found;
  }
  return undefined;
}
