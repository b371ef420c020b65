import { describe, expect, it } from 'vitest';
import { CHART_IDS } from '#contract/charts';
import { columnsOf } from '#contract/series';
import { chartSpecs } from './chart-specs.ts';

const processes = (['producer', 'consumer'] as const).flatMap((role) =>
  [0, 1, 2].map((index) => ({ role, index, pid: 1 })),
);

describe('the charts of a session', () => {
  it('are all that can be chosen, but the one that has no time', () => {
    expect(chartSpecs().map(({ id }) => id)).toEqual(CHART_IDS.filter((id) => id !== 'distribution'));
  });

  it.each([[{ producer: 'all', consumer: 'all' }], [{ producer: 2, consumer: 0 }]] as const)(
    'draw columns that there are, in their units: %o',
    (whose) => {
      const columns = new Map(columnsOf({ processes }).map(({ key, unit }) => [key, unit]));
      for (const { series } of chartSpecs(whose)) {
        for (const { key, unit } of series) expect([key, columns.get(key)]).toEqual([key, unit]);
      }
    },
  );

  it('never use a colour or a mark twice among the drawn lines of a chart', () => {
    for (const { series } of chartSpecs()) {
      const drawn = series.filter(({ readOnly }) => readOnly !== true);
      expect(new Set(drawn.map(({ colour }) => colour)).size).toBe(drawn.length);
      expect(new Set(drawn.map(({ mark }) => mark)).size).toBe(drawn.length);
    }
  });
});
