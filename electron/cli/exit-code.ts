/** Exit codes, which scripts read: 0 done, 1 a check failed, 2 usage, 3 the system refused, 130 interrupted. */
import type { AppError, ErrorCode } from '#contract/errors';
import type { Summary } from '#contract/frames';
import { errorsOf } from '#contract/series';

export const DONE = 0;
export const CHECK_FAILED = 1;
export const USAGE = 2;
export const REFUSED = 3;
export const INTERRUPTED = 130;

/** What the person at the keyboard can put right by typing something else. */
const USAGE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'usage',
  'unknown_command',
  'unknown_mechanism',
  'unknown_flag',
  'missing_value',
  'not_a_number',
  'out_of_range',
  'not_a_choice',
  'not_supported',
  'bad_request',
  'recording_missing',
  'sweep_unknown',
  'sweep_empty',
  'import_refused',
]);

export function exitCodeOf(error: AppError): number {
  return USAGE_CODES.has(error.code) ? USAGE : REFUSED;
}

/** 0 where every message arrived whole and every process ended by itself. */
export function exitCodeOfSummary({ integrity, ended_by, processes }: Summary): number {
  const died =
    ended_by === 'peer_exit' || ended_by === 'error' || processes.some(({ exit }) => exit !== 'exit 0');
  return died || errorsOf(integrity) > 0 ? CHECK_FAILED : DONE;
}
