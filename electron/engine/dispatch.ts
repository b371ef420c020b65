/** One call across a border: name checked, argument parsed, handler run, every outcome a tagged value. */
import * as v from 'valibot';
import { channels, isChannelName, type Handlers } from '#contract/channels';
import { toAppError, type AppError, type Result } from '#contract/errors';

/** Answers a call from a page. Never throws, whatever the name and the argument are. */
export async function dispatch(
  handlers: Handlers,
  name: unknown,
  argument: unknown,
): Promise<Result<unknown>> {
  try {
    if (!isChannelName(name)) return refused(unknownChannel(name));
    const parsed = v.safeParse(channels[name].argument, argument);
    if (!parsed.success) return refused(badArgument(name, parsed.issues[0]));
    // The schema of the name has just accepted the argument; the type of the pair is beyond the checker.
    const handler = handlers[name] as (argument: unknown) => unknown;
    return { ok: true, value: await handler(parsed.output) };
  } catch (thrown) {
    return refused(toAppError(thrown));
  }
}

function refused(error: AppError): Result<never> {
  return { ok: false, error };
}

function unknownChannel(name: unknown): AppError {
  return {
    code: 'bad_request',
    message: 'there is no such channel',
    remedy: 'Ask for one of the channels of the channel map.',
    where: 'channel',
    value: shorten(typeof name === 'string' ? name : typeof name),
    allowed: Object.keys(channels).join(', '),
  };
}

function badArgument(name: string, issue: v.BaseIssue<unknown>): AppError {
  const path = v.getDotPath(issue);
  return {
    code: 'bad_request',
    message: shorten(issue.message, 300),
    remedy: 'Send the argument that the channel map declares.',
    where: path === null ? name : `${name}: ${shorten(path)}`,
    value: shorten(issue.received),
    ...(issue.expected === null ? {} : { allowed: shorten(issue.expected, 300) }),
  };
}

/** What a stranger sent is repeated only in part. */
function shorten(text: string, length = 80): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}
