/** A recording read from disk into a history: streamed, so its length costs time and not memory. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toAppError, type AppError } from '#contract/errors';
import type { Tick } from '#contract/frames';
import { parseFrame } from '../helper/parse-frame.ts';
import { canMerge, mergeTicks } from '../merge-ticks.ts';
import { History } from '../session/history.ts';
import { readLines } from './read-lines.ts';
import { damaged, FRAMES_FILE } from './run-file.ts';

/** Damaged lines that are reported one by one; the rest are counted by the last of them. */
const MOST_DAMAGED = 20;
/** Room for rows beyond the wanted ones: where the phase changes, neighbours are not merged. */
const SPARE_ROWS = 16;

export interface ReadOptions {
  /** Most sample rows; in a longer recording neighbouring ticks are merged evenly. */
  rows: number;
  /** Whether somebody is still writing, so that a missing end is no fault. */
  live: boolean;
}

export async function readRecording(folder: string, { rows, live }: ReadOptions): Promise<History> {
  const path = join(folder, FRAMES_FILE);
  let ticks = 0;
  let unreadable: AppError | undefined;
  try {
    ticks = await countTicks(path);
  } catch (thrown) {
    unreadable = damaged(FRAMES_FILE, toAppError(thrown).message);
  }
  const each = Math.max(1, Math.ceil(ticks / rows));
  const history = new History(Math.min(rows, ticks) + SPARE_ROWS);
  if (unreadable !== undefined) {
    history.addError(unreadable);
    return history;
  }
  const thin = new TickThinner(each, (tick) => history.add(tick));
  let damagedLines = 0;
  let ended = false;
  try {
    for await (const line of readLines(path)) {
      const parsed = parseFrame(line);
      if (!parsed.ok) {
        if (line.unfinished) break;
        if (++damagedLines <= MOST_DAMAGED) history.addError(damagedLine(line.number, parsed.error));
        continue;
      }
      const frame = parsed.value;
      if (frame.t === 'describe' || frame.t === 'cleaned') continue;
      if (frame.t === 'tick') thin.push(frame);
      else history.add(frame);
      ended ||= frame.t === 'summary' || (frame.t === 'error' && frame.fatal);
    }
  } catch (thrown) {
    history.addError(damaged(FRAMES_FILE, toAppError(thrown).message));
  }
  thin.flush();
  if (damagedLines > MOST_DAMAGED) {
    history.addError(damaged(FRAMES_FILE, `${damagedLines - MOST_DAMAGED} more lines are damaged`));
  }
  if (!ended && !live) history.addError(truncated());
  return history;
}

/** Lines that may be ticks, counted without parsing them. */
async function countTicks(path: string): Promise<number> {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  if (size === 0) return 0;
  let ticks = 0;
  for await (const line of readLines(path)) {
    if (line.text.slice(0, 40).includes('"t":"tick"')) ticks++;
  }
  return ticks;
}

/** Merges every so many neighbouring ticks into one. */
class TickThinner {
  readonly #each: number;
  readonly #put: (tick: Tick) => void;
  #tick: Tick | undefined;
  #merged = 0;

  constructor(each: number, put: (tick: Tick) => void) {
    this.#each = each;
    this.#put = put;
  }

  push(tick: Tick): void {
    if (this.#tick !== undefined && canMerge(this.#tick, tick)) {
      this.#tick = mergeTicks(this.#tick, tick);
    } else {
      this.flush();
      this.#tick = tick;
    }
    if (++this.#merged >= this.#each) this.flush();
  }

  flush(): void {
    if (this.#tick !== undefined) this.#put(this.#tick);
    this.#tick = undefined;
    this.#merged = 0;
  }
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
