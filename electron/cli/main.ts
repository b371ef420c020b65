/** The terminal program: chooses the command, and turns every failure into a sentence and an exit code. */
import { AppException, fail, toAppError } from '#contract/errors';
import { compareRuns } from './compare.ts';
import { doctor } from './doctor.ts';
import { exitCodeOf } from './exit-code.ts';
import { indent } from './help.ts';
import { list } from './list.ts';
import { version } from './places.ts';
import { run } from './run.ts';
import { runs } from './runs.ts';
import { sayError } from './say-error.ts';
import { serve } from './serve.ts';
import { sweep } from './sweep.ts';
import { table } from './table.ts';
import { processTerminal, type Terminal } from './terminal.ts';

type Command = (argv: readonly string[], terminal: Terminal) => Promise<number>;

const COMMANDS = { run, list, runs, compare: compareRuns, sweep, serve, doctor } satisfies Record<
  string,
  Command
>;

/** Runs one command line (without `node` and the script) and answers its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = processTerminal();
  try {
    return await choose(argv, terminal);
  } catch (thrown) {
    const error = toAppError(thrown);
    sayError(terminal, error);
    // An exception that nobody foresaw is ours to find.
    if (!(thrown instanceof AppException) && thrown instanceof Error) terminal.err(`${thrown.stack}\n`);
    return exitCodeOf(error);
  }
}

async function choose(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { text } = terminal;
  const [name, ...rest] = argv;
  if (name === '--version' || name === '-V') {
    terminal.out(`${version()}\n`);
    return 0;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    help(terminal);
    return 0;
  }
  const allowed = Object.keys(COMMANDS).join(', ');
  if (name === undefined) fail('usage', text.needsCommand, text.oneOf(allowed));
  if (!isCommand(name)) {
    fail('unknown_command', `there is no command ${name}`, `Use one of: ${allowed}.`, {
      where: 'command',
      value: name,
      allowed,
    });
  }
  return COMMANDS[name](rest, terminal);
}

function isCommand(name: string): name is keyof typeof COMMANDS {
  return Object.hasOwn(COMMANDS, name);
}

function help(terminal: Terminal): void {
  const { text } = terminal;
  const rows = (Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]).map((name) => [name, text.command[name]]);
  terminal.out(`${text.about}\n\n${text.usage}: ipc-scope COMMAND …\n\n${text.commands}:\n`);
  terminal.out(indent(table(rows, ['left', 'left'])));
  terminal.out(`\n${text.flags}:\n`);
  const flags = [
    ['--help', text.helpFlag],
    ['--version', text.versionFlag],
  ];
  terminal.out(indent(table(flags, ['left', 'left'])));
  terminal.out(`\n${text.moreHelp}\n`);
}
