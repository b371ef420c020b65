/** Recordings as files: what they are called, how they travel between page and engine in pieces, how large they may be. */
import * as v from 'valibot';
import { count } from './numbers.ts';
import { RunIdSchema } from './runs.ts';

/** gzip of NDJSON: a header, the frames as they were recorded, and an end that says how many there are. */
export const RECORDING_SUFFIX = '.ipcscope';
export const RECORDING_MIME = 'application/gzip';

/** Bytes of one piece: as base64 it fits into one message of any shell. */
export const PIECE_BYTES = 512 * 1024;
/** What may be imported: the file itself, and what it unpacks to. A day of 8 million frames is under a tenth of it. */
export const MOST_FILE_BYTES = 8 * 1024 ** 3;
export const MOST_UNPACKED_BYTES = 64 * 1024 ** 3;

/** A file on its way in or out. */
export const TransferIdSchema = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/** Work that takes its time and can be asked about and cancelled: opening a run (its id), or a transfer. */
export const TaskSchema = v.object({ task: v.union([RunIdSchema, TransferIdSchema]) });

export const PieceSchema = v.object({
  transfer: TransferIdSchema,
  /** Where the piece begins in the file, bytes; pieces come one after the other. */
  from: count,
  data: v.pipe(v.string(), v.maxLength(Math.ceil(PIECE_BYTES / 3) * 4), v.regex(/^[A-Za-z0-9+/]*={0,2}$/)),
});

export const ReceiveSchema = v.object({ size_bytes: count });

export interface TaskProgress {
  /** Whether anybody is at it. */
  active: boolean;
  done_bytes: number;
  total_bytes: number;
}

/** A file that is ready to be taken, piece by piece. */
export interface PackedRun {
  transfer: string;
  /** Suggested file name, without a folder. */
  name: string;
  size_bytes: number;
}

export interface Imported {
  id: string;
  /** Frames that should have been in the file and were not, or could not be read. */
  missing_frames: number;
}
