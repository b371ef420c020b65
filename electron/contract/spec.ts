/** What a person asks for: one session, checked against what `describe` says before anything is started. */
import * as v from 'valibot';
import type { Describe, MechanismInfo, OptionInfo } from './describe.ts';
import type { AppError, Result } from './errors.ts';
import { OptionValuesSchema, type OptionValues } from './frames.ts';

export const SessionSpecSchema = v.object({
  mechanism: v.pipe(v.string(), v.maxLength(64)),
  variant: v.optional(v.pipe(v.string(), v.maxLength(64))),
  pattern: v.optional(v.pipe(v.string(), v.maxLength(64))),
  /** By option name; what is left out takes the default that `describe` gives. */
  options: OptionValuesSchema,
});
export type SessionSpec = v.InferOutput<typeof SessionSpecSchema>;

/** The mechanism that a spec names, or the error that lists those there are. */
export function mechanismOf(describe: Describe, id: string): Result<MechanismInfo> {
  const found = describe.mechanisms.find((mechanism) => mechanism.id === id);
  if (found !== undefined) return { ok: true, value: found };
  return refusal('unknown_mechanism', 'mechanism', id, describe.mechanisms.map((m) => m.id).join(', '));
}

/** The accepted values of an option in words: `1..16777216`, `none, futex, spin`. */
export function allowedValues(option: OptionInfo): string {
  switch (option.kind) {
    case 'integer':
      return `${option.min}..${option.max}`;
    case 'choice':
      return option.values.join(', ');
    case 'boolean':
      return 'true, false';
    case 'placement':
      return `${option.words.join(', ')}, or CPU numbers such as 0,1`;
  }
}

/** The option's value where nobody chose one, under a pattern. */
export function defaultOf(option: OptionInfo, pattern: string): OptionValues[string] {
  const own = option.kind === 'integer' ? option.pattern_defaults : undefined;
  return own !== undefined && Object.hasOwn(own, pattern) ? (own[pattern] ?? option.default) : option.default;
}

/** Whether the option takes the value; the error names option, value and what would be right. */
export function checkOption(option: OptionInfo, value: unknown): Result<OptionValues[string]> {
  const refuse = (code: AppError['code']): Result<never> =>
    refusal(code, option.name, String(value), allowedValues(option));
  switch (option.kind) {
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return refuse('not_a_number');
      return value >= option.min && value <= option.max ? { ok: true, value } : refuse('out_of_range');
    case 'choice':
      return typeof value === 'string' && option.values.includes(value)
        ? { ok: true, value }
        : refuse('not_a_choice');
    case 'boolean':
      return typeof value === 'boolean' ? { ok: true, value } : refuse('not_a_choice');
    case 'placement':
      return typeof value === 'string' && (option.words.includes(value) || /^\d+(,\d+)*$/.test(value))
        ? { ok: true, value }
        : refuse('not_a_choice');
  }
}

/** The spec with every option's value filled in, or the first thing that is wrong with it. */
export function resolveSpec(describe: Describe, spec: SessionSpec): Result<Required<SessionSpec>> {
  const mechanism = mechanismOf(describe, spec.mechanism);
  if (!mechanism.ok) return mechanism;
  const { variants, patterns, options } = mechanism.value;
  const variant = spec.variant ?? variants[0] ?? 'plain';
  if (!variants.includes(variant)) return refusal('not_a_choice', 'variant', variant, variants.join(', '));
  const pattern = spec.pattern ?? patterns[0] ?? 'stream';
  if (!patterns.includes(pattern)) return refusal('not_a_choice', 'pattern', pattern, patterns.join(', '));
  const stranger = Object.keys(spec.options).find((name) => !options.some((option) => option.name === name));
  if (stranger !== undefined) {
    return refusal(
      'unknown_flag',
      stranger,
      String(spec.options[stranger]),
      options.map((o) => o.name).join(', '),
    );
  }
  const values: OptionValues = {};
  for (const option of options) {
    const checked = checkOption(option, spec.options[option.name] ?? defaultOf(option, pattern));
    if (!checked.ok) return checked;
    values[option.name] = checked.value;
  }
  return { ok: true, value: { mechanism: spec.mechanism, variant, pattern, options: values } };
}

/** The helper's argument list for a spec; only what the spec sets is passed on, the rest are the helper's defaults. */
export function toFlags(mechanism: MechanismInfo, spec: SessionSpec): string[] {
  const flags = ['run', spec.mechanism];
  if (spec.variant !== undefined) flags.push('--variant', spec.variant);
  if (spec.pattern !== undefined) flags.push('--pattern', spec.pattern);
  for (const option of mechanism.options) {
    const value = spec.options[option.name];
    if (value !== undefined) flags.push(option.flag, String(value));
  }
  return flags;
}

function refusal(code: AppError['code'], where: string, value: string, allowed: string): Result<never> {
  return {
    ok: false,
    error: {
      code,
      message: `${where} does not take ${JSON.stringify(value)}`,
      remedy: `Use one of: ${allowed}.`,
      where,
      value,
      allowed,
    },
  };
}
