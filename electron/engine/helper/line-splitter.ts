/** Bytes to lines. Only whole lines are decoded, so a character that two chunks share stays whole. */

/** No frame comes near it; a longer line is garbage, and only its beginning is kept. */
export const LINE_LIMIT_BYTES = 1024 * 1024;
const KEPT_OF_TOO_LONG = 4096;
const NEWLINE = 0x0a;

export interface Line {
  text: string;
  /** It went on beyond the limit; `text` is its beginning. */
  tooLong: boolean;
}

export class LineSplitter {
  readonly #limit: number;
  #parts: Uint8Array[] = [];
  #held = 0;
  #tooLong = false;

  constructor(limit = LINE_LIMIT_BYTES) {
    this.#limit = limit;
  }

  /** The lines that this chunk completes, without their ends. */
  push(chunk: Uint8Array): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (;;) {
      const to = chunk.indexOf(NEWLINE, from);
      if (to < 0) break;
      this.#hold(chunk.subarray(from, to));
      lines.push(this.#take());
      from = to + 1;
    }
    this.#hold(chunk.subarray(from));
    return lines;
  }

  /** What followed the last line end, or undefined where nothing did. */
  end(): Line | undefined {
    return this.#held === 0 ? undefined : this.#take();
  }

  #hold(part: Uint8Array): void {
    if (part.length === 0 || this.#tooLong) return;
    this.#parts.push(part);
    this.#held += part.length;
    if (this.#held <= this.#limit) return;
    this.#tooLong = true;
    this.#parts = [Buffer.from(Buffer.concat(this.#parts).subarray(0, KEPT_OF_TOO_LONG))];
  }

  #take(): Line {
    const bytes = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts);
    const line = { text: decode(bytes), tooLong: this.#tooLong };
    this.#parts = [];
    this.#held = 0;
    this.#tooLong = false;
    return line;
  }
}

function decode(bytes: Uint8Array | undefined): string {
  if (bytes === undefined) return '';
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
