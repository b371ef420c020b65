/**
 * results.ndjson: one line a measurement, append-only, so that whatever ends the app leaves all but the one under way.
 * A line that was begun and not ended is cut off before anything is appended to it.
 */
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { toAppError } from '#contract/errors';
import { SweepResultSchema, type SweepResult } from '#contract/sweep';
import { readLines } from '../recordings/read-lines.ts';

const RESULTS_FILE = 'results.ndjson';

export interface ReadResults {
  results: SweepResult[];
  /** Lines that tell nothing. */
  unreadable: number;
}

/** Opens the file to append; a test puts another one in its place. */
export type OpenLog = (path: string) => Promise<Pick<FileHandle, 'write' | 'truncate' | 'stat' | 'close'>>;
const openLog: OpenLog = (path) => open(path, 'a', 0o600);

/** What was measured so far, each measurement once; no file means nothing yet. */
export async function readResults(folder: string, cells: number, repetitions: number): Promise<ReadResults> {
  const found = new Map<string, SweepResult>();
  let unreadable = 0;
  try {
    for await (const { text } of readLines(join(folder, RESULTS_FILE))) {
      const result = parse(text);
      const known = result !== undefined && result.cell < cells && result.repetition < repetitions;
      const name = `${result?.cell} ${result?.repetition}`;
      if (known && !found.has(name)) found.set(name, result);
      else unreadable++;
    }
  } catch (thrown) {
    if (toAppError(thrown).errno !== 'ENOENT') throw thrown;
  }
  return { results: [...found.values()], unreadable };
}

function parse(line: string): SweepResult | undefined {
  try {
    const parsed = v.safeParse(SweepResultSchema, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

export class ResultsLog {
  readonly #handle: Awaited<ReturnType<OpenLog>>;
  /** Length up to the last whole line. */
  #bytes: number;

  private constructor(handle: Awaited<ReturnType<OpenLog>>, bytes: number) {
    this.#handle = handle;
    this.#bytes = bytes;
  }

  static async open(folder: string, openFile: OpenLog = openLog): Promise<ResultsLog> {
    const path = join(folder, RESULTS_FILE);
    const handle = await openFile(path);
    const { size } = await handle.stat();
    const whole = await wholeLines(path, size);
    if (whole < size) await handle.truncate(whole);
    return new ResultsLog(handle, whole);
  }

  /** Settles when the line is with the system; a line that does not fit whole is taken back. */
  async append(result: SweepResult): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(result)}\n`);
    try {
      let from = 0;
      while (from < line.length) {
        from += (await this.#handle.write(line, from, line.length - from)).bytesWritten;
      }
      this.#bytes += line.length;
    } catch (thrown) {
      await this.#handle.truncate(this.#bytes).catch(() => undefined);
      throw thrown;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** Bytes up to the last line end. */
async function wholeLines(path: string, size: number): Promise<number> {
  if (size === 0) return 0;
  const handle = await open(path, 'r');
  try {
    const step = 64 * 1024;
    for (let end = size; end > 0; end -= step) {
      const from = Math.max(0, end - step);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(end - from), 0, end - from, from);
      const at = buffer.subarray(0, bytesRead).lastIndexOf(0x0a);
      if (at >= 0) return from + at + 1;
    }
    return 0;
  } finally {
    await handle.close();
  }
}
