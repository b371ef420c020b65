/**
 * A recording from elsewhere, taken in line by line. Nothing of it is believed: every line must be a frame of the
 * contract, no name in it becomes a path, and what it unpacks to is bounded before it is written.
 */
import { createReadStream } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import * as v from 'valibot';
import { AppException, fail } from '#contract/errors';
import type { Frame, Hello, Summary } from '#contract/frames';
import { MARK_LIMITS, type Mark } from '#contract/marks';
import { MOST_UNPACKED_BYTES } from '#contract/run-files';
import type { ImportFault } from '#contract/text/import-fault';
import { LineSplitter, type Line } from '../helper/line-splitter.ts';
import { parseFrame } from '../helper/parse-frame.ts';
import {
  EndSchema,
  FILE_FORMAT,
  FILE_KIND,
  HeaderSchema,
  MarkLineSchema,
  SIDE_FILES,
  type Header,
} from './recording-file.ts';
import { FRAMES_FILE, newer } from './run-file.ts';
import { writeMarks } from './run-marks.ts';
import type { Task } from './tasks.ts';

export interface Unpacked {
  /** run.json of whoever recorded it, unchecked; null where the file is the helper's bare frames. */
  run: unknown;
  hello: Hello;
  summary: Summary | null;
  missing_frames: number;
}

/** No recording shrinks to less than this share of itself, and small ones may do as they like. */
const GREATEST_RATIO = 150;
const RATIO_FROM_BYTES = 16 * 1024 ** 2;
/** Left to the disk's other users. */
const ROOM_BYTES = 256 * 1024 ** 2;
/** A system has at most 64 processes a side. */
const MOST_PROCESSES = 130;
/** Lines that are no frames: a few are damage, many are another kind of file. */
const MOST_DAMAGED = 1000;
const WRITE_BYTES = 1024 * 1024;

/** Reads the file at `path` into `folder`, which is there and empty. */
export async function unpackRun(path: string, folder: string, task: Task): Promise<Unpacked> {
  const reader = new Reader(await roomFor(folder));
  const frames = await open(join(folder, FRAMES_FILE), 'w', 0o600);
  try {
    for await (const lines of linesOf(path, task, (read, unpacked) => reader.weigh(read, unpacked))) {
      for (const line of lines) reader.take(line);
      if (reader.waiting > WRITE_BYTES) await frames.appendFile(reader.drain());
    }
    await frames.appendFile(reader.drain());
  } catch (thrown) {
    if (task.signal.aborted) fail('cancelled', 'the file was not imported', 'Import it again.');
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    // Of zlib: what ends early, and whatever else cannot be unpacked.
    if (code === 'Z_BUF_ERROR') refuse('cut');
    if (typeof code === 'string' && code.startsWith('Z_')) refuse('corrupt');
    throw thrown;
  } finally {
    await frames.close();
  }
  const unpacked = reader.end();
  if (reader.marks.length > 0) await writeMarks(folder, reader.marks);
  for (const [name, side] of Object.entries(SIDE_FILES)) {
    if (Object.hasOwn(reader.files, name)) await side.write(folder, reader.files[name]);
  }
  return unpacked;
}

class Reader {
  files: Header['files'] = {};
  readonly marks: Mark[] = [];
  readonly #limit: number;
  #run: unknown = null;
  /** Whether a header stood first, so that an end has to stand last. */
  #headed = false;
  #hello: Hello | undefined;
  #summary: Summary | null = null;
  #declared: number | undefined;
  #lines = 0;
  #kept = 0;
  #damaged = 0;
  #elapsed_ns = -1;
  #waiting: string[] = [];
  waiting = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Refuses what unpacks to too much, before it is written. */
  weigh(read: number, unpacked: number): void {
    if (unpacked > RATIO_FROM_BYTES && unpacked > read * GREATEST_RATIO) refuse('bomb');
    if (unpacked <= this.#limit) return;
    const allowed = `${Math.floor(this.#limit / 1024 ** 2)} MiB`;
    fail('import_too_large', `it unpacks to more than ${allowed}`, 'Make room on the disk.', { allowed });
  }

  take(line: Line): void {
    // The longest line of any recording is far below the limit of one.
    if (line.tooLong) refuse(this.#hello === undefined ? 'kind' : 'bomb');
    if (this.#lines++ === 0 && this.#takeHeader(line.text)) return;
    if (this.#declared !== undefined) return this.#damage();
    if (this.#headed && (this.#takeMark(line.text) || this.#takeEnd(line.text))) return;
    const frame = parseFrame(line);
    if (!frame.ok) {
      if (frame.error.code === 'helper_protocol') throw newerFile(frame.error.value ?? '?');
      return this.#damage();
    }
    if (!this.#fits(frame.value)) return this.#damage();
    this.#kept++;
    this.#waiting.push(harmless(line.text));
    this.waiting += line.text.length;
  }

  drain(): string {
    const text = this.#waiting.map((line) => `${line}\n`).join('');
    this.#waiting = [];
    this.waiting = 0;
    return text;
  }

  end(): Unpacked {
    if (this.#lines === 0) refuse('empty');
    if (this.#headed && this.#declared === undefined) refuse('cut');
    if (this.#hello === undefined) refuse(this.#headed ? 'empty' : 'kind');
    return {
      run: this.#run,
      hello: this.#hello,
      summary: this.#summary,
      missing_frames: Math.max(this.#damaged, (this.#declared ?? 0) - this.#kept),
    };
  }

  #takeHeader(text: string): boolean {
    const content = parseJson(text);
    if (typeof content !== 'object' || content === null) {
      // An export as JSON goes over many lines, the first of which is a brace.
      refuse(text.trim() === '{' ? 'json_export' : 'kind');
    }
    if ('t' in content && content.t === 'hello') return false;
    if ('series' in content && 'spec' in content) refuse('json_export');
    if (!('t' in content) || content.t !== FILE_KIND) refuse('kind');
    if ('format' in content && typeof content.format === 'number' && content.format > FILE_FORMAT) {
      throw newerFile(String(content.format));
    }
    const header = v.safeParse(HeaderSchema, content);
    if (!header.success) refuse('header');
    this.#run = header.output.run;
    this.files = header.output.files;
    this.#headed = true;
    return true;
  }

  #takeMark(text: string): boolean {
    if (!text.startsWith('{"t":"mark"') || this.marks.length >= MARK_LIMITS.read) return false;
    const mark = v.safeParse(MarkLineSchema, parseJson(text));
    if (mark.success) this.marks.push(mark.output);
    return mark.success;
  }

  #takeEnd(text: string): boolean {
    if (!text.startsWith('{"t":"end"')) return false;
    const end = v.safeParse(EndSchema, parseJson(text));
    if (end.success) this.#declared = end.output.frames;
    return end.success;
  }

  /** Frames of a session, in order: one hello first, ticks that go on, and nothing after the summary but notes. */
  #fits(frame: Frame): boolean {
    if (frame.t === 'describe' || frame.t === 'cleaned') return false;
    if (frame.t === 'hello') {
      if (this.#hello !== undefined || frame.processes.length > MOST_PROCESSES) return false;
      this.#hello = frame;
      return true;
    }
    if (this.#hello === undefined) return false;
    if (frame.t === 'tick') {
      if (frame.elapsed_ns <= this.#elapsed_ns || frame.processes.length > MOST_PROCESSES) return false;
      this.#elapsed_ns = frame.elapsed_ns;
    }
    if (frame.t === 'summary') this.#summary = frame;
    return true;
  }

  #damage(): void {
    this.#damaged++;
    if (this.#damaged > MOST_DAMAGED && this.#damaged > this.#kept) {
      refuse(this.#hello === undefined ? 'kind' : 'corrupt');
    }
  }
}

async function* linesOf(
  path: string,
  task: Task,
  weigh: (read: number, unpacked: number) => void,
): AsyncGenerator<Line[]> {
  const splitter = new LineSplitter();
  let unpacked = 0;
  const zipped = await isGzip(path);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  const gunzip = zipped ? file.pipe(createGunzip({ chunkSize: 256 * 1024 })) : undefined;
  file.on('error', (error) => gunzip?.destroy(error));
  try {
    for await (const chunk of gunzip ?? file) {
      task.signal.throwIfAborted();
      task.done(file.bytesRead);
      weigh(gunzip === undefined ? Infinity : file.bytesRead, (unpacked += (chunk as Buffer).length));
      yield splitter.push(chunk as Buffer);
    }
    const rest = splitter.end();
    if (rest !== undefined) yield [rest];
  } finally {
    file.destroy();
    gunzip?.destroy();
  }
}

async function isGzip(path: string): Promise<boolean> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await handle.close();
  }
}

async function roomFor(folder: string): Promise<number> {
  const disk = await statfs(folder).catch(() => undefined);
  const room = disk === undefined ? Infinity : disk.bavail * disk.bsize - ROOM_BYTES;
  return Math.max(0, Math.min(MOST_UNPACKED_BYTES, room));
}

/**
 * Control characters would upset a terminal, and marks of direction a list: neither has any business in a frame. As they
 * stand in JSON they are escaped, or those beyond ASCII may stand there as they are.
 */
function harmless(line: string): string {
  return line
    .replace(/\\u(?:00(?:[01][0-9a-f]|7f|[89][0-9a-f])|202[a-e]|206[6-9])/gi, '\\ufffd')
    .replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function newerFile(format: string): AppException {
  return new AppException(newer(format, FILE_FORMAT));
}

function refuse(fault: ImportFault): never {
  fail('import_refused', `the file is not taken: ${fault}`, 'Choose a recording that IPC Scope exported.', {
    where: fault,
  });
}
