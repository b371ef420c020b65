/** What is wrong with an option, said as its field says it. */
import type { OptionInfo } from '#contract/describe';
import type { AppError } from '#contract/errors';
import { formatQuantity, type IntegerOption } from './quantity.ts';

/** An option's error in the words of its field: its label, its units; an error about something else stays as it is. */
export function fieldError(error: AppError, option: OptionInfo, label: string): AppError {
  if (error.where !== option.name && error.where !== option.flag) return error;
  if (option.kind !== 'integer') return { ...error, where: label };
  const { value, allowed } = error;
  return {
    ...error,
    where: label,
    ...(allowed === undefined ? {} : { allowed: range(allowed, option) }),
    ...(value === undefined ? {} : { value: quantity(value, option) }),
  };
}

/** `1..16777216` as `1 B – 16 MiB`; the helper may allow less than the option's whole range. */
function range(allowed: string, option: IntegerOption): string {
  const ends = allowed.split('..');
  return ends.length === 2 ? ends.map((end) => quantity(end, option)).join(' – ') : allowed;
}

function quantity(text: string, { unit }: IntegerOption): string {
  return /^-?\d+(\.\d+)?$/.test(text) ? formatQuantity(Number(text), unit) : text;
}
