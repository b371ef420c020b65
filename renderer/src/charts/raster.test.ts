import { expect, it } from 'vitest';
import { colourWord, Raster } from './raster.ts';

const RED = colourWord('#ff0000');
const BLUE = colourWord('#0000ff');

function rasterOf(width = 4, height = 6): Raster {
  const raster = new Raster();
  raster.clear(width, height);
  return raster;
}
const pixel = ({ bytes, width }: Raster, x: number, y: number): number[] => [
  ...bytes.slice(4 * (y * width + x), 4 * (y * width + x) + 4),
];
const opacities = (raster: Raster, x: number): number[] =>
  Array.from({ length: raster.height }, (_, y) => pixel(raster, x, y)[3] ?? -1);

it('fills whole pixels, and covers those at the ends by their share', () => {
  const raster = rasterOf();
  raster.bar(1, 2, 1.25, 4.5, RED);
  expect(opacities(raster, 1)).toEqual([0, 191, 255, 255, 128, 0]);
  expect(pixel(raster, 1, 2)).toEqual([255, 0, 0, 255]);
  expect(opacities(raster, 0)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(opacities(raster, 2)).toEqual([0, 0, 0, 0, 0, 0]);
});

it('shows a bar that lies within one pixel', () => {
  const raster = rasterOf();
  raster.bar(0, 1, 2.25, 2.75, RED);
  expect(opacities(raster, 0)).toEqual([0, 0, 128, 0, 0, 0]);
});

it('mixes where bars overlap, and what came last lies above', () => {
  const raster = rasterOf();
  raster.bar(0, 1, 0, 6, RED);
  raster.bar(0, 1, 1, 2.5, BLUE);
  expect(pixel(raster, 0, 1)).toEqual([0, 0, 255, 255]);
  expect(pixel(raster, 0, 2)).toEqual([128, 0, 128, 255]);
  expect(pixel(raster, 0, 3)).toEqual([255, 0, 0, 255]);
});

it('leaves out what lies outside, and bars without height', () => {
  const raster = rasterOf();
  raster.bar(-3, 9, -8, 2, RED);
  raster.bar(-3, 9, 5, 80, RED);
  expect(opacities(raster, 3)).toEqual([255, 255, 0, 0, 0, 255]);
  raster.bar(0, 4, 3, 3, RED);
  raster.bar(0, 4, NaN, 4, RED);
  raster.bar(0, 4, -9, -2, RED);
  raster.bar(0, 4, 7, 9, RED);
  expect(opacities(raster, 0)).toEqual([255, 255, 0, 0, 0, 255]);
});

it('is empty again for the next picture', () => {
  const raster = rasterOf();
  raster.bar(0, 4, 0, 6, RED);
  raster.clear(4, 6);
  expect(opacities(raster, 2)).toEqual([0, 0, 0, 0, 0, 0]);
});
