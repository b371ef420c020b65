/** The command line taken apart: words, and flags with or without a value. */
import { fail } from '#contract/errors';

export interface Arguments {
  words: string[];
  /** By name with its dashes; `true` where no value followed. */
  flags: Map<string, string | true>;
}

const SHORT: Readonly<Record<string, string>> = { '-h': '--help', '-V': '--version' };

/**
 * `--flag value`, `--flag=value`, and words between them; after `--` there are only words.
 * @param bare Flags that never take a value, so that the word behind them stays a word.
 */
export function parseArguments(argv: readonly string[], bare: readonly string[] = []): Arguments {
  const words: string[] = [];
  const flags = new Map<string, string | true>();
  const never = new Set([...bare, '--help', '--version']);
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const long = SHORT[word] ?? word;
    if (long === '--') {
      words.push(...rest.splice(0));
    } else if (!long.startsWith('--')) {
      words.push(word);
    } else if (long.includes('=')) {
      const at = long.indexOf('=');
      flags.set(long.slice(0, at), long.slice(at + 1));
    } else {
      const next = rest[0];
      const takes = !never.has(long) && next !== undefined && !next.startsWith('--');
      flags.set(long, takes ? (rest.shift() ?? true) : true);
    }
  }
  return { words, flags };
}

/** Refuses flags that the command does not have, naming those it has. */
export function refuseStrangers({ flags }: Arguments, known: readonly string[]): void {
  for (const flag of flags.keys()) {
    if (known.includes(flag) || flag === '--help') continue;
    fail('unknown_flag', `there is no flag ${flag}`, `Use one of: ${known.join(', ')}.`, {
      where: flag,
      allowed: [...known, '--help'].join(', '),
    });
  }
}

/** Whether a flag without a value is there; a value is refused. */
export function isSet({ flags }: Arguments, flag: string): boolean {
  const value = flags.get(flag);
  if (typeof value === 'string') {
    fail('not_a_choice', `${flag} takes no value`, 'Leave the value out.', {
      where: flag,
      value,
      allowed: flag,
    });
  }
  return value === true;
}

/** The value of a flag, or undefined where it is not there; a flag without its value is refused. */
export function valueOf({ flags }: Arguments, flag: string, allowed: string): string | undefined {
  const value = flags.get(flag);
  if (value === true || value === '') {
    fail('missing_value', `${flag} has no value`, `Give it one of: ${allowed}.`, { where: flag, allowed });
  }
  return value;
}
