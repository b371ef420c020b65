/** Which of the recorded runs a list shows, and what people said about them. */
import type { RunInfo } from '#contract/runs';
import { isSet, valueOf, type Arguments } from './arguments.ts';

export const FILTER_FLAGS = ['--mechanism', '--tag', '--search', '--pinned', '--imported'];

/** Whether a run satisfies all flags that were given. */
export function filterOf(given: Arguments): (run: RunInfo) => boolean {
  const mechanism = valueOf(given, '--mechanism', 'pipe, shm, tcp, …');
  const tag = valueOf(given, '--tag', 'TAG')?.normalize('NFC');
  const words = fold(valueOf(given, '--search', 'WORDS') ?? '')
    .split(/\s+/)
    .filter(Boolean);
  const pinned = isSet(given, '--pinned');
  const imported = isSet(given, '--imported');
  return (run) => {
    if (mechanism !== undefined && run.spec.mechanism !== mechanism) return false;
    if (tag !== undefined && !run.label.tags.some((own) => own.normalize('NFC') === tag)) return false;
    if (pinned && !run.label.pinned) return false;
    if (imported && run.imported !== true) return false;
    if (words.length === 0) return true;
    const { id, label, spec } = run;
    const text = fold(
      [
        id,
        label.name,
        label.note,
        ...label.tags,
        spec.variant,
        spec.pattern,
        ...Object.values(spec.options),
      ].join(' '),
    );
    return words.every((word) => text.includes(word));
  };
}

/** Name and tags on one line; a star for a pinned run. */
export function labelText({ label }: RunInfo): string {
  return [label.pinned ? '*' : '', label.name, ...label.tags.map((tag) => `#${tag}`)]
    .filter(Boolean)
    .join(' ');
}

function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
