/**
 * Files on their way between this folder and a page or terminal: in pieces, so that no message is large, and in a folder
 * of their own, so that nothing half taken in is ever a run.
 */
import { randomBytes } from 'node:crypto';
import { appendFile, open, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '#contract/errors';
import { MOST_FILE_BYTES, PIECE_BYTES } from '#contract/run-files';
import { ownFolder } from '../folders.ts';

/** A page that is closed cannot say so: what nobody asks for any more is removed. */
const IDLE_MS = 10 * 60_000;
/** Transfers at the same time; more is a page that forgets them. */
const MOST = 8;

interface Transfer {
  path: string;
  /** Bytes that are announced; of an outgoing one, those there are. */
  size: number;
  timer: NodeJS.Timeout;
}

export class Transfers {
  readonly #folder: string;
  readonly #open = new Map<string, Transfer>();

  /** `folder` is this engine's own and need not be there yet. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Room for an incoming file of that size, or for an outgoing one that is about to be written. */
  async begin(size: number): Promise<{ transfer: string; path: string }> {
    if (size > MOST_FILE_BYTES) {
      const allowed = `${MOST_FILE_BYTES / 1024 ** 3} GiB`;
      fail('import_too_large', `the file is longer than ${allowed}`, 'Import a shorter recording.', {
        allowed,
      });
    }
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= MOST) await this.end(oldest);
    await ownFolder(this.#folder);
    const transfer = randomBytes(16).toString('hex');
    const path = join(this.#folder, transfer);
    await writeFile(path, '', { mode: 0o600, flag: 'wx' });
    this.#open.set(transfer, { path, size, timer: this.#timer(transfer) });
    return { transfer, path };
  }

  /** What was written to an outgoing file is there to be taken. */
  async ready(transfer: string): Promise<number> {
    const found = this.#find(transfer);
    found.size = (await stat(found.path)).size;
    return found.size;
  }

  /** Takes the next piece of an incoming file. */
  async put(transfer: string, from: number, data: string): Promise<void> {
    const { path, size } = this.#find(transfer);
    const bytes = Buffer.from(data, 'base64');
    const { size: there } = await stat(path);
    if (from !== there || from + bytes.length > size) {
      fail('bad_request', 'the piece does not follow the one before it', 'Send the pieces in their order.', {
        where: 'runs.put',
        value: String(from),
        allowed: String(there),
      });
    }
    await appendFile(path, bytes);
  }

  /** A piece of an outgoing file, as base64; empty at its end. */
  async take(transfer: string, from: number): Promise<string> {
    const { path } = this.#find(transfer);
    const handle = await open(path);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, from);
      return buffer.toString('base64', 0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  /** Where an incoming file lies, once all of it is there. */
  async whole(transfer: string): Promise<{ path: string; size: number }> {
    const { path, size } = this.#find(transfer);
    const { size: there } = await stat(path);
    if (there !== size)
      fail('import_refused', 'the file did not arrive whole', 'Import it again.', { where: 'cut' });
    return { path, size };
  }

  async end(transfer: string): Promise<void> {
    const found = this.#open.get(transfer);
    if (found === undefined) return;
    clearTimeout(found.timer);
    this.#open.delete(transfer);
    await rm(found.path, { force: true });
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((transfer) => this.end(transfer)));
    await rm(this.#folder, { recursive: true, force: true });
  }

  #find(transfer: string): Transfer {
    const found = this.#open.get(transfer);
    if (found === undefined) {
      fail('import_refused', 'there is no such transfer', 'Begin it again.', { where: 'lost' });
    }
    clearTimeout(found.timer);
    found.timer = this.#timer(transfer);
    return found;
  }

  #timer(transfer: string): NodeJS.Timeout {
    return setTimeout(() => void this.end(transfer).catch(() => undefined), IDLE_MS).unref();
  }
}
