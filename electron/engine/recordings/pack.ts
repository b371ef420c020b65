/** A run as one file. Streamed: its length costs time and not memory. */
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { fail } from '#contract/errors';
import { FILE_FORMAT, FILE_KIND, SIDE_FILES, type Header } from './recording-file.ts';
import { FRAMES_FILE, RUN_FILE } from './run-file.ts';
import { readMarks } from './run-marks.ts';
import type { Task } from './tasks.ts';

const NEWLINE = 0x0a;

/** Writes the file of the run in `folder` to `path`. */
export async function packRun(folder: string, path: string, task: Task): Promise<void> {
  try {
    await pipeline(
      Readable.from(linesOf(folder, task)),
      createGzip(),
      createWriteStream(path, { mode: 0o600 }),
      { signal: task.signal },
    );
  } catch (thrown) {
    if (task.signal.aborted) fail('cancelled', 'the run was not exported', 'Export it again.');
    throw thrown;
  }
}

async function* linesOf(folder: string, task: Task): AsyncGenerator<Buffer> {
  const run: unknown = await readFile(join(folder, RUN_FILE), 'utf8')
    .then(JSON.parse)
    .catch(() => null);
  const files: Header['files'] = {};
  for (const [name, side] of Object.entries(SIDE_FILES)) files[name] = await side.read(folder);
  yield line({ t: FILE_KIND, format: FILE_FORMAT, run, files } satisfies Header);
  let frames = 0;
  let bytes = 0;
  /** What follows the last line end: half a line is not exported. */
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(join(folder, FRAMES_FILE), { highWaterMark: 256 * 1024 })) {
    const piece = chunk as Buffer;
    task.done((bytes += piece.length));
    const end = piece.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      rest.push(piece);
      continue;
    }
    for (let at = piece.indexOf(NEWLINE); at >= 0; at = piece.indexOf(NEWLINE, at + 1)) frames++;
    yield Buffer.concat([...rest, piece.subarray(0, end)]);
    rest = [piece.subarray(end)];
  }
  for (const mark of (await readMarks(folder)).marks) yield line({ t: 'mark', ...mark });
  yield line({ t: 'end', frames });
}

function line(content: object): Buffer {
  return Buffer.from(`${JSON.stringify(content)}\n`);
}
