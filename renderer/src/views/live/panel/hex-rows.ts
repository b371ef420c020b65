/** The bytes of a field as lines of hexadecimal. */
import type { RpcBytes } from '#contract/frames';

/** Bytes a line, in words of four. */
const LINE = 8;
/** Of a long field the first lines say enough. */
const MOST_LINES = 4;

export interface HexField {
  offset: number;
  name: string;
  value: string;
  lines: string[];
}

/** Each field with its bytes, as far as they were kept. */
export function hexFields({ hex, fields }: RpcBytes): HexField[] {
  return fields.map(({ offset, length, name, value }) => {
    const bytes = hex.slice(2 * offset, 2 * (offset + length));
    const words = bytes.match(/.{1,8}/g) ?? [];
    const lines: string[] = [];
    for (let at = 0; at < words.length; at += LINE / 4) lines.push(words.slice(at, at + LINE / 4).join(' '));
    const shown = lines.slice(0, MOST_LINES);
    const last = shown.at(-1);
    if (last !== undefined && (lines.length > MOST_LINES || bytes.length < 2 * length)) {
      shown[shown.length - 1] = `${last} …`;
    }
    return { offset, name, value, lines: shown };
  });
}
