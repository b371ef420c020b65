/** A comparison as the terminal prints it: a table, the sentence, and what to know before believing it. */
import type { Describe } from '#contract/describe';
import { letterOf, type Comparison } from '#contract/compare/comparison';
import type { Figure } from '#contract/compare/figures';
import { FIGURES } from '#contract/compare/figures';
import type { Locale } from '#contract/settings';
import {
  cautionText,
  comparisonTexts,
  differenceSentence,
  formatFigure,
  formatRatio,
  type SettingWords,
} from '#contract/text/comparison';
import { formatBytes, NO_VALUE } from '#contract/text/format';
import { table } from './table.ts';
import type { Texts } from './text.ts';

/** Settings by the flags that a person types. */
export function flagWords({ mechanisms }: Describe, locale: Locale, { compare: say }: Texts): SettingWords {
  const named: Readonly<Record<string, string>> = say.settings;
  return {
    setting: (name) =>
      named[name] ??
      mechanisms.flatMap(({ options }) => options).find((option) => option.name === name)?.flag ??
      name,
    value: (name, value) => {
      if (typeof value === 'boolean') return value ? say.on : say.off;
      return typeof value === 'number' && name.endsWith('_bytes')
        ? formatBytes(value, locale)
        : String(value);
    },
  };
}

export function compareTable(
  comparison: Comparison,
  names: readonly string[],
  words: SettingWords,
  locale: Locale,
  text: Texts,
): string {
  const { sides, figures, cautions } = comparison;
  const value = (figure: Figure, side: number): string =>
    formatFigure(figure, figures.find((row) => row.figure === figure)?.values[side] ?? NaN, locale);
  const ratio = (figure: Figure, side: number): string => {
    const of = figures.find((row) => row.figure === figure)?.ratios[side];
    if (of === undefined) return side === comparison.baseline ? '1' : NO_VALUE;
    const said = formatRatio(of, locale);
    return said.interval === '' ? said.ratio : `${said.ratio} (${said.interval})`;
  };
  const rows = sides.map((_, i) => [
    letterOf(i),
    names[i] ?? '',
    value('messages_per_s', i),
    ratio('messages_per_s', i),
    value('bytes_per_s', i),
    value('p50_ns', i),
    value('p99_ns', i),
    ratio('p99_ns', i),
    value('cpu_ns_per_message', i),
  ]);
  const { titles } = comparisonTexts(locale);
  const rounds = Math.max(...sides.map(({ summaries }) => summaries.length));
  return [
    table(
      [text.compare.columns, ...rows],
      ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
    ),
    `\n${differenceSentence(comparison, words, locale)}\n`,
    `${rounds > 1 ? titles.rounds(String(rounds)) : titles.spread}\n`,
    ...cautions.map((caution) => {
      const { cause, effect, remedy } = cautionText(caution, comparison, locale);
      return `${text.warningLabel}: ${cause} ${effect}\n  ${remedy}\n`;
    }),
  ].join('');
}

/** What `--json` prints of one comparison; a figure that was not measured is null. */
export function compareJson(
  comparison: Comparison,
  names: readonly string[],
  words: SettingWords,
  locale: Locale,
) {
  const { sides, baseline, figures, settings, cautions } = comparison;
  const own = (side: number) =>
    Object.fromEntries(
      FIGURES.flatMap((figure) => {
        const row = figures.find((known) => known.figure === figure);
        return row === undefined ? [] : [[figure, { value: row.values[side], ...row.ratios[side] }]];
      }),
    );
  return {
    sentence: differenceSentence(comparison, words, locale),
    baseline: letterOf(baseline),
    sides: sides.map(({ id, summaries }, i) => ({
      letter: letterOf(i),
      id,
      name: names[i],
      rounds: summaries.length,
      figures: own(i),
    })),
    differing: settings.filter(({ differs }) => differs).map(({ name, values }) => ({ name, values })),
    cautions: cautions.map(({ code, sides: about }) => ({ code, sides: about.map(letterOf) })),
  };
}
