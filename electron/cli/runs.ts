/** `ipc-scope runs`: the recorded runs of this data folder. */
import { AppException, fail } from '#contract/errors';
import { EXPORT_FORMATS, type RunInfo } from '#contract/runs';
import { formatBytes, formatCount, formatDuration, formatRate, NO_VALUE } from '#contract/text/format';
import type { Engine } from '#engine/engine';
import { missing } from '#engine/recordings/run-file';
import { isRunId } from '#engine/recordings/run-id';
import { isSet, parseArguments, refuseStrangers, valueOf, type Arguments } from './arguments.ts';
import { ask } from './ask.ts';
import { showHelp } from './help.ts';
import { withEngine } from './places.ts';
import { exportRecording, importRecording, RECORDING } from './recording-files.ts';
import { FILTER_FLAGS, filterOf, labelText } from './run-filter.ts';
import { sayError } from './say-error.ts';
import { summaryTable } from './summary-table.ts';
import { table } from './table.ts';
import type { Terminal } from './terminal.ts';
import { writeOut } from './write-out.ts';

type Action = (engine: Engine, given: Arguments, terminal: Terminal) => Promise<number>;

/** What may be done, and which flags it has. */
const ACTIONS: Readonly<Record<string, { act: Action; flags: readonly string[] }>> = {
  list: { act: list, flags: ['--json', ...FILTER_FLAGS] },
  show: { act: show, flags: ['--json'] },
  export: { act: exportOne, flags: ['--format', '--out'] },
  import: { act: importOne, flags: [] },
  delete: { act: deleteOne, flags: [] },
};

export async function runs(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { text } = terminal;
  const given = parseArguments(argv, ['--json', '--pinned', '--imported']);
  if (given.flags.has('--help')) {
    showHelp(terminal, {
      usage: text.runs.usage,
      about: [text.runs.about],
      flags: [
        ['--format', text.runs.format],
        ['--out', text.runs.out],
        ['--mechanism', text.runs.mechanism],
        ['--tag', text.runs.tag],
        ['--search', text.runs.search],
        ['--pinned', text.runs.pinned],
        ['--imported', text.runs.imported],
        ['--json', text.jsonFlag],
      ],
    });
    return 0;
  }
  const [name = 'list', ...words] = given.words;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action === undefined) {
    const allowed = Object.keys(ACTIONS).join(', ');
    fail('unknown_command', `runs has no ${name}`, `Use one of: ${allowed}.`, {
      where: 'runs',
      value: name,
      allowed,
    });
  }
  refuseStrangers(given, action.flags);
  const stranger = words[name === 'list' ? 0 : 1];
  if (stranger !== undefined) fail('usage', text.tooManyWords(stranger), text.seeHelp('runs '));
  return withEngine(terminal, (engine) => action.act(engine, { ...given, words }, terminal));
}

async function list(engine: Engine, given: Arguments, terminal: Terminal): Promise<number> {
  const wanted = filterOf(given);
  const all = await ask(engine, 'runs.list');
  const found = all.filter(wanted);
  if (isSet(given, '--json')) {
    terminal.out(`${JSON.stringify(found)}\n`);
  } else if (found.length === 0) {
    terminal.err(`${all.length === 0 ? terminal.text.runs.none : terminal.text.runs.noneFound}\n`);
  } else {
    const rows = found.map((run) => row(run, terminal));
    terminal.out(
      table(
        [terminal.text.runs.columns, ...rows],
        ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'left'],
      ),
    );
  }
  return 0;
}

function row(run: RunInfo, terminal: Terminal): string[] {
  const { id, created_ms, state, summary, bytes_on_disk } = run;
  const { locale, text } = terminal;
  const when = new Date(created_ms).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return [
    id,
    when,
    text.state[state],
    summary === null ? NO_VALUE : formatCount(summary.messages, locale),
    summary === null ? NO_VALUE : formatRate(summary.messages_per_s, locale),
    summary === null ? NO_VALUE : formatDuration(summary.latency.p99_ns, locale),
    formatBytes(bytes_on_disk, locale),
    labelText(run),
  ];
}

async function show(engine: Engine, given: Arguments, terminal: Terminal): Promise<number> {
  const id = await idOf(engine, given, terminal);
  const snapshot = await ask(engine, 'runs.open', { id });
  if (isSet(given, '--json')) {
    terminal.out(`${JSON.stringify(snapshot)}\n`);
    return 0;
  }
  for (const error of snapshot.errors) sayError(terminal, error);
  if (snapshot.summary !== null) {
    terminal.out(summaryTable(snapshot.summary, terminal.locale, terminal.text, id));
  } else {
    terminal.out(`${id} · ${terminal.text.state[snapshot.info.state]}\n`);
  }
  return 0;
}

async function exportOne(engine: Engine, given: Arguments, terminal: Terminal): Promise<number> {
  const formats = [...EXPORT_FORMATS, RECORDING].join(', ');
  const wanted = valueOf(given, '--format', formats);
  if (wanted === undefined) {
    fail('missing_value', 'export needs --format', `Use one of: ${formats}.`, {
      where: '--format',
      allowed: formats,
    });
  }
  const format = [...EXPORT_FORMATS, RECORDING].find((name) => name === wanted);
  if (format === undefined) {
    fail('not_a_choice', '--format does not take it', `Use one of: ${formats}.`, {
      where: '--format',
      value: wanted,
      allowed: formats,
    });
  }
  const out = valueOf(given, '--out', 'FILE');
  const id = await idOf(engine, given, terminal);
  if (format === RECORDING) {
    const written = await exportRecording(engine, id, out);
    terminal.err(`${terminal.text.runs.written(written)}\n`);
    return 0;
  }
  const { text } = await ask(engine, 'runs.export', { id, format, locale: terminal.locale });
  if (out === undefined) {
    terminal.out(text);
    return 0;
  }
  await writeOut(out, text);
  terminal.err(`${terminal.text.runs.written(out)}\n`);
  return 0;
}

async function importOne(engine: Engine, { words }: Arguments, { text, err }: Terminal): Promise<number> {
  const [path] = words;
  if (path === undefined) fail('usage', text.runs.needsFile, text.runs.fileRemedy);
  const { id, missing_frames } = await importRecording(engine, path);
  err(`${text.runs.importedAs(id)}\n`);
  if (missing_frames > 0) err(`${text.runs.missingFrames(missing_frames)}\n`);
  return missing_frames > 0 ? 1 : 0;
}

async function deleteOne(engine: Engine, given: Arguments, terminal: Terminal): Promise<number> {
  const id = await idOf(engine, given, terminal);
  await ask(engine, 'runs.delete', { id });
  terminal.err(`${terminal.text.runs.deleted(id)}\n`);
  return 0;
}

/** The run that a word names: its whole name, or `last` for the newest. */
export async function idOf(
  engine: Engine,
  { words }: Pick<Arguments, 'words'>,
  { text }: Terminal,
): Promise<string> {
  const [word] = words;
  if (word === undefined) fail('usage', text.runs.needsId, text.runs.idRemedy);
  if (word !== 'last') {
    if (!isRunId(word)) throw new AppException(missing(word));
    return word;
  }
  const [newest] = await ask(engine, 'runs.list');
  if (newest === undefined) fail('usage', text.runs.none, text.runs.idRemedy);
  return newest.id;
}
