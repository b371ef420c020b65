/**
 * Our plain and other variants beside bare loops of the same calls and the field's own tools, in turns. Which sessions
 * there are comes from the helper itself.
 */
import { cpus } from 'node:os';
import { contest, ratiosOf } from './contest.js';
import { verdicts } from './goals.js';
import { buildBareLoops, describe, figuresOf, Refused, runBareLoop, runSession } from './measure.js';
import { Stopped } from './processes.js';
import { overhead } from './overhead.js';
import { Progress } from './progress.js';
import { report } from './report.js';
import { labelOf, subjects, wordsOf } from './sessions.js';
import { findTools } from './tools/index.js';
import { yardsticks } from './yardsticks.js';

/**
 * @typedef {import('./arguments.js').BenchOptions} BenchOptions
 * @typedef {import('./contest.js').Contender} Contender
 * @typedef {{ root: string; helper: string; signal: AbortSignal }} Place
 * @typedef {{ subject: import('./sessions.js').Subject; pattern: string; size: number }} Task
 */

/** Patterns that the goals and the bare loops know. */
const PATTERNS = ['stream', 'pingpong'];
/** How far a run of a known number of messages is warmed up, ms. */
const warmupOf = (/** @type {BenchOptions} */ { duration_ms }) => Math.min(200, duration_ms);

/**
 * All cells, smallest sizes first within a mechanism.
 * @param {import('./measure.js').Describe} described
 * @param {BenchOptions} options
 * @returns {Task[]}
 */
export function tasksOf(described, { only, sizes }) {
  return subjects(described, only).flatMap((subject) =>
    PATTERNS.filter((pattern) => subject.patterns.includes(pattern)).flatMap((pattern) =>
      sizes.filter((size) => size <= subject.max_bytes).map((size) => ({ subject, pattern, size })),
    ),
  );
}

/**
 * Runs each variant once for a fixed time, so that it is known how many messages make a run. Throws Refused where plain
 * cannot do it at all.
 * @param {Task} task
 * @param {Place} place
 * @param {BenchOptions} options
 */
async function pilot({ subject, pattern, size }, { helper, signal }, options) {
  const placement = options.placements[0] ?? 'apart';
  const warmup_ms = warmupOf(options);
  /** @type {Contender[]} */
  const ours = [];
  /** @type {unknown[]} */
  const refused = [];
  /** @type {{ messages: number; warmup: number; options: Record<string, unknown> } | undefined} */
  let known;
  for (const variant of subject.variants) {
    const words = wordsOf(subject, { variant, pattern, size, placement, warmup_ms });
    try {
      const summary = await runSession(helper, [...words, '--duration', String(options.duration_ms)], signal);
      const messages = Math.max(20, Math.ceil((summary.messages_per_s * options.duration_ms) / 1000));
      known ??= {
        messages,
        warmup: Math.ceil((summary.messages_per_s * warmup_ms) / 1000),
        options: summary.options,
      };
      const counted = [...words, '--duration', '0', '--messages', String(messages)];
      const run = async () => figuresOf(await runSession(helper, counted, signal));
      ours.push({ name: variant, kind: 'ours', note: '', run });
    } catch (thrown) {
      if (known === undefined || thrown instanceof Stopped) throw thrown;
      refused.push(thrown);
    }
  }
  if (known === undefined) throw new Error(`${labelOf(subject)} has no variant`);
  return { ours, known, refused };
}

/**
 * Everybody else who can do the same.
 * @param {Task} task
 * @param {Place & { bare: string; tools: import('./tools/tool.js').Tool[]; cpus: number[] }} place
 * @param {BenchOptions} options
 * @param {{ messages: number; warmup: number; options: Record<string, unknown> }} known
 * @returns {Contender[]}
 */
function others({ subject, pattern, size }, { bare, tools, cpus: ids, signal }, options, known) {
  const placement = options.placements[0] ?? 'apart';
  // The same object: what the session had of capacity after everything was resolved.
  const given = (/** @type {string} */ name) => String(Number(known.options[name] ?? 0));
  const counts = ['--messages', String(known.messages), '--warmup-messages', String(known.warmup)];
  const common = ['--size', String(size), '--placement', placement, ...counts];
  const capacity = ['--capacity', given('capacity_bytes'), '--capacity-messages', given('capacity_messages')];
  const loops = yardsticks(subject, pattern, placement).map(({ name, kind, words, note }) => ({
    name,
    kind,
    note,
    run: () => runBareLoop(bare, [...words, ...common, ...(kind === 'limit' ? [] : capacity)], signal),
  }));
  const cell = { mechanism: subject.mechanism, choices: subject.choices, pattern, size, placement };
  const fitting = tools
    .filter((tool) => tool.fits(cell))
    .map((tool) => ({
      name: tool.name,
      kind: /** @type {const} */ ('tool'),
      note: tool.note,
      run: () => tool.run({ cell, cpus: ids, duration_ms: options.duration_ms, signal }),
    }));
  return [...loops, ...fitting];
}

/**
 * @param {Place} place
 * @param {BenchOptions} options
 */
export async function peers(place, options) {
  const { root, helper, signal } = place;
  const described = describe(helper);
  const bare = buildBareLoops(root);
  const found = findTools();
  const tasks = tasksOf(described, options);
  const ids = described.system.cpus;
  // Plain, one other and the bare loop, as a first guess; put right as the cells are done.
  const progress = new Progress(tasks.length * (1 + options.repeat * 3));
  /** @type {import('./goals.js').Row[]} */
  const rows = [];
  /** @type {import('./report.js').LeftOut[]} */
  const left_out = [];
  /** @type {import('./goals.js').Measured[] | undefined} */
  let overheads;
  let failed = false;
  /** One that cannot be measured must not keep the others from it; refused wishes are no failures. */
  const leaveOut = (
    /** @type {{ label: string; pattern: string; size_bytes: number }} */ cell,
    /** @type {unknown} */ thrown,
  ) => {
    failed ||= !(thrown instanceof Refused && thrown.refused);
    left_out.push({ ...cell, why: thrown instanceof Error ? thrown.message : String(thrown) });
  };
  try {
    for (const task of tasks) {
      const { subject, pattern, size } = task;
      const cell = { label: labelOf(subject), pattern, size_bytes: size };
      const name = `${cell.label} ${pattern} ${size} B`;
      progress.step(name);
      try {
        const { ours, known, refused } = await pilot(task, place, options);
        for (const thrown of refused) leaveOut(cell, thrown);
        const contenders = [
          ...ours,
          ...others(task, { ...place, bare, tools: found.tools, cpus: ids }, options, known),
        ];
        progress.skip(options.repeat * (3 - contenders.length));
        const tell = (/** @type {string} */ who, /** @type {number} */ round) =>
          progress.step(`${name}, round ${round + 1}: ${who}`);
        const results = await contest(contenders, options.repeat, tell);
        const { mechanism, choices } = subject;
        rows.push({ ...cell, mechanism, choices, results, ratios: ratiosOf(pattern, results) });
        failed ||= results.some(({ errors }) => errors.length > 0);
        if (signal.aborted) throw new Stopped();
      } catch (thrown) {
        if (thrown instanceof Stopped) throw thrown;
        progress.skip(options.repeat * 3);
        leaveOut(cell, thrown);
      }
    }
    if (options.overhead) overheads = await measuredOverheads(place, options);
  } catch (thrown) {
    // What is done is kept.
    if (!(thrown instanceof Stopped)) throw thrown;
  }
  progress.end();
  const { duration_ms, repeat, placements } = options;
  const result = {
    circumstances: {
      date: new Date().toISOString(),
      helper: described.helper,
      system: described.system,
      cpu: cpus()[0]?.model.trim() ?? 'unknown CPU',
      placement: placements[0] ?? 'apart',
      repeat,
      duration_ms,
    },
    stopped: signal.aborted,
    verdicts: verdicts(rows, overheads),
    rows,
    left_out,
    tools: found.all.map((tool) => {
      const { name, note } = tool;
      return { name, installed: found.tools.includes(tool), note };
    }),
    install: found.install,
  };
  return { json: result, markdown: report(result), failed };
}

/**
 * @param {Place} place
 * @param {BenchOptions} options
 * @returns {Promise<import('./goals.js').Measured[]>}
 */
async function measuredOverheads(place, options) {
  const { json } = await overhead(place, { ...options, placements: ['same'] });
  return json.map(({ mechanism, ratio, interval }) => ({
    where: mechanism,
    value: ratio.median,
    ...interval,
  }));
}
