/** Moments of a session that a person marked, each with a note if they wrote one. */
import * as v from 'valibot';
import { count } from './numbers.ts';
import { line } from './runs.ts';

export const MARK_LIMITS = {
  /** Characters of a note. */
  text: 200,
  /** Marks that a person may set in one run. */
  made: 1000,
  /** Marks that are read of a run that somebody else marked; what follows is left out, and that is said. */
  read: 100_000,
} as const;

/** A mark's own name, given by the page that sets it, so that setting it twice is setting it once. */
export const MarkIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-z]{8,32}$/));

export const MarkSchema = v.object({
  id: MarkIdSchema,
  /** Since the session's start, ns. */
  elapsed_ns: count,
  /** One line; empty where nothing was written. */
  text: line(MARK_LIMITS.text),
});
export type Mark = v.InferOutput<typeof MarkSchema>;

/** The order in which marks are kept and shown: by time, and those of one moment by name. */
export function byTime(a: Mark, b: Mark): number {
  return a.elapsed_ns - b.elapsed_ns || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
