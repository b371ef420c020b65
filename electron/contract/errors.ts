/**
 * Every error that crosses a border of the product, as a typed value.
 * The helper's codes are listed in native/src/protocol/error_codes.hpp; a test holds the two lists together.
 */
import * as v from 'valibot';

/** Codes that the native helper sends in an `error` frame. */
export const HELPER_ERROR_CODES = [
  'unknown_command',
  'unknown_mechanism',
  'unknown_flag',
  'missing_value',
  'not_a_number',
  'out_of_range',
  'not_a_choice',
  'not_supported',
  'bad_command',
  'system_refused',
  'limit_reached',
  'no_permission',
  'peer_failed',
  'timed_out',
  'internal',
] as const;

/** Codes that arise on our side of the helper: engine, shells, terminal, page. */
export const APP_ERROR_CODES = [
  'helper_missing',
  'helper_not_executable',
  'helper_protocol',
  'helper_silent',
  'helper_bad_frame',
  'helper_crashed',
  'session_busy',
  'session_unknown',
  'recording_missing',
  'recording_truncated',
  'recording_damaged',
  'recording_newer',
  'recording_incomplete',
  'recording_write_failed',
  'disk_full',
  'settings_damaged',
  'run_in_use',
  'cancelled',
  'import_refused',
  'import_too_large',
  'too_many_marks',
  'wrong_state',
  'bad_request',
  'not_allowed',
  'connection_lost',
  'page_not_built',
  'port_taken',
  'already_running',
  'data_folder_unusable',
  'usage',
  'sweep_busy',
  'sweep_unknown',
  'sweep_empty',
  'sweep_state',
  'sweep_moved',
] as const;

export const ERROR_CODES = [...HELPER_ERROR_CODES, ...APP_ERROR_CODES] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error as it crosses a process border: structured, so that nobody has to parse a sentence. */
export const AppErrorSchema = v.object({
  code: v.picklist(ERROR_CODES),
  /** What was wrong, one English sentence for logs; people are shown error-text.ts. */
  message: v.string(),
  /** What would be right, one English sentence. */
  remedy: v.string(),
  /** Which flag, option, file, channel or call it is about. */
  where: v.optional(v.string()),
  /** The value that was refused. */
  value: v.optional(v.string()),
  /** The values that would have been accepted, for instance `1..16777216` or `pipe, tcp, shm`. */
  allowed: v.optional(v.string()),
  /** The name of errno, for instance `EMFILE`. */
  errno: v.optional(v.string()),
});
export type AppError = v.InferOutput<typeof AppErrorSchema>;

/** AppError as an exception within one process; `toAppError` turns anything thrown into the value. */
export class AppException extends Error {
  readonly error: AppError;
  constructor(error: AppError) {
    super(error.message);
    this.name = 'AppException';
    this.error = error;
  }
}

/** Throws an AppException; the shortest way to refuse something with all that a person needs to know. */
export function fail(
  code: ErrorCode,
  message: string,
  remedy: string,
  detail: Pick<AppError, 'where' | 'value' | 'allowed' | 'errno'> = {},
): never {
  throw new AppException({ code, message, remedy, ...detail });
}

/** The typed value of anything that was thrown. An exception that nobody foresaw becomes `internal`. */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppException) return thrown.error;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const errno = errnoOf(thrown);
  if (errno === 'ENOSPC' || errno === 'EDQUOT') {
    return {
      code: 'disk_full',
      message,
      remedy: 'Free some space on this disk, or delete old runs.',
      errno,
    };
  }
  return {
    code: 'internal',
    message,
    remedy: 'This is a fault in IPC Scope itself; please report it with the message.',
    ...(errno === undefined ? {} : { errno }),
  };
}

function errnoOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' && /^E[A-Z0-9]+$/.test(thrown.code) ? thrown.code : undefined;
}

/** The answer to every call across a border: a value or an error, never an exception and never a string to parse. */
export type Result<T> = { ok: true; value: T } | { ok: false; error: AppError };
