/** The options of a mechanism as a table: flag, what it takes, its default. */
import type { MechanismInfo, OptionInfo } from '#contract/describe';
import type { Locale } from '#contract/settings';
import { formatBytes, formatCount, formatDuration, formatRate } from '#contract/text/format';
import { allowedHere } from './option-flags.ts';
import { table } from './table.ts';
import type { Texts } from './text.ts';

export function optionTable({ options }: MechanismInfo, text: Texts, locale: Locale): string {
  const rows = options.map((option) => [
    option.flag,
    allowedHere(option),
    defaultOf(option, locale),
    option.live ? text.list.live : '',
  ]);
  const head = [text.list.flag, text.list.takes, text.list.default, ''];
  return table([head, ...rows], ['left', 'left', 'left', 'left']);
}

/** The default with its unit, or the word for 0. */
function defaultOf(option: OptionInfo, locale: Locale): string {
  if (option.kind !== 'integer') return String(option.default);
  if (option.default === 0 && option.zero !== undefined) return option.zero;
  switch (option.unit) {
    case 'bytes':
      return formatBytes(option.default, locale);
    case 'ms':
      return formatDuration(option.default * 1e6, locale);
    case 'us':
      return formatDuration(option.default * 1e3, locale);
    case 'per_second':
      return formatRate(option.default, locale);
    case 'messages':
    case 'processes':
    case 'none':
      return formatCount(option.default, locale);
  }
}
