/** A comparison to take away: Markdown for people, CSV for programs. */
import { csv } from '../csv.ts';
import type { Locale } from '../settings.ts';
import {
  cautionText,
  comparisonTexts,
  differenceSentence,
  formatFigure,
  formatRatio,
  type SettingWords,
} from '../text/comparison.ts';
import { formatMoment, NO_VALUE } from '../text/format.ts';
import { letterOf, type Comparison } from './comparison.ts';

/** What a side is called beside its letter. */
export interface SideName {
  name: string;
  /** Unix time in ms; null where it was measured just now. */
  created_ms: number | null;
}

type Cells = readonly string[];

/** A table whose bars in cells are kept from being borders. */
function table([head = [], ...rows]: readonly Cells[]): string {
  const line = (cells: Cells): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join('');
}

/** One table of figures with the ratios to the baseline beside them, one of the settings, and the cautions. */
export function comparisonMarkdown(
  comparison: Comparison,
  names: readonly SideName[],
  words: SettingWords,
  locale: Locale,
): string {
  const { sides, baseline, figures, settings, cautions } = comparison;
  const { titles, figures: figureNames } = comparisonTexts(locale);
  const letters = sides.map((_, i) => letterOf(i));
  const runs = sides.map(({ id }, i) => {
    const created_ms = names[i]?.created_ms ?? null;
    const mark = i === baseline ? `${letterOf(i)} (${titles.baseline})` : letterOf(i);
    return [
      mark,
      names[i]?.name ?? id,
      created_ms === null ? NO_VALUE : formatMoment(created_ms, locale),
      id,
    ];
  });
  const figureRows = figures.map(({ figure, values, ratios }) => [
    figureNames[figure],
    ...values.map((value, i) => {
      const told = formatFigure(figure, value, locale);
      const of = ratios[i];
      if (of === undefined || !Number.isFinite(of.ratio)) return told;
      const { ratio, interval, fraction } = formatRatio(of, locale);
      return `${told} ${fraction ? '' : '×'}${ratio}${interval === '' ? '' : ` (${interval})`}`;
    }),
  ]);
  const settingRows = settings.map(({ name, values, differs }) => [
    differs ? `**${words.setting(name)}** (${titles.differs})` : words.setting(name),
    ...values.map((value) => (value === undefined ? NO_VALUE : words.value(name, value))),
  ]);
  const rounds = sides[0]?.summaries.length ?? 1;
  const parts = [
    `# ${titles.comparison}\n`,
    `${differenceSentence(comparison, words, locale)}\n`,
    table([['', titles.run, titles.when, titles.id], ...runs]),
    table([[titles.figure, ...letters], ...figureRows]),
    `${rounds > 1 ? titles.rounds(String(rounds)) : titles.spread}\n`,
    table([[titles.setting, ...letters], ...settingRows]),
  ];
  if (cautions.length > 0) {
    const said = cautions.map((caution) => {
      const { cause, effect, remedy } = cautionText(caution, comparison, locale);
      return `- **${cause}** ${effect} ${remedy}\n`;
    });
    parts.push(`## ${titles.cautions}\n`, said.join(''));
  }
  return parts.join('\n');
}

/** RFC 4180: one line for each figure and setting of each side; figures in the units of their names. */
export function comparisonCsv(
  { sides, baseline, figures, settings }: Comparison,
  names: readonly SideName[],
): string {
  const number = (value: number | undefined): string =>
    value === undefined || !Number.isFinite(value) ? '' : String(value);
  const own = (i: number): string[] => [
    letterOf(i),
    sides[i]?.id ?? '',
    names[i]?.name ?? '',
    i === baseline ? 'baseline' : '',
  ];
  const rows = [
    ['side', 'id', 'name', 'role', 'kind', 'key', 'value', 'ratio', 'ratio_low', 'ratio_high'],
    ...figures.flatMap(({ figure, values, ratios }) =>
      values.map((value, i) => {
        const of = ratios[i];
        return [
          ...own(i),
          'figure',
          figure,
          number(value),
          number(of?.ratio),
          number(of?.low),
          number(of?.high),
        ];
      }),
    ),
    ...settings.flatMap(({ name, values, differs }) =>
      values.map((value, i) => [
        ...own(i),
        differs ? 'setting_that_differs' : 'setting',
        name,
        value === undefined ? '' : String(value),
        '',
        '',
        '',
      ]),
    ),
  ];
  return csv(rows);
}
