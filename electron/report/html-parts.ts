/** Pieces of the report's HTML. Everything that comes from outside goes through `escaped`, here and nowhere else. */
import { escaped } from './escape.ts';

/** HTML that is known to be safe, so that text cannot be taken for it by mistake. */
export interface Html {
  readonly html: string;
}

export const raw = (html: string): Html => ({ html });

const text = (cell: string | Html): string => (typeof cell === 'string' ? escaped(cell) : cell.html);

export const code = (content: string): Html => raw(`<code>${escaped(content)}</code>`);

export function element(name: 'h1' | 'p' | 'footer', content: string | Html, style?: string): string {
  return `<${name}${style === undefined ? '' : ` class="${style}"`}>${text(content)}</${name}>\n`;
}

/** A part with its heading; nothing where it would be empty. */
export function section(title: string, ...content: readonly string[]): string {
  const inner = content.join('');
  return inner === '' ? '' : `<section>\n<h2>${escaped(title)}</h2>\n${inner}</section>\n`;
}

/** Names and values, a row each. */
export function facts(rows: readonly (readonly [string | Html, string | Html])[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(
    ([name, value]) => `<tr><th scope="row">${text(name)}</th><td>${text(value)}</td></tr>`,
  );
  return `<table class="facts">\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table>\n`;
}

/** A table whose first column names the rows. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
  style: 'numbers' | 'words',
): string {
  if (rows.length === 0) return '';
  const heads = head.map((name) => `<th scope="col">${escaped(name)}</th>`).join('');
  const lines = rows.map(
    ([first = '', ...others]) =>
      `<tr><th scope="row">${text(first)}</th>${others.map((cell) => `<td>${text(cell)}</td>`).join('')}</tr>`,
  );
  return `<div class="scroll"><table class="${style}">\n<thead><tr>${heads}</tr></thead>\n<tbody>\n${lines.join('\n')}\n</tbody>\n</table></div>\n`;
}
