/** The lines of a dialogue: what may be said, the same for page, terminal and engine; the helper checks it again. */
import type { AppError } from './errors.ts';

/** The longest line in UTF-8. */
export const MOST_UTTERANCE_BYTES = 1000;
/** Of every message; native/src/measure/message.hpp. */
export const HEADER_BYTES = 24;

/** Bytes of a text in UTF-8 (RFC 3629). */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

/**
 * Why a line cannot be said; undefined where it can.
 * @param size_bytes The session's greatest message, where it is known.
 */
export function utteranceFault(text: string, size_bytes = Infinity): AppError | undefined {
  const most = Math.min(MOST_UTTERANCE_BYTES, size_bytes - HEADER_BYTES);
  const allowed = `1..${most} bytes of UTF-8 without control characters`;
  const refuse = (message: string, value: string): AppError => ({
    code: 'bad_command',
    message,
    remedy: `Say ${allowed}.`,
    where: 'say',
    value,
    allowed,
  });
  const bytes = utf8Bytes(text);
  if (bytes === 0) return refuse('there is nothing to say in the line', '0 bytes');
  if (bytes > most) return refuse('the line is too long', `${bytes} bytes`);
  // C0, DEL and C1: whoever reads the line shows it in a terminal.
  if (/\p{Cc}/u.test(text)) return refuse('the line has a control character in it', 'control character');
  if (/\p{Cs}/u.test(text)) return refuse('the line is not UTF-8', 'half a character');
  return undefined;
}
