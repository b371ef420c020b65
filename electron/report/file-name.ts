/** A file's name made of what it is about: any language's letters, and nothing that a file system could mind. */
/** Signs; a file system counts bytes, of which Korean takes three a sign and rarer scripts four. */
const MOST = 60;

export function fileName(...parts: readonly string[]): string {
  const name = parts
    .join(' ')
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}.]+/gu, '-')
    // A dot in front would hide the file, two in a row could lead out of a folder.
    .replace(/\.{2,}/g, '.')
    .replace(/^[-.]+|[-.]+$/g, '');
  const short = [...name]
    .slice(0, MOST)
    .join('')
    .replace(/[-.]+$/, '');
  return short === '' ? 'ipc-scope' : short;
}
