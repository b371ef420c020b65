/** The command line of `ipc-scope sweep` as what a sweep is asked for, by what `describe` says. */
import type { Describe, MechanismInfo, OptionInfo } from '#contract/describe';
import { AppException, fail } from '#contract/errors';
import { mechanismOf } from '#contract/spec';
import { SWEEP_LIMITS, type SweepChannel, type SweepSpec } from '#contract/sweep';
import { valueOf, type Arguments } from './arguments.ts';
import { specOf } from './option-flags.ts';
import type { Terminal } from './terminal.ts';
import { allowedNumbers, parseNumber, type IntegerOption } from './units.ts';

/** Flags of the command itself; all others are options that the cells share. */
const SWEEP_FLAGS = [
  '--size',
  '--pattern',
  '--variant',
  '--repeat',
  '--json',
  '--markdown',
  '--csv',
] as const;

const USUAL = {
  sizes: '64,1KiB,16KiB,64KiB',
  pattern: 'stream',
  repeat: '3',
  duration_ms: 1000,
  warmup_ms: 200,
};

export function sweepSpecOf(describe: Describe, given: Arguments, { text }: Terminal): SweepSpec {
  const names = given.words.flatMap(items);
  const known = describe.mechanisms.map(({ id }) => id).join(', ');
  if (names.length === 0) fail('usage', text.sweep.needsChannels, text.oneOf(`${known}, all`));
  const channels = names.flatMap((name) => channelsOf(describe, name, given));
  const chosen = describe.mechanisms.filter(({ id }) => channels.some(({ mechanism }) => mechanism === id));
  const all = everyOption(chosen);
  const size = all.find(
    (option): option is IntegerOption => option.name === 'size_bytes' && option.kind === 'integer',
  );
  if (size === undefined) fail('internal', 'no mechanism has a size', 'Build the helper again.');
  const { duration_ms, warmup_ms, ...options } = sharedOptions(all, given);
  return {
    channels,
    sizes_bytes: items(valueOf(given, '--size', allowedNumbers(size)) ?? USUAL.sizes).map((each) =>
      parseNumber(size, each),
    ),
    patterns: patternsOf(chosen, given),
    repetitions: parseNumber(repeat, valueOf(given, '--repeat', allowedNumbers(repeat)) ?? USUAL.repeat),
    duration_ms: typeof duration_ms === 'number' ? duration_ms : USUAL.duration_ms,
    warmup_ms: typeof warmup_ms === 'number' ? warmup_ms : USUAL.warmup_ms,
    options,
  };
}

const repeat: IntegerOption = {
  name: 'repetitions',
  flag: '--repeat',
  live: false,
  advanced: false,
  kind: 'integer',
  unit: 'none',
  min: 1,
  max: SWEEP_LIMITS.repetitions,
  default: 3,
  scale: 'linear',
};

function items(list: string): string[] {
  return list.split(',').filter((item) => item !== '');
}

/** `pipe`, `pipe/tuned`, `all`. */
function channelsOf(describe: Describe, name: string, given: Arguments): SweepChannel[] {
  const [id = '', variant] = name.split('/');
  if (id === 'all')
    return describe.mechanisms.flatMap((each) => channelsOf(describe, name.replace('all', each.id), given));
  const found = mechanismOf(describe, id);
  if (!found.ok) throw new AppException(found.error);
  const { variants } = found.value;
  const wanted = variant === undefined ? valueOf(given, '--variant', variants.join(', ')) : variant;
  if (wanted === undefined) return [{ mechanism: id, variant: variants[0] ?? 'plain' }];
  const known = describe.mechanisms.flatMap((each) => each.variants);
  return items(wanted).map((each) => {
    // One that only other mechanisms have is left out and named; one that none has was mistyped.
    const allowed = variant === undefined ? known : variants;
    if (!allowed.includes(each)) refuse('--variant', each, variants);
    return { mechanism: id, variant: each };
  });
}

function patternsOf(chosen: readonly MechanismInfo[], given: Arguments): string[] {
  const known = [...new Set(chosen.flatMap(({ patterns }) => patterns))].filter(
    (name) => name !== 'dialogue',
  );
  const wanted = items(valueOf(given, '--pattern', known.join(', ')) ?? USUAL.pattern);
  for (const pattern of wanted) if (!known.includes(pattern)) refuse('--pattern', pattern, known);
  return wanted;
}

function refuse(where: string, value: string, values: readonly string[]): never {
  const allowed = values.join(', ');
  fail('not_a_choice', `${where} does not take it`, `Use one of: ${allowed}.`, { where, value, allowed });
}

/** Every option that any of them has, each as wide as the widest; what a sweep sets itself is bounded by it. */
function everyOption(chosen: readonly MechanismInfo[]): OptionInfo[] {
  const found = new Map<string, OptionInfo>();
  for (const option of chosen.flatMap(({ options }) => options)) {
    const known = found.get(option.name);
    if (option.kind === 'integer' && known?.kind === 'integer') {
      const min = Math.min(option.min, known.min);
      found.set(option.name, { ...known, min, max: Math.max(option.max, known.max) });
    } else if (known === undefined) {
      const bounded = option.name === 'duration_ms' || option.name === 'warmup_ms';
      const [min, max] = option.name === 'warmup_ms' ? SWEEP_LIMITS.warmup_ms : SWEEP_LIMITS.duration_ms;
      found.set(
        option.name,
        bounded && option.kind === 'integer' ? withoutZero({ ...option, min, max }) : option,
      );
    }
  }
  return [...found.values()];
}

/** A sweep ends: its measurements have no unlimited time. */
function withoutZero({ zero: _zero, ...option }: IntegerOption): IntegerOption {
  return option;
}

function sharedOptions(all: OptionInfo[], given: Arguments): SweepSpec['options'] {
  const own: readonly string[] = SWEEP_FLAGS;
  const flags = new Map([...given.flags].filter(([flag]) => !own.includes(flag)));
  // Measurements that end by count would each take another time.
  const options = all.filter(({ flag, name }) => !own.includes(flag) && name !== 'messages');
  const mechanism: MechanismInfo = {
    id: 'sweep',
    family: 'message_passing',
    variants: [],
    patterns: [],
    options,
  };
  return specOf(mechanism, { words: [], flags }, SWEEP_FLAGS).options;
}
