/** Flags of `run` to a session's spec, by what `describe` says of the mechanism. */
import type { MechanismInfo, OptionInfo } from '#contract/describe';
import { AppException, fail } from '#contract/errors';
import type { OptionValues } from '#contract/frames';
import { allowedValues, checkOption, type SessionSpec } from '#contract/spec';
import { valueOf, type Arguments } from './arguments.ts';
import { allowedNumbers, parseNumber } from './units.ts';

/** Flags that every mechanism has beside its options. */
export const CHOICE_FLAGS = ['--variant', '--pattern'] as const;

export function specOf(mechanism: MechanismInfo, given: Arguments, own: readonly string[]): SessionSpec {
  const { flags } = given;
  const options: OptionValues = {};
  for (const flag of flags.keys()) {
    if (own.includes(flag) || CHOICE_FLAGS.some((choice) => choice === flag)) continue;
    const option = optionOf(mechanism, flag);
    if (option === undefined) refuseFlag(mechanism, flag, own);
    options[option.name] = parseOption(option, flag, given);
  }
  const variant = choice(given, '--variant', mechanism.variants);
  const pattern = choice(given, '--pattern', mechanism.patterns);
  return {
    mechanism: mechanism.id,
    ...(variant === undefined ? {} : { variant }),
    ...(pattern === undefined ? {} : { pattern }),
    options,
  };
}

/** The accepted values of an option, with the units that a person may type. */
export function allowedHere(option: OptionInfo): string {
  return option.kind === 'integer' ? allowedNumbers(option) : allowedValues(option);
}

/** The option of a flag; a boolean one also answers to `--no-…`. */
function optionOf(mechanism: MechanismInfo, flag: string): OptionInfo | undefined {
  return mechanism.options.find(
    (option) => option.flag === flag || (option.kind === 'boolean' && flag === negated(option.flag)),
  );
}

function negated(flag: string): string {
  return flag.replace(/^--/, '--no-');
}

function parseOption(option: OptionInfo, flag: string, given: Arguments): OptionValues[string] {
  if (option.kind === 'boolean') return parseBoolean(option, flag, given);
  const text = valueOf(given, flag, allowedHere(option)) ?? '';
  if (option.kind === 'integer') return parseNumber(option, text);
  const checked = checkOption(option, text);
  if (!checked.ok) throw new AppException({ ...checked.error, where: flag });
  return checked.value;
}

/** `--blocking`, `--no-blocking`, or with a word for it. */
function parseBoolean(option: OptionInfo, flag: string, { flags }: Arguments): boolean {
  const value = flags.get(flag);
  const text = value === true ? 'true' : value;
  const yes = flag === option.flag;
  if (text === 'true') return yes;
  if (text === 'false') return !yes;
  fail('not_a_choice', `${flag} is either on or off`, 'Use true or false.', {
    where: flag,
    value: text ?? '',
    allowed: 'true, false',
  });
}

function choice(given: Arguments, flag: string, values: readonly string[]): string | undefined {
  const value = valueOf(given, flag, values.join(', '));
  if (value === undefined || values.includes(value)) return value;
  fail('not_a_choice', `${flag} does not take it`, `Use one of: ${values.join(', ')}.`, {
    where: flag,
    value,
    allowed: values.join(', '),
  });
}

function refuseFlag(mechanism: MechanismInfo, flag: string, own: readonly string[]): never {
  const allowed = [...CHOICE_FLAGS, ...mechanism.options.map((option) => option.flag), ...own].join(', ');
  fail('unknown_flag', `${mechanism.id} has no flag ${flag}`, `Use one of: ${allowed}.`, {
    where: flag,
    allowed,
  });
}
