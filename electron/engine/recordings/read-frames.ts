/**
 * A stretch of a recording, found without reading what lies before it: the frames are in the order of their time, so that
 * its beginning is looked up by halving the file. What is answered is bounded, however dense the stretch is.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { AppException, toAppError } from '#contract/errors';
import type { SessionFrame, Tick } from '#contract/frames';
import type { FramesAnswer, FramesRange } from '#contract/replay';
import { LineSplitter, type Line } from '../helper/line-splitter.ts';
import { parseFrame } from '../helper/parse-frame.ts';
import { canMerge, mergeTicks } from '../merge-ticks.ts';
import { damaged, FRAMES_FILE } from './run-file.ts';

const BLOCK_BYTES = 64 * 1024;
/** Characters of one answer: it has to go through one message. */
const MOST_CHARACTERS = 2 * 1024 * 1024;
/** Lines that are read for one answer, most of which a long stretch merges away. */
const MOST_READ_BYTES = 32 * 1024 * 1024;

/** Frames with `from_ns` < time <= `to_ns`, ticks merged so that at most one in `every_ns` is left. */
export async function readFrames(path: string, range: FramesRange): Promise<FramesAnswer> {
  const handle = await open(path).catch((thrown: unknown) => {
    throw new AppException(damaged(FRAMES_FILE, toAppError(thrown).message));
  });
  try {
    const { size } = await handle.stat();
    const start = await findStart(handle, size, range.from_ns);
    return await collect(handle, start, size, range);
  } finally {
    await handle.close();
  }
}

/** An offset before the first tick later than `time_ns`, and not far before it. */
async function findStart(handle: FileHandle, size: number, time_ns: number): Promise<number> {
  let low = 0;
  let high = size;
  while (high - low > BLOCK_BYTES) {
    const middle = Math.floor((low + high) / 2);
    const found = await tickAfter(handle, middle, high);
    if (found !== undefined && found <= time_ns) low = middle;
    else high = middle;
  }
  return low;
}

/** The time of the first tick that begins at or after `from`, ns; undefined where there is none before `to`. */
async function tickAfter(handle: FileHandle, from: number, to: number): Promise<number | undefined> {
  const splitter = new LineSplitter();
  // The rest of a line that began before.
  let first = from > 0;
  for (let at = from; at < to;) {
    const bytes = await block(handle, BLOCK_BYTES, at);
    if (bytes.length === 0) return undefined;
    at += bytes.length;
    for (const { text } of splitter.push(bytes)) {
      if (first) first = false;
      else {
        const time = timeOfTick(text);
        if (time !== undefined) return time;
      }
    }
  }
  return undefined;
}

/** A buffer of its own each time: the line that it cuts in two is kept until the next one. */
async function block(handle: FileHandle, length: number, at: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** Without parsing the whole line, which the halving need not. */
function timeOfTick(text: string): number | undefined {
  const beginning = text.slice(0, 200);
  if (!beginning.includes('"t":"tick"')) return undefined;
  const time = /"elapsed_ns":(\d{1,16})[,}]/.exec(beginning)?.[1];
  return time === undefined ? undefined : Number(time);
}

async function collect(
  handle: FileHandle,
  start: number,
  size: number,
  { from_ns, to_ns, every_ns }: FramesRange,
): Promise<FramesAnswer> {
  const frames: SessionFrame[] = [];
  const splitter = new LineSplitter();
  let pending: Tick | undefined;
  let characters = 0;
  let until_ns = from_ns;
  let first = start > 0;
  const flush = (): void => {
    if (pending !== undefined) frames.push(pending);
    pending = undefined;
  };
  const answer = (how: 'whole' | 'full' | 'end'): FramesAnswer => {
    flush();
    return { frames, until_ns: how === 'full' ? until_ns : to_ns, full: how === 'full', end: how === 'end' };
  };
  /** False where the stretch ends. */
  const take = (line: Line): boolean => {
    if (first) {
      first = false;
      return true;
    }
    if (line.text === '') return true;
    const parsed = parseFrame(line);
    if (!parsed.ok || parsed.value.t === 'describe' || parsed.value.t === 'cleaned') return true;
    const frame = parsed.value;
    if (frame.elapsed_ns <= from_ns) return true;
    if (frame.t !== 'tick') {
      // Somewhat out of order are only entries of the call log, which come when there is time to write them.
      if (frame.elapsed_ns > to_ns) return frame.t === 'call';
      // Without a tick for long, what is not kept in order anyway is left out.
      if (characters > MOST_CHARACTERS) return true;
      characters += line.text.length;
      // A note stands behind the tick before it.
      if (frame.t === 'note') flush();
      frames.push(frame);
      return true;
    }
    if (frame.elapsed_ns > to_ns) return false;
    until_ns = frame.elapsed_ns;
    if (pending !== undefined && canMerge(pending, frame) && pending.interval_ns < every_ns) {
      pending = mergeTicks(pending, frame);
      return true;
    }
    flush();
    pending = frame;
    characters += line.text.length;
    return true;
  };
  for (let at = start; at < size;) {
    const bytes = await block(handle, 4 * BLOCK_BYTES, at);
    if (bytes.length === 0) break;
    at += bytes.length;
    for (const line of splitter.push(bytes)) {
      if (!take(line)) return answer('whole');
      if (characters > MOST_CHARACTERS && until_ns > from_ns) return answer('full');
    }
    if (at - start > MOST_READ_BYTES && until_ns > from_ns) return answer('full');
  }
  return answer('end');
}
