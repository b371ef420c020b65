/** The ring of a session's ticks, for tests. */
import type { Tick } from '#contract/frames';
import { SampleDeriver, SeriesRing } from '#contract/series';
import { hello } from './frames.ts';

export function ringOf(...ticks: readonly Tick[]): SeriesRing {
  const deriver = new SampleDeriver(hello);
  const ring = new SeriesRing(deriver.columns, ticks.length);
  for (const tick of ticks) {
    const row = deriver.push(tick);
    if (row !== undefined) ring.push(row);
  }
  return ring;
}
