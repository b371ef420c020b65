/** `ipc-scope run`: one session, watched from the terminal. */
import type { MechanismInfo } from '#contract/describe';
import { AppException, fail, type AppError } from '#contract/errors';
import { errorOf, type Summary, type Utterance } from '#contract/frames';
import { isOver, type SessionCommand, type SessionEvent, type SessionInfo } from '#contract/session';
import { mechanismOf, type SessionSpec } from '#contract/spec';
import { formatDuration } from '#contract/text/format';
import { noteText } from '#contract/text/note';
import type { Engine } from '#engine/engine';
import { isSet, parseArguments, valueOf, type Arguments } from './arguments.ts';
import { ask } from './ask.ts';
import { CHECK_FAILED, DONE, exitCodeOf, exitCodeOfSummary, INTERRUPTED } from './exit-code.ts';
import { indent, showHelp } from './help.ts';
import { LiveLine } from './live-line.ts';
import { CHOICE_FLAGS, specOf } from './option-flags.ts';
import { optionTable } from './option-table.ts';
import { withEngine } from './places.ts';
import { repeated, repeatTable } from './repeat-table.ts';
import { sayError } from './say-error.ts';
import { Talk } from './talk.ts';
import { summaryTable } from './summary-table.ts';
import type { Terminal } from './terminal.ts';

const OWN_FLAGS = ['--json', '--no-record', '--repeat'] as const;
const MOST_RUNS = 100;

export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  const given = parseArguments(argv, ['--json', '--no-record']);
  const record = !isSet(given, '--no-record');
  return withEngine(
    terminal,
    async (engine) => {
      if (given.flags.has('--help')) return help(engine, given, terminal);
      const mechanism = await mechanismNamed(engine, given, terminal);
      const spec = specOf(mechanism, given, OWN_FLAGS);
      const times = timesOf(given);
      if (times !== undefined && spec.pattern === 'dialogue') {
        fail('not_supported', 'a dialogue is typed once, it cannot be repeated', 'Leave --repeat out.', {
          where: '--repeat',
          value: String(times),
          allowed: 'stream, pingpong',
        });
      }
      const options = { json: isSet(given, '--json'), record };
      return times === undefined
        ? watch(engine, spec, terminal, options)
        : watchAgain(engine, spec, terminal, { ...options, times });
    },
    { record },
  );
}

async function mechanismNamed(
  engine: Engine,
  { words }: Arguments,
  { text }: Terminal,
): Promise<MechanismInfo> {
  const describe = await ask(engine, 'helper.describe');
  const [name, stranger] = words;
  if (name === undefined) {
    fail('usage', text.needsMechanism, text.oneOf(describe.mechanisms.map(({ id }) => id).join(', ')));
  }
  const found = mechanismOf(describe, name);
  if (!found.ok) throw new AppException(found.error);
  if (stranger !== undefined) fail('usage', text.tooManyWords(stranger), text.seeHelp(`run ${name} `));
  return found.value;
}

async function help(engine: Engine, { words }: Arguments, terminal: Terminal): Promise<number> {
  const { text } = terminal;
  const [variant, pattern] = CHOICE_FLAGS;
  showHelp(terminal, {
    usage: [text.run.usage],
    about: text.run.about,
    flags: [
      [pattern, text.run.pattern],
      [variant, text.run.variant],
      ['--repeat', text.run.repeat],
      ['--no-record', text.run.noRecord],
      ['--json', text.jsonFlag],
    ],
  });
  const describe = await ask(engine, 'helper.describe').catch(() => undefined);
  if (describe === undefined) terminal.out(`\n${text.run.needsHelper}\n`);
  for (const mechanism of describe?.mechanisms ?? []) {
    if (words[0] !== undefined && words[0] !== mechanism.id) continue;
    terminal.out(
      `\n${text.optionsOf(mechanism.id)}:\n${indent(optionTable(mechanism, text, terminal.locale))}`,
    );
  }
  return 0;
}

interface WatchOptions {
  json: boolean;
  record: boolean;
}

function timesOf(given: Arguments): number | undefined {
  const allowed = `1..${MOST_RUNS}`;
  const text = valueOf(given, '--repeat', allowed);
  if (text === undefined) return undefined;
  const times = Number(text);
  if (/^\d+$/.test(text) && times >= 1 && times <= MOST_RUNS) return times;
  fail('out_of_range', '--repeat takes a number of runs', `Use a whole number in ${allowed}.`, {
    where: '--repeat',
    value: text,
    allowed,
  });
}

async function watch(
  engine: Engine,
  spec: SessionSpec,
  terminal: Terminal,
  { json, record }: WatchOptions,
): Promise<number> {
  const watched = await watchOne(engine, spec, terminal);
  const { summary, info } = watched;
  if (summary !== undefined) {
    if (json) terminal.out(`${JSON.stringify(summary)}\n`);
    else terminal.out(summaryTable(summary, terminal.locale, terminal.text, record ? info?.id : undefined));
  }
  return codeOf(watched);
}

/** The same session several times, one after the other; ends with the first that fails or is interrupted. */
async function watchAgain(
  engine: Engine,
  spec: SessionSpec,
  terminal: Terminal,
  { json, times }: WatchOptions & { times: number },
): Promise<number> {
  const summaries: Summary[] = [];
  let code = DONE;
  for (let i = 0; i < times && code === DONE; i++) {
    terminal.err(`${terminal.text.run.repeating(String(i + 1), String(times))}\n`);
    const watched = await watchOne(engine, spec, terminal);
    code = codeOf(watched);
    if (watched.summary !== undefined) summaries.push(watched.summary);
  }
  const set = repeated(summaries);
  if (json) terminal.out(`${JSON.stringify(set)}\n`);
  else terminal.out(repeatTable(set, terminal.locale, terminal.text));
  return code === DONE && !set.stable ? CHECK_FAILED : code;
}

/** Runs a session and tells of it on the way; the figures are for whoever asked. */
export async function watchOne(
  engine: Engine,
  spec: SessionSpec,
  terminal: Terminal,
): Promise<WatchedSession> {
  const watched = new WatchedSession(engine, terminal);
  const ignore = terminal.onInterrupt(() => watched.interrupt());
  if (spec.pattern === 'dialogue') watched.listen();
  try {
    await ask(engine, 'session.start', spec).catch((thrown: unknown) => {
      // A session that was refused ends as well; wait for it only where it had begun.
      if (!watched.interrupted) throw thrown;
    });
    await watched.over;
  } finally {
    ignore();
    watched.close();
  }
  return watched;
}

export function codeOf({ interrupted, fatal, summary }: WatchedSession): number {
  if (interrupted) return INTERRUPTED;
  if (fatal !== undefined && summary !== undefined) return exitCodeOf(fatal);
  return summary === undefined ? CHECK_FAILED : exitCodeOfSummary(summary);
}

/** Follows the engine's one session from its first event to its last. */
class WatchedSession {
  readonly over: Promise<void>;
  readonly #engine: Engine;
  readonly #terminal: Terminal;
  readonly #line: LiveLine;
  readonly #unsubscribe: () => void;
  #ended!: () => void;
  info: SessionInfo | undefined;
  summary: Summary | undefined;
  fatal: AppError | undefined;
  interrupted = false;
  #talk: Talk | undefined;
  #talking = false;

  constructor(engine: Engine, terminal: Terminal) {
    this.#engine = engine;
    this.#terminal = terminal;
    this.#line = new LiveLine(terminal);
    this.over = new Promise((resolve) => {
      this.#ended = resolve;
    });
    this.#unsubscribe = engine.onEvent((event) => this.#event(event));
  }

  /** The first time asks the session to stop, the second time waits for nothing. */
  interrupt(): void {
    const again = this.interrupted;
    this.interrupted = true;
    if (again || this.info === undefined || isOver(this.info.state)) return this.#ended();
    this.#line.say(this.#terminal.text.stopping);
    ask(this.#engine, 'session.command', { id: this.info.id, command: { command: 'stop' } }).catch(() =>
      this.#ended(),
    );
  }

  /** Takes what is typed as lines of a dialogue. */
  listen(): void {
    this.#talk = new Talk(
      this.#terminal,
      (command) => this.#command(command),
      (error) => this.#say(error),
    );
  }

  async #command(command: SessionCommand): Promise<void> {
    if (this.info !== undefined) await ask(this.#engine, 'session.command', { id: this.info.id, command });
  }

  close(): void {
    this.#talk?.close();
    this.#unsubscribe();
    this.#line.clear();
  }

  #event(event: SessionEvent): void {
    if (event.event === 'state') {
      this.info = event.info;
      this.#line.state(event.state);
      if (event.state === 'running' && this.#talk !== undefined && !this.#talking) {
        this.#talking = true;
        this.#line.say(this.#terminal.text.run.talkHint);
        this.#talk.begin();
      }
      if (isOver(event.state)) {
        this.#talk?.settled();
        this.#ended();
      }
    } else if (event.event === 'error') {
      // A refused start is told by the answer to it.
      if (event.fatal) this.fatal ??= event.error;
      if (!event.fatal || this.info?.state !== 'starting') this.#say(event.error);
    } else {
      const { frame } = event;
      this.#line.frame(frame);
      if (frame.t === 'note') this.#line.say(noteText(frame, this.#terminal.locale));
      if (frame.t === 'utterance') this.#line.say(utteranceLine(frame, this.#terminal));
      if (frame.t === 'utterance' || frame.t === 'error') this.#talk?.settled();
      if (frame.t === 'summary') this.summary = frame;
      if (frame.t !== 'error') return;
      const error = errorOf(frame);
      if (frame.fatal) this.fatal ??= error;
      if (this.info?.state !== 'starting') this.#say(error);
    }
  }

  #say(error: AppError): void {
    this.#line.clear();
    sayError(this.#terminal, error);
  }
}

/** `producer (pid 4711): hello · 45 µs`: who said what, and how long it took to arrive. */
function utteranceLine(
  { from, text, elapsed_ns, sent_ns }: Utterance,
  { locale, text: say }: Terminal,
): string {
  const took = formatDuration(elapsed_ns - sent_ns, locale);
  return `${say.summary.role[from.role]} (pid ${from.pid}): ${text} · ${took}`;
}
