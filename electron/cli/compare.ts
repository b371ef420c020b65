/** `ipc-scope compare`: mechanisms measured in turns, or recorded runs, held against the first of them. */
import { compare, type Comparison } from '#contract/compare/comparison';
import { sideOf, type Side } from '#contract/compare/side';
import { fail } from '#contract/errors';
import type { Summary } from '#contract/frames';
import type { SessionSpec } from '#contract/spec';
import { formatBytes } from '#contract/text/format';
import type { Engine } from '#engine/engine';
import { machineOf } from '#engine/machine';
import { isRunId } from '#engine/recordings/run-id';
import { isSet, parseArguments, refuseStrangers, valueOf, type Arguments } from './arguments.ts';
import { ask } from './ask.ts';
import { groupsOf, inTurns, MOST_SIDES } from './compare-plan.ts';
import { compareJson, compareTable, flagWords } from './compare-table.ts';
import { CHECK_FAILED, DONE, INTERRUPTED } from './exit-code.ts';
import { showHelp } from './help.ts';
import { withEngine } from './places.ts';
import { codeOf, watchOne } from './run.ts';
import { idOf } from './runs.ts';
import { sayError } from './say-error.ts';
import type { Terminal } from './terminal.ts';

const USUAL_ROUNDS = 5;
const LEAST_ROUNDS = 2;
const MOST_ROUNDS = 100;

interface Named {
  comparison: Comparison;
  names: string[];
}

export async function compareRuns(argv: readonly string[], terminal: Terminal): Promise<number> {
  const given = parseArguments(argv, ['--json', '--record']);
  if (given.flags.has('--help')) return help(terminal);
  const words = given.words.flatMap((word) => word.split(',')).filter((word) => word !== '');
  const say = terminal.text.compare;
  const recorded = words.filter((word) => isRunId(word) || word === 'last');
  if (words.length === 0) fail('usage', say.needsTwo, say.needsTwoRemedy);
  if (recorded.length > 0 && recorded.length < words.length) fail('usage', say.mixed, say.mixedRemedy);
  const record = isSet(given, '--record');
  return withEngine(
    terminal,
    (engine) =>
      recorded.length > 0
        ? compareRecorded(engine, words, given, terminal)
        : compareMeasured(engine, words, given, terminal),
    { record },
  );
}

function help(terminal: Terminal): number {
  const { compare: say, run, jsonFlag } = terminal.text;
  showHelp(terminal, {
    usage: say.usage,
    about: say.about,
    flags: [
      ['--size', say.size],
      ['--repeat', say.repeat],
      ['--pattern', run.pattern],
      ['--variant', run.variant],
      ['--record', say.record],
      ['--json', jsonFlag],
    ],
  });
  return DONE;
}

async function compareRecorded(
  engine: Engine,
  words: readonly string[],
  given: Arguments,
  terminal: Terminal,
): Promise<number> {
  refuseStrangers(given, ['--json']);
  const { compare: say } = terminal.text;
  if (words.length < 2) fail('usage', say.needsTwo, say.needsTwoRemedy);
  if (words.length > MOST_SIDES) fail('usage', say.tooMany(String(MOST_SIDES)), say.fewer);
  const sides: Side[] = [];
  for (const word of words) {
    const id = await idOf(engine, { words: [word] }, terminal);
    const run = await ask(engine, 'runs.open', { id });
    for (const error of run.errors) sayError(terminal, error);
    const side = sideOf(run);
    if (side === undefined) fail('usage', say.noFigures(id), say.noFiguresRemedy);
    sides.push(side);
  }
  await print(engine, [{ comparison: compare(sides), names: sides.map(({ id }) => id) }], given, terminal);
  return DONE;
}

async function compareMeasured(
  engine: Engine,
  words: readonly string[],
  given: Arguments,
  terminal: Terminal,
): Promise<number> {
  const rounds = roundsOf(given);
  const describe = await ask(engine, 'helper.describe');
  const machine = await machineOf(describe);
  const groups = groupsOf(describe, words, given, terminal.text);
  const sessions = groups.flat().map((spec) => ({ spec, summaries: [] as Summary[] }));
  let code = DONE;
  for (let round = 0; round < rounds && code !== INTERRUPTED; round++) {
    for (const session of inTurns(sessions, round)) {
      const [at, of] = [String(round + 1), String(rounds)];
      terminal.err(`${terminal.text.compare.round(at, of, nameOf(session.spec, terminal))}\n`);
      const watched = await watchOne(engine, session.spec, terminal);
      const ended = codeOf(watched);
      if (ended === INTERRUPTED || code === DONE) code = ended;
      if (ended === INTERRUPTED) break;
      if (watched.summary !== undefined) session.summaries.push(watched.summary);
    }
  }
  const found = groups.flatMap((group): Named[] => {
    const own = sessions.filter(({ spec }) => group.includes(spec));
    const sides = own.flatMap(
      ({ spec, summaries: [first, ...rest] }, i): (Side & { spec: SessionSpec })[] => {
        if (first === undefined) return [];
        return [
          { spec, id: String(i), summaries: [first, ...rest], stretches: [], machine, disturbed: false },
        ];
      },
    );
    if (sides.length < 2) return [];
    return [{ comparison: compare(sides), names: sides.map(({ spec }) => nameOf(spec, terminal)) }];
  });
  await print(engine, found, given, terminal);
  const unstable = found.some(({ comparison }) =>
    comparison.cautions.some((one) => one.code === 'rounds_differ'),
  );
  return code === DONE && unstable ? CHECK_FAILED : code;
}

function nameOf({ mechanism, variant, pattern, options }: SessionSpec, { locale }: Terminal): string {
  const size = options['size_bytes'];
  const parts = [
    mechanism,
    variant,
    pattern,
    typeof size === 'number' ? formatBytes(size, locale) : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

async function print(
  engine: Engine,
  found: readonly Named[],
  given: Arguments,
  { out, locale, text }: Terminal,
): Promise<void> {
  const words = flagWords(await ask(engine, 'helper.describe'), locale, text);
  if (isSet(given, '--json')) {
    const comparisons = found.map(({ comparison, names }) => compareJson(comparison, names, words, locale));
    out(`${JSON.stringify({ comparisons })}\n`);
    return;
  }
  out(found.map(({ comparison, names }) => compareTable(comparison, names, words, locale, text)).join('\n'));
}

function roundsOf(given: Arguments): number {
  const allowed = `${LEAST_ROUNDS}..${MOST_ROUNDS}`;
  const text = valueOf(given, '--repeat', allowed);
  if (text === undefined) return USUAL_ROUNDS;
  const rounds = Number(text);
  if (/^\d+$/.test(text) && rounds >= LEAST_ROUNDS && rounds <= MOST_ROUNDS) return rounds;
  fail('out_of_range', '--repeat takes a number of rounds', `Use a whole number in ${allowed}.`, {
    where: '--repeat',
    value: text,
    allowed,
  });
}
