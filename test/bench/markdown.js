/** Tables in Markdown, and how figures are written in them. */

/**
 * @param {string[]} head
 * @param {string[][]} rows
 */
export function table(head, rows) {
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
  // A bar ends a cell.
  const cell = (/** @type {string} */ text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return lines.map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}

/** What stands where there is no figure. */
export const NONE = '–';

/** @param {number} perSecond */
export const million = (perSecond) =>
  Number.isFinite(perSecond) ? (perSecond / 1e6).toFixed(perSecond < 1e6 ? 3 : 2) : NONE;

/** @param {number} ns */
export const micro = (ns) => (Number.isFinite(ns) ? (ns / 1e3).toFixed(ns < 1e4 ? 2 : 1) : NONE);

/** @param {number} ratio */
export const times = (ratio) => (Number.isFinite(ratio) ? ratio.toFixed(ratio < 10 ? 2 : 1) : NONE);

/** @param {number} bytes a power of two, or any number */
export function size(bytes) {
  if (bytes >= 1024 && bytes % 1024 === 0) return `${bytes / 1024} KiB`;
  return `${bytes} B`;
}
