/** A line of the helper, or of a recording, as a validated frame. */
import * as v from 'valibot';
import { PROTOCOL } from '#contract/describe';
import type { AppError, Result } from '#contract/errors';
import { FrameSchema, type Frame } from '#contract/frames';
import type { Line } from './line-splitter.ts';

/** The frame, or the error that shows the beginning of the line and what is wrong with it. */
export function parseFrame(line: Line): Result<Frame> {
  if (line.tooLong) return bad(line.text, 'the line is longer than 1 MiB');
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    return bad(line.text, 'the line is not JSON');
  }
  const protocol = foreignProtocol(value);
  if (protocol !== undefined) return { ok: false, error: otherProtocol(protocol) };
  const parsed = v.safeParse(FrameSchema, value);
  if (parsed.success) return { ok: true, value: parsed.output };
  const issue = parsed.issues[0];
  const path = v.getDotPath(issue);
  return bad(line.text, `${path === null ? '' : `${path}: `}${issue.message}`);
}

/** Looked at before the schema: a frame of another protocol may have any shape. */
function foreignProtocol(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('t' in value) || !('protocol' in value))
    return undefined;
  if (value.t !== 'hello' && value.t !== 'describe') return undefined;
  return value.protocol === PROTOCOL ? undefined : (value.protocol ?? 'null');
}

function otherProtocol(protocol: unknown): AppError {
  return {
    code: 'helper_protocol',
    message: `the helper speaks protocol ${shorten(String(protocol))}, not ${PROTOCOL}`,
    remedy: 'App and helper are of different versions: build the helper again.',
    value: shorten(String(protocol)),
    allowed: String(PROTOCOL),
  };
}

function bad(line: string, why: string): Result<never> {
  return {
    ok: false,
    error: {
      code: 'helper_bad_frame',
      message: shorten(why, 300),
      remedy: 'The line was left out; if there are many, build the helper again.',
      value: shorten(line),
    },
  };
}

/** The beginning of foreign text, without control characters that would upset a terminal. */
function shorten(text: string, length = 120): string {
  // eslint-disable-next-line no-control-regex -- control characters are just what is looked for
  const clean = text.slice(0, length + 1).replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
  return clean.length <= length ? clean : `${clean.slice(0, length)}…`;
}
