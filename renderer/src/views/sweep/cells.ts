/** The cells of a sweep as charts, heat map and table show them. */
import type { SweepCell, SweepChannel, SweepPlan } from '#contract/sweep';
import type { CellStatistics, Metric } from '#contract/sweep-results';
import type { SeriesSpec } from '../../charts/specs.ts';

export interface Row {
  index: number;
  cell: SweepCell;
  found: CellStatistics;
}

export function rowsOf({ cells }: SweepPlan, statistics: readonly CellStatistics[]): Row[] {
  return cells.flatMap((cell, index) => {
    const found = statistics[index];
    return found === undefined ? [] : [{ index, cell, found }];
  });
}

export const sameChannel = (a: SweepChannel, b: SweepChannel): boolean =>
  a.mechanism === b.mechanism && a.variant === b.variant;

/** The channels of the cells, each once, in the plan's order. */
export function channelsOf(cells: readonly SweepChannel[]): SweepChannel[] {
  const found: SweepChannel[] = [];
  for (const { mechanism, variant } of cells) {
    const channel = { mechanism, variant };
    if (!found.some((each) => sameChannel(each, channel))) found.push(channel);
  }
  return found;
}

const MARKS: readonly SeriesSpec['mark'][] = ['circle', 'square', 'triangle', 'diamond', 'cross'];

/** Colour and mark of the n-th channel: 25 pairs, and the first five differ in both. */
export function lookOf(n: number): Pick<SeriesSpec, 'colour' | 'mark'> {
  const colour = ((n % 5) + 1) as SeriesSpec['colour'];
  return { colour, mark: MARKS[(n + Math.floor(n / 5)) % 5] ?? 'circle' };
}

export const SORTS = [
  'channel',
  'pattern',
  'size_bytes',
  'messages_per_s',
  'ratio',
  'bytes_per_s',
  'p50_ns',
  'p99_ns',
] as const;
export type Sort = (typeof SORTS)[number];

/** Cells without a value come last, whichever way it is sorted; those that are equal keep the plan's order. */
export function sorted(
  rows: readonly Row[],
  key: Sort,
  ascending: boolean,
  nameOf: (channel: SweepChannel) => string,
): Row[] {
  const way = ascending ? 1 : -1;
  const value = ({ cell, found }: Row): number | string => {
    if (key === 'channel') return nameOf(cell);
    if (key === 'pattern' || key === 'size_bytes') return cell[key];
    return key === 'ratio' ? found.ratio : found.figures[key].median;
  };
  return rows.toSorted((a, b) => {
    const [one, other] = [value(a), value(b)];
    if (typeof one === 'string' || typeof other === 'string')
      return way * String(one).localeCompare(String(other)) || a.index - b.index;
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other)) || a.index - b.index;
    return way * (one - other) || a.index - b.index;
  });
}

/** Steps of the heat map's scale. */
export const LEVELS = 7;

/** Where a value stands between the least and the greatest, by its logarithm: 0 … LEVELS - 1; NaN where it has no place. */
export function levelOf(value: number, least: number, greatest: number): number {
  if (!(value > 0) || !(least > 0)) return NaN;
  if (greatest <= least) return 0;
  const share = Math.log(value / least) / Math.log(greatest / least);
  return Math.min(LEVELS - 1, Math.max(0, Math.round(share * (LEVELS - 1))));
}

/** The least and greatest median above nought; NaN where there is none. */
export function endsOf(rows: readonly Row[], metric: Metric): [number, number] {
  const values = rows.map(({ found }) => found.figures[metric].median).filter((value) => value > 0);
  return values.length === 0 ? [NaN, NaN] : [Math.min(...values), Math.max(...values)];
}
