/** The value of an option of a past session in words; its unit is the end of its name. */
import type { OptionValues } from '#contract/frames';
import { language } from '../../../text/language.svelte.ts';
import { valueLabel } from '../../../text/words.ts';
import { formatQuantity, type IntegerOption } from '../setup/quantity.ts';

const UNITS: readonly (readonly [ending: string, unit: IntegerOption['unit']])[] = [
  ['_bytes', 'bytes'],
  ['_ms', 'ms'],
  ['_us', 'us'],
  ['_per_s', 'per_second'],
];

/** What nought means; options of the same meaning bear the same name in every mechanism. */
const ZERO: Readonly<Record<string, keyof typeof language.t.setup.zero>> = {
  messages: 'unlimited',
  duration_ms: 'unlimited',
  rate_per_s: 'full_speed',
  capacity_bytes: 'system_default',
  capacity_messages: 'system_default',
  warmup_ms: 'off',
  producers: 'by_pattern',
  consumers: 'by_pattern',
};

/** The options that a past session had: a rendezvous stores nothing, so that it had no capacity, not the usual one. */
export function settledOptions(options: OptionValues): OptionValues {
  if (options['buffering'] !== 'rendezvous') return options;
  const { capacity_bytes: _none, ...others } = options;
  return others;
}

export function optionText(name: string, value: OptionValues[string]): string {
  const { setup } = language.t;
  if (typeof value === 'boolean') return value ? setup.on : setup.off;
  if (typeof value === 'string') return valueLabel(value);
  const zero = value === 0 && Object.hasOwn(ZERO, name) ? ZERO[name] : undefined;
  if (zero !== undefined) return setup.zero[zero];
  const unit = UNITS.find(([ending]) => name.endsWith(ending))?.[1] ?? 'none';
  return formatQuantity(value, unit);
}
