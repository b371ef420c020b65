/** `ipc-scope list`: what this system can do, as its helper describes it. */
import { AppException, fail } from '#contract/errors';
import { mechanismOf } from '#contract/spec';
import { isSet, parseArguments, refuseStrangers } from './arguments.ts';
import { ask } from './ask.ts';
import { indent, showHelp } from './help.ts';
import { optionTable } from './option-table.ts';
import { withEngine } from './places.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';

export async function list(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { text } = terminal;
  const given = parseArguments(argv, ['--json']);
  if (given.flags.has('--help')) {
    showHelp(terminal, {
      usage: [text.list.usage],
      about: [text.command.list],
      flags: [['--json', text.jsonFlag]],
    });
    return 0;
  }
  refuseStrangers(given, ['--json']);
  const [name, stranger] = given.words;
  if (stranger !== undefined) fail('usage', text.tooManyWords(stranger), text.seeHelp('list '));
  return withEngine(terminal, async (engine) => {
    const describe = await ask(engine, 'helper.describe');
    let mechanisms = describe.mechanisms;
    if (name !== undefined) {
      const found = mechanismOf(describe, name);
      if (!found.ok) throw new AppException(found.error);
      mechanisms = [found.value];
    }
    if (isSet(given, '--json')) {
      terminal.out(`${JSON.stringify({ ...describe, mechanisms })}\n`);
      return 0;
    }
    const parts = mechanisms.map((mechanism) => {
      const facts = [
        [text.list.patterns, mechanism.patterns.join(', ')],
        [text.list.variants, mechanism.variants.join(', ')],
      ];
      const title = `${mechanism.id} (${text.list.family[mechanism.family]})\n`;
      return (
        title + indent(`${table(facts, ['left', 'left'])}\n${optionTable(mechanism, text, terminal.locale)}`)
      );
    });
    terminal.out(parts.join('\n'));
    return 0;
  });
}
