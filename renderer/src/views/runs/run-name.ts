/** A run in a few words: what talked, how, in what size. */
import type { RunInfo } from '#contract/runs';
import type { SessionSpec } from '#contract/spec';
import type { OptionValues } from '#contract/frames';
import { formatMoment } from '#contract/text/format';
import { language } from '../../text/language.svelte.ts';
import { mechanismWord, patternWord, sizeText, variantWord } from '../../text/words.ts';

export function runParts(spec: SessionSpec): string[] {
  return [
    mechanismWord(spec.mechanism).label,
    ...(spec.pattern === undefined ? [] : [patternWord(spec.pattern).label]),
    ...(spec.variant === undefined || spec.variant === 'plain' ? [] : [variantWord(spec.variant).label]),
  ];
}

export function runName(spec: SessionSpec, options: OptionValues): string {
  return [...runParts(spec), sizeText(options)].filter((part) => part !== '').join(' · ');
}

/** What a run is called in a list: as its owner named it, or by its settings. */
export function nameOf({ label, spec, summary }: RunInfo): string {
  return label.name === '' ? runName(spec, summary?.options ?? spec.options) : label.name;
}

export function whenText(created_ms: number): string {
  return formatMoment(created_ms, language.locale);
}
