/** The help of a command: how it is called, what it does, its flags. */
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface Help {
  usage: readonly string[];
  about: readonly string[];
  flags: readonly (readonly [flag: string, meaning: string])[];
}

export function showHelp(terminal: Terminal, { usage, about, flags }: Help): void {
  const { text } = terminal;
  terminal.out(`${text.usage}: ${usage.join(`\n${' '.repeat(text.usage.length + 2)}`)}\n\n`);
  if (about.length > 0) terminal.out(`${about.join('\n')}\n\n`);
  terminal.out(`${text.flags}:\n`);
  terminal.out(indent(table([...flags, ['--help', text.helpFlag]], ['left', 'left'])));
}

export function indent(lines: string): string {
  return lines.replace(/^(?=.)/gm, '  ');
}
