/**
 * A figure as SVG text, the same text for the same figure everywhere. As a file it carries its colours; inside the report
 * the colours are classes, so that they follow the theme of whoever reads it.
 */
import { escaped } from './escape.ts';
import type { Figure, Tone } from './figure.ts';
import { layOut, type Drawing, type Shape } from './shapes.ts';
import { FONT, FONT_PX, type Theme } from './themes.ts';

export interface SvgOptions {
  width: number;
  height: number;
  /** Colours of a file of its own; undefined for a figure within a page, whose style names them. */
  theme?: Theme;
}

export function toSvg(figure: Figure, { width, height, theme }: SvgOptions): string {
  const drawing = layOut(figure, { width, height, captions: true });
  const paint = painter(theme);
  const box = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const head = [
    `<svg xmlns="http://www.w3.org/2000/svg" ${box} role="img" aria-label="${escaped(figure.title)}"`,
    theme === undefined ? '' : ` font-family="${escaped(FONT)}"`,
    ` font-size="${FONT_PX}" stroke-linejoin="round" stroke-linecap="round">`,
  ].join('');
  const ground =
    theme === undefined ? '' : `<rect width="${width}" height="${height}" ${paint('panel', 'fill')}/>\n`;
  const shapes: string[] = [];
  let inside = false;
  for (const shape of drawing.shapes) {
    const text = element(shape, paint);
    if (text === '') continue;
    const clipped = shape.kind === 'path' && shape.clipped === true;
    if (clipped !== inside) shapes.push(clipped ? window(drawing.plot) : '</svg>');
    inside = clipped;
    shapes.push(text);
  }
  if (inside) shapes.push('</svg>');
  return `${head}\n<title>${escaped(figure.title)}</title>\n${ground}${shapes.join('\n')}\n</svg>\n`;
}

type Paint = (tone: Tone, kind: 'fill' | 'stroke') => string;

function painter(theme: Theme | undefined): Paint {
  if (theme === undefined) return (tone, kind) => `class="${kind}-${tone}"`;
  return (tone, kind) => `${kind}="${theme[tone]}"`;
}

function element(shape: Shape, paint: Paint): string {
  if (shape.kind === 'text') {
    const { x, y, text, tone, anchor, bold } = shape;
    const at = `x="${round(x)}" y="${round(y)}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
    return `<text ${at}${bold === true ? ' font-weight="600" font-size="13"' : ''} ${paint(tone, 'fill')}>${escaped(text)}</text>`;
  }
  if (shape.d === '') return '';
  const { d, stroke, fill, width, dash, opacity } = shape;
  const attributes = [
    `d="${d}"`,
    // A shape that is filled and edged is drawn as its edge, then its filling: one attribute holds one class.
    fill === undefined ? 'fill="none"' : paint(fill, 'fill'),
    ...(fill === undefined && stroke !== undefined ? [paint(stroke, 'stroke')] : []),
    ...(stroke !== undefined && fill === undefined ? [`stroke-width="${width ?? 1}"`] : []),
    ...(dash === undefined ? [] : [`stroke-dasharray="${dash.join(' ')}"`]),
    ...(opacity === undefined ? [] : [`fill-opacity="${opacity}"`]),
  ];
  const path = `<path ${attributes.join(' ')}/>`;
  const edge =
    fill !== undefined && stroke !== undefined
      ? `<path d="${d}" fill="none" ${paint(stroke, 'stroke')} stroke-width="${2 * (width ?? 1)}"/>`
      : '';
  return edge + path;
}

/** An inner picture with the same coordinates shows what lies within the plot, without an id that could clash. */
function window({ left, top, right, bottom }: Drawing['plot']): string {
  const [width, height] = [round(right - left), round(bottom - top)];
  return `<svg x="${round(left)}" y="${round(top)}" width="${width}" height="${height}" viewBox="${round(left)} ${round(top)} ${width} ${height}">`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
