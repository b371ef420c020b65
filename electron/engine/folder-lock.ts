/**
 * One living app a data folder: two at once would measure each other. The lock is a file that names its process; one
 * whose process has ended is taken over.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import { fail, toAppError } from '#contract/errors';
import { uint } from '#contract/numbers';
import { isAlive, startOf } from './is-alive.ts';

const LOCK_FILE = 'app.lock';

const OwnerSchema = v.object({
  pid: uint,
  /** When the process started, as its system tells it: its number alone may be another one's by now. */
  start: v.nullable(v.string()),
  /** `127.0.0.1:4646` where it serves the page; never its token. */
  address: v.nullable(v.string()),
});
type Owner = v.InferOutput<typeof OwnerSchema>;

export interface FolderLock {
  /** Tells others where the page is served. */
  announce(address: string): void;
  release(): void;
}

/**
 * Takes the lock, or refuses with `already_running`. A folder that cannot be written to is not locked, for an app that
 * records nothing is better than none.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, LOCK_FILE);
  const own: Owner = { pid: process.pid, start: startOf(process.pid), address: null };
  const text = (address: string | null) => `${JSON.stringify({ ...own, address })}\n`;
  const held = take(folder, path, text(null));
  return {
    announce: (address) => {
      if (held && readOwner(path)?.pid === process.pid) quietly(() => replace(path, text(address)));
    },
    release: () => {
      if (held && readOwner(path)?.pid === process.pid) quietly(() => rmSync(path, { force: true }));
    },
  };
}

function take(folder: string, path: string, text: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Another start may find the same dead owner at the same time: once more, then it is the living one's.
    for (let attempt = 0; attempt < 3; attempt++) {
      if (create(path, text)) return true;
      refuseLiving(readOwner(path));
      removeDead(path);
    }
    return false;
  } catch (thrown) {
    if (toAppError(thrown).code === 'already_running') throw thrown;
    return false;
  }
}

/** Whether it was not there yet. It appears whole, so that nobody reads half of it. */
function create(path: string, text: string): boolean {
  const draft = besides(path);
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (thrown) {
    if (toAppError(thrown).errno === 'EEXIST') return false;
    return createWithoutLinks(path, text);
  } finally {
    rmSync(draft, { force: true });
  }
}

function createWithoutLinks(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (thrown) {
    if (toAppError(thrown).errno === 'EEXIST') return false;
    throw thrown;
  }
}

function replace(path: string, text: string): void {
  const draft = besides(path);
  writeFileSync(draft, text, { flag: 'wx', mode: 0o600 });
  renameSync(draft, path);
}

/** Moved away before it is looked at again: meanwhile it may have become a living one's, who gets it back. */
function removeDead(path: string): void {
  const aside = besides(path);
  try {
    renameSync(path, aside);
  } catch (thrown) {
    if (toAppError(thrown).errno === 'ENOENT') return;
    throw thrown;
  }
  const owner = readOwner(aside);
  if (lives(owner)) quietly(() => renameSync(aside, path));
  rmSync(aside, { force: true });
  refuseLiving(owner);
}

function refuseLiving(owner: Owner | undefined): void {
  if (owner === undefined || !lives(owner)) return;
  fail(
    'already_running',
    'another IPC Scope runs on the same data folder',
    'Use that one, or end it first.',
    {
      ...(owner.address === null ? {} : { where: owner.address }),
      value: String(owner.pid),
    },
  );
}

function lives(owner: Owner | undefined): boolean {
  if (owner === undefined || owner.pid === process.pid || !isAlive(owner.pid)) return false;
  return owner.start === null || owner.start === startOf(owner.pid);
}

function readOwner(path: string): Owner | undefined {
  try {
    const parsed = v.safeParse(OwnerSchema, JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

function besides(path: string): string {
  return `${path}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The folder can no longer be written to; the lock is stale as soon as this process ends.
  }
}
