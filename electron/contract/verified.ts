/** What was verified of a session's messages, which may have changed while it ran. */
import type { Hello, Note, Summary, Verify } from './frames.ts';

export type Verified = Pick<Summary['integrity'], 'verified' | 'verified_at_times'>;

const RANKS: readonly Verify[] = ['none', 'sequence', 'full'];
const isVerify = (value: unknown): value is Verify => RANKS.some((rank) => rank === value);

/** What was verified of every message, and of some: by the settings at the start and the changes told since. */
export function verifiedSoFar(hello: Hello, notes: readonly Note[]): Verified {
  const changes = notes.filter(({ code }) => code === 'verify_changed').map(({ params }) => params['verify']);
  const start = isVerify(hello.options['verify']) ? hello.options['verify'] : 'none';
  const told = [start, ...changes.filter(isVerify)];
  const ranks = told.map((verify) => RANKS.indexOf(verify));
  const verified = RANKS[Math.min(...ranks)] ?? 'none';
  const most = RANKS[Math.max(...ranks)] ?? 'none';
  return most === verified ? { verified } : { verified, verified_at_times: most };
}
