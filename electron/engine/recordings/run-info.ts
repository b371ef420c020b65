/** What the files of a recorded run tell of it, read as little as lists need. */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Summary } from '#contract/frames';
import { figuresOf, NO_LABEL, type RunInfo } from '#contract/runs';
import { isOver, type SessionInfo, type SessionState } from '#contract/session';
import type { SessionSpec } from '#contract/spec';
import { isAlive } from '../is-alive.ts';
import { LineSplitter } from '../helper/line-splitter.ts';
import { parseFrame } from '../helper/parse-frame.ts';
import type { History } from '../session/history.ts';
import { FRAMES_FILE, readRunFile, RUN_FILE, type RunFile } from './run-file.ts';
import { fromRunId } from './run-id.ts';
import { LABEL_FILE, readLabel } from './run-label.ts';

/** A session ticks at least once a second, also while it is paused. */
const LIVE_LIMIT_MS = 60_000;
/** A summary is the last frame and far shorter than this. */
const TAIL_BYTES = 256 * 1024;

export interface FileFacts {
  /** Of the recording, bytes. */
  size: number;
  /** When the recording was last written to. */
  mtimeMs: number;
  labelled: boolean;
  /** Changes whenever one of the files does. */
  stamp: string;
}

export async function factsOf(folder: string): Promise<FileFacts> {
  const facts = await Promise.all(
    [RUN_FILE, FRAMES_FILE, LABEL_FILE].map((name) => stat(join(folder, name)).catch(() => undefined)),
  );
  const recording = facts.slice(0, 2).map((file) => file ?? { size: 0, mtimeMs: 0 });
  return {
    size: recording.reduce((sum, { size }) => sum + size, 0),
    mtimeMs: Math.max(...recording.map(({ mtimeMs }) => mtimeMs)),
    labelled: facts[2] !== undefined,
    // A file that is written whole is another one each time, even within one tick of the clock.
    stamp: facts.map((file) => `${file?.ino ?? 0} ${file?.size ?? 0} ${file?.mtimeMs ?? 0}`).join(', '),
  };
}

export async function readInfo(folder: string, id: string, facts: FileFacts): Promise<RunInfo> {
  const [read, label] = await Promise.all([
    readRunFile(folder, id),
    facts.labelled ? readLabel(folder) : NO_LABEL,
  ]);
  const bytes_on_disk = facts.size;
  if (!read.ok) {
    const { created_ms, mechanism } = fromRunId(id);
    const state = read.error.code === 'recording_newer' ? 'newer' : 'damaged';
    return { id, created_ms, spec: { mechanism, options: {} }, label, state, summary: null, bytes_on_disk };
  }
  const { created_ms, spec, state, summary, imported } = read.value;
  const origin = imported === undefined ? {} : { imported: true as const };
  const info = { id, created_ms, spec, label, bytes_on_disk, ...origin };
  if (isOver(state) || isLive(read.value, facts)) {
    return { ...info, state, summary: summary === null ? null : figuresOf(summary) };
  }
  // Its app ended before it did: the end of the frames may still hold the summary.
  const last = await summaryAtEnd(join(folder, FRAMES_FILE));
  return { ...info, state: endOf(last), summary: last === null ? null : figuresOf(last) };
}

/**
 * Whether the process that records the run is still at it: it lives, and it wrote of late. Its number alone would not
 * do, for another process may have it by now.
 */
export function isLive(file: RunFile, { mtimeMs }: FileFacts): boolean {
  return !isOver(file.state) && Date.now() - mtimeMs < LIVE_LIMIT_MS && isAlive(file.writer_pid);
}

/** How a session ended that was cut off from its engine. */
export function endOf(summary: Summary | null): SessionState {
  return summary === null || summary.ended_by === 'error' ? 'failed' : 'finished';
}

/** What the frames tell of a run whose run.json does not. */
export function guess(id: string, { hello, summary }: History): SessionInfo {
  const { created_ms, mechanism } = fromRunId(id);
  const spec: SessionSpec =
    hello === null
      ? { mechanism, options: {} }
      : {
          mechanism: hello.mechanism,
          variant: hello.variant,
          pattern: hello.pattern,
          options: hello.options,
        };
  return { id, spec, state: endOf(summary), created_ms };
}

async function summaryAtEnd(path: string): Promise<Summary | null> {
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return null;
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, TAIL_BYTES);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const splitter = new LineSplitter();
    const lines = splitter.push(buffer.subarray(0, bytesRead));
    const rest = splitter.end();
    if (rest !== undefined) lines.push(rest);
    for (const line of lines.reverse()) {
      const parsed = parseFrame(line);
      if (parsed.ok && parsed.value.t === 'summary') return parsed.value;
    }
    return null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
