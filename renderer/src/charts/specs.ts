/** The charts of a session: the page's are those of the report. */
export type { Mark } from '#report/figure';
export type { ChartSpec, SeriesSpec } from '#report/chart-specs';
