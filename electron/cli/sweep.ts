/** `ipc-scope sweep`: mechanisms × sizes × patterns as one run, watched from the terminal, or taken up again. */
import * as v from 'valibot';
import { AppException, fail } from '#contract/errors';
import { SweepIdSchema, type SweepInfo, type SweepSnapshot } from '#contract/sweep';
import { channelName, planOf } from '#contract/sweep-plan';
import { statisticsOf } from '#contract/sweep-results';
import { errorText } from '#contract/text/error';
import { formatBytes, formatCount } from '#contract/text/format';
import { formatWait } from '#contract/text/sweep';
import type { Engine } from '#engine/engine';
import { unknownSweep } from '#engine/sweep/sweep-file';
import { isSet, parseArguments, refuseStrangers, valueOf, type Arguments } from './arguments.ts';
import { ask } from './ask.ts';
import { CHECK_FAILED, DONE, exitCodeOf, INTERRUPTED } from './exit-code.ts';
import { showHelp } from './help.ts';
import { withEngine } from './places.ts';
import { sayError } from './say-error.ts';
import { sweepSpecOf } from './sweep-spec.ts';
import { sweepTable } from './sweep-table.ts';
import { watchSweep } from './sweep-watch.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { writeOut } from './write-out.ts';

type Action = (engine: Engine, given: Arguments, terminal: Terminal) => Promise<number>;

const OUTPUT = ['--json', '--markdown', '--csv'];
/** What else may be done, and which flags it has; any other word is a mechanism. */
const ACTIONS: Readonly<Record<string, { act: Action; flags: readonly string[] }>> = {
  list: { act: list, flags: ['--json'] },
  show: { act: show, flags: OUTPUT },
  resume: { act: resume, flags: OUTPUT },
  delete: { act: deleteOne, flags: [] },
};

export async function sweep(argv: readonly string[], terminal: Terminal): Promise<number> {
  const given = parseArguments(argv, ['--json']);
  if (given.flags.has('--help')) return help(terminal);
  const [name = '', ...words] = given.words;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) return withEngine(terminal, (engine) => start(engine, given, terminal));
  refuseStrangers(given, action.flags);
  const stranger = words[name === 'list' ? 0 : 1];
  const { text } = terminal;
  if (stranger !== undefined) fail('usage', text.tooManyWords(stranger), text.seeHelp('sweep '));
  return withEngine(terminal, (engine) => action.act(engine, { ...given, words }, terminal));
}

function help(terminal: Terminal): number {
  const { text } = terminal;
  const { usage, about, ...words } = text.sweep;
  showHelp(terminal, {
    usage,
    about,
    flags: [
      ['--size', words.size],
      ['--pattern', words.pattern],
      ['--variant', words.variant],
      ['--repeat', words.repeat],
      ['--duration', words.duration],
      ['--warmup', words.warmup],
      ['--markdown', words.markdown],
      ['--csv', words.csv],
      ['--json', text.jsonFlag],
    ],
  });
  return DONE;
}

async function start(engine: Engine, given: Arguments, terminal: Terminal): Promise<number> {
  const { text, locale } = terminal;
  const describe = await ask(engine, 'helper.describe');
  const spec = sweepSpecOf(describe, given, terminal);
  const outputs = outputsOf(given);
  for (const left of planOf(describe, spec).left_out) {
    const sizes = left.sizes_bytes.map((size) => formatBytes(size, locale)).join(', ');
    const what = `${channelName(left)}, ${left.pattern}, ${sizes}`;
    terminal.err(`${text.sweep.leftOut(what, errorText(left.error, locale).what)}\n`);
  }
  return watch(engine, outputs, terminal, async () => {
    const { id, steps, cells, left_ms } = await ask(engine, 'sweep.start', spec);
    const time = formatWait(left_ms, locale);
    terminal.err(`${text.sweep.plan(formatCount(steps, locale), formatCount(cells, locale), time)}\n`);
    return id;
  });
}

async function resume(engine: Engine, given: Arguments, terminal: Terminal): Promise<number> {
  const id = await idOf(engine, given, terminal);
  return watch(engine, outputsOf(given), terminal, async () => {
    await ask(engine, 'sweep.command', { id, command: 'resume' });
    return id;
  });
}

async function watch(
  engine: Engine,
  outputs: Outputs,
  terminal: Terminal,
  begin: () => Promise<string>,
): Promise<number> {
  const { interrupted, error, sweep: measured } = await watchSweep(engine, terminal, begin);
  const { id, done, steps, failed } = measured.info;
  await give(engine, measured, outputs, terminal);
  if (error !== null) sayError(terminal, error);
  if (done < steps) terminal.err(`${terminal.text.sweep.resumable(id)}\n`);
  if (interrupted) return INTERRUPTED;
  if (error !== null) return exitCodeOf(error);
  return failed > 0 ? CHECK_FAILED : DONE;
}

interface Outputs {
  json: boolean;
  markdown: string | undefined;
  csv: string | undefined;
}

function outputsOf(given: Arguments): Outputs {
  const file = (flag: string): string | undefined => valueOf(given, flag, 'FILE');
  return { json: isSet(given, '--json'), markdown: file('--markdown'), csv: file('--csv') };
}

/** The result where it was asked for: files, then stdout. */
async function give(
  engine: Engine,
  measured: SweepSnapshot,
  { json, ...files }: Outputs,
  terminal: Terminal,
): Promise<void> {
  const { locale, text } = terminal;
  const { info, plan, results } = measured;
  const statistics = statisticsOf(plan.cells.length, results);
  for (const format of ['markdown', 'csv'] as const) {
    const path = files[format];
    if (path === undefined) continue;
    await writeOut(path, (await ask(engine, 'sweep.export', { id: info.id, format, locale })).text);
    terminal.err(`${text.runs.written(path)}\n`);
  }
  plan.cells.forEach((cell, i) => {
    const error = statistics[i]?.error ?? null;
    const what = `${channelName(cell)}, ${cell.pattern}, ${formatBytes(cell.size_bytes, locale)}`;
    if (error !== null) terminal.err(`${text.sweep.failed(what, errorText(error, locale).what)}\n`);
  });
  if (json) {
    const cells = plan.cells.map((cell, i) => ({ ...cell, ...statistics[i] }));
    terminal.out(`${JSON.stringify({ ...measured, plan: { ...plan, cells } })}\n`);
  } else {
    terminal.out(`${info.id}\n\n${sweepTable(measured, locale)}`);
  }
}

async function list(engine: Engine, given: Arguments, terminal: Terminal): Promise<number> {
  const { text } = terminal;
  const found = await ask(engine, 'sweep.list');
  if (isSet(given, '--json')) terminal.out(`${JSON.stringify(found)}\n`);
  else if (found.length === 0) terminal.err(`${text.sweep.none}\n`);
  else {
    const rows = found.map((info) => row(info, terminal));
    terminal.out(table([text.sweep.columns, ...rows], ['left', 'left', 'left', 'right', 'right', 'right']));
  }
  return DONE;
}

function row({ id, created_ms, state, cells, done, steps, failed }: SweepInfo, terminal: Terminal): string[] {
  const { locale, text } = terminal;
  const when = new Date(created_ms).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const count = (n: number): string => formatCount(n, locale);
  const measured = `${count(done)}/${count(steps)}`;
  return [id, when, text.sweep.states[state], count(cells), measured, count(failed)];
}

async function show(engine: Engine, given: Arguments, terminal: Terminal): Promise<number> {
  const id = await idOf(engine, given, terminal);
  await give(engine, await ask(engine, 'sweep.open', { id }), outputsOf(given), terminal);
  return DONE;
}

async function deleteOne(engine: Engine, given: Arguments, terminal: Terminal): Promise<number> {
  const id = await idOf(engine, given, terminal);
  await ask(engine, 'sweep.delete', { id });
  terminal.err(`${terminal.text.sweep.deleted(id)}\n`);
  return DONE;
}

/** The sweep that a word names: its whole name, or `last` for the newest. */
async function idOf(engine: Engine, { words }: Arguments, { text }: Terminal): Promise<string> {
  const [word] = words;
  if (word === undefined) fail('usage', text.sweep.needsId, text.sweep.idRemedy);
  if (word !== 'last') {
    if (!v.is(SweepIdSchema, word)) throw new AppException(unknownSweep(word));
    return word;
  }
  const [newest] = await ask(engine, 'sweep.list');
  if (newest === undefined) fail('usage', text.sweep.none, text.sweep.idRemedy);
  return newest.id;
}
