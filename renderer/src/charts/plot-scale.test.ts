import { expect, it } from 'vitest';
import { plotScale, timeAt } from './plot-scale.ts';

const area = { left: 58, right: 392 };
const span = { from: 10, to: 20 };

it('places and times go both ways, also beside the plot', () => {
  const scale = plotScale(area, span);
  expect(scale?.placeOf(10)).toBeCloseTo(58, 9);
  expect(scale?.placeOf(20)).toBeCloseTo(392, 9);
  expect(scale?.timeOf(58 - 33.4)).toBeCloseTo(9, 9);
  expect(scale?.seconds_per_px).toBeCloseTo(10 / 334, 12);
});

it('a chart that is not drawn yet has no places', () => {
  expect(plotScale(undefined, span)).toBeUndefined();
  expect(plotScale({ left: 58, right: 58 }, span)).toBeUndefined();
});

it('points at nothing beside the plot, save a few pixels', () => {
  expect(timeAt(area, span, 225)).toBeCloseTo(15, 9);
  expect(timeAt(area, span, 55)).toBeCloseTo(10 - 3 * (10 / 334), 9);
  expect(timeAt(area, span, 20)).toBeNaN();
  expect(timeAt(area, span, 399)).toBeNaN();
  expect(timeAt(undefined, span, 225)).toBeNaN();
});
