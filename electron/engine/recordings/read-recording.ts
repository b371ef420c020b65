/** A recording read from disk into a history: streamed, so its length costs time and not memory. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, toAppError, type AppError } from '#contract/errors';
import type { Tick } from '#contract/frames';
import { parseFrame } from '../helper/parse-frame.ts';
import { History } from '../session/history.ts';
import { readLines } from './read-lines.ts';
import { damaged, FRAMES_FILE, incomplete } from './run-file.ts';

/** Damaged lines that are reported one by one; the rest are counted by the last of them. */
const MOST_DAMAGED = 20;
/** Room for rows beyond the wanted ones: where the phase changes, neighbours are not merged. */
const SPARE_ROWS = 16;
/** What is read of a recording to guess its length: all of it up to 64 MiB. */
const PIECE_BYTES = 1024 * 1024;
const MOST_PIECES = 64;
/** Ticks follow each other to the nanosecond; half the shortest of them is a gap. */
const SHORTEST_GAP_NS = 5_000_000;
const TICK = Buffer.from('"t":"tick"');

export interface ReadOptions {
  /** Most sample rows; in a longer recording neighbouring ticks are merged evenly. */
  rows: number;
  /** Whether somebody is still writing, so that a missing end is no fault. */
  live: boolean;
  /** Frames that are known to be missing already, of an imported run. */
  missing_frames?: number | undefined;
  /** Ends the reading with `cancelled`. */
  signal?: AbortSignal | undefined;
  /** Hears how much has been read. */
  read?: ((bytes: number) => void) | undefined;
}

export async function readRecording(
  folder: string,
  { rows, live, missing_frames = 0, signal, read }: ReadOptions,
): Promise<History> {
  const path = join(folder, FRAMES_FILE);
  let ticks = 0;
  let unreadable: AppError | undefined;
  try {
    ticks = await countTicks(path, signal);
  } catch (thrown) {
    throwIfCancelled(signal);
    unreadable = damaged(FRAMES_FILE, toAppError(thrown).message);
  }
  const each = Math.max(1, Math.ceil(ticks / rows));
  const history = new History(Math.max(1, Math.min(rows, ticks)) + SPARE_ROWS, each);
  if (unreadable !== undefined) {
    history.addError(unreadable);
    return history;
  }
  const gaps = new GapFinder();
  let damagedLines = 0;
  let ended = false;
  try {
    for await (const line of readLines(path, { signal, read })) {
      const parsed = parseFrame(line);
      if (!parsed.ok) {
        if (line.unfinished) break;
        if (++damagedLines <= MOST_DAMAGED) history.addError(damagedLine(line.number, parsed.error));
        continue;
      }
      const frame = parsed.value;
      if (frame.t === 'describe' || frame.t === 'cleaned') continue;
      history.add(frame);
      if (frame.t === 'tick') gaps.push(frame);
      ended ||= frame.t === 'summary' || (frame.t === 'error' && frame.fatal);
    }
  } catch (thrown) {
    throwIfCancelled(signal);
    history.addError(damaged(FRAMES_FILE, toAppError(thrown).message));
  }
  if (damagedLines > MOST_DAMAGED) {
    history.addError(damaged(FRAMES_FILE, `${damagedLines - MOST_DAMAGED} more lines are damaged`));
  }
  // A line that is damaged has been told of already.
  const missing = Math.max(missing_frames, gaps.ticks - damagedLines);
  if (missing > 0) history.addError(incomplete(missing));
  if (!ended && !live) history.addError(truncated());
  return history;
}

/** How many lines look like ticks; of a long file a share is looked at, for the rings take what the guess is off by. */
async function countTicks(path: string, signal: AbortSignal | undefined): Promise<number> {
  const handle = await open(path, 'r').catch((thrown: unknown) => {
    if (toAppError(thrown).errno === 'ENOENT') return undefined;
    throw thrown;
  });
  if (handle === undefined) return 0;
  try {
    const { size } = await handle.stat();
    const step = Math.max(PIECE_BYTES, Math.floor(size / MOST_PIECES));
    const buffer = Buffer.alloc(PIECE_BYTES);
    let ticks = 0;
    let looked = 0;
    for (let at = 0; at < size; at += step) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, PIECE_BYTES, at);
      ticks += occurrences(buffer.subarray(0, bytesRead), TICK);
      looked += bytesRead;
    }
    return looked === 0 ? 0 : Math.round((ticks * size) / looked);
  } finally {
    await handle.close();
  }
}

function occurrences(bytes: Buffer, wanted: Buffer): number {
  let found = 0;
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + wanted.length)) found++;
  return found;
}

/** A tick says how long it is: what lies between its beginning and the end of the one before is missing. */
class GapFinder {
  /** As many as there would have been of the length of those behind the gaps. */
  ticks = 0;
  #end_ns: number | undefined;

  push({ elapsed_ns, interval_ns }: Tick): void {
    const gap_ns = elapsed_ns - interval_ns - (this.#end_ns ?? elapsed_ns - interval_ns);
    if (gap_ns > SHORTEST_GAP_NS) this.ticks += Math.max(1, Math.round(gap_ns / Math.max(1, interval_ns)));
    this.#end_ns = elapsed_ns;
  }
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    fail('cancelled', 'the recording was not read to its end', 'Open it again to see it.');
}

function damagedLine(number: number, why: AppError): AppError {
  return damaged(`${FRAMES_FILE}:${number}`, why.message);
}

function truncated(): AppError {
  return {
    code: 'recording_truncated',
    message: 'the recording ends before its session did',
    remedy: 'Everything before that point is shown; nothing needs to be done.',
    where: FRAMES_FILE,
  };
}
