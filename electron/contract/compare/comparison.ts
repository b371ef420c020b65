/** Several runs held against one of them, the baseline. */
import { cautionsOf, type Caution } from './cautions.ts';
import { FIGURES, ratioOf, valueOf, type Figure } from './figures.ts';
import type { Ratio } from './resample.ts';
import { settingRows, type SettingRow } from './settings.ts';
import type { Side } from './side.ts';

/** The most runs that are compared with each other. */
export const MOST_COMPARED = 6;

export interface FigureRow {
  figure: Figure;
  /** By side; NaN where it was not measured. */
  values: number[];
  /** By side, how many times the baseline's; the baseline's own undefined, NaN where there is none. */
  ratios: (Ratio | undefined)[];
}

export interface Comparison {
  sides: readonly Side[];
  /** Index of the side that the others are held against. */
  baseline: number;
  /** Figures that at least one side has. */
  figures: FigureRow[];
  settings: SettingRow[];
  cautions: Caution[];
}

/** @param baseline index of a side */
export function compare(sides: readonly Side[], baseline = 0): Comparison {
  const base = sides[baseline];
  if (base === undefined) throw new RangeError(`there is no side ${baseline}`);
  const figures = FIGURES.map((figure): FigureRow => ({
    figure,
    values: sides.map((side) => valueOf(side, figure)),
    ratios: sides.map((side) => (side === base ? undefined : ratioOf(side, base, figure))),
  }));
  const rates = figures.find(({ figure }) => figure === 'messages_per_s')?.ratios ?? [];
  return {
    sides,
    baseline,
    figures: figures.filter(({ values }) => values.some((value) => !Number.isNaN(value))),
    settings: settingRows(sides),
    cautions: cautionsOf(sides, rates),
  };
}

/** What a side is called in words and charts: A, B, C … */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}
