/** A figure as a picture file. */
import type { Figure } from '#report/figure';
import { layOut } from '#report/shapes';
import { toSvg } from '#report/svg';
import { THEMES } from '#report/themes';
import { paint } from './paint.ts';
import { readPalette } from './colours.ts';

const SIZE = { width: 720, height: 400 };
/** Sharp on paper and on fine screens. */
const PNG_RATIO = 2;

export type PictureKind = 'png' | 'svg';

/** In the colours that the page has now; undefined where the browser could not draw it. */
export async function pictureOf(
  figure: Figure,
  kind: PictureKind,
  theme: 'light' | 'dark',
): Promise<Blob | undefined> {
  if (kind === 'svg') {
    return new Blob([toSvg(figure, { ...SIZE, theme: THEMES[theme] })], { type: 'image/svg+xml' });
  }
  const canvas = document.createElement('canvas');
  canvas.width = SIZE.width * PNG_RATIO;
  canvas.height = SIZE.height * PNG_RATIO;
  const ctx = canvas.getContext('2d');
  if (ctx === null) return undefined;
  const palette = readPalette();
  ctx.scale(PNG_RATIO, PNG_RATIO);
  ctx.fillStyle = palette.panel;
  ctx.fillRect(0, 0, SIZE.width, SIZE.height);
  paint(ctx, layOut(figure, { ...SIZE, captions: true }), palette);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/png'));
}
