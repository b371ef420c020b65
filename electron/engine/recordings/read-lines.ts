/** The lines of a file, one after the other, however long the file is. */
import { createReadStream } from 'node:fs';
import { LineSplitter, type Line } from '../helper/line-splitter.ts';

export interface NumberedLine extends Line {
  /** From 1. */
  number: number;
  /** Nothing followed it, not even a line end. */
  unfinished: boolean;
}

export interface ReadLinesOptions {
  /** Ends the reading with an exception. */
  signal?: AbortSignal | undefined;
  /** Hears how many bytes have been read. */
  read?: ((bytes: number) => void) | undefined;
}

export async function* readLines(
  path: string,
  { signal, read }: ReadLinesOptions = {},
): AsyncGenerator<NumberedLine> {
  const splitter = new LineSplitter();
  let number = 0;
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    signal?.throwIfAborted();
    bytes += (chunk as Buffer).length;
    read?.(bytes);
    for (const line of splitter.push(chunk as Buffer)) yield { ...line, number: ++number, unfinished: false };
  }
  const rest = splitter.end();
  if (rest !== undefined) yield { ...rest, number: number + 1, unfinished: true };
}
