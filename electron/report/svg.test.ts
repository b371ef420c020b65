import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Figure } from './figure.ts';
import { layOut } from './shapes.ts';
import { toSvg } from './svg.ts';
import { THEMES } from './themes.ts';

const axis = {
  scale: 'linear',
  min: 0,
  max: 10,
  ticks: [
    { at: 0, text: '0' },
    { at: 10, text: '10' },
  ],
} as const;

function figure(change: Partial<Figure> = {}): Figure {
  return {
    title: 'Rate',
    x: axis,
    left: axis,
    series: [{ name: 'a', tone: 'series-1', mark: 'circle', xs: [0, 5, 10], ys: [0, 5, 10] }],
    ...change,
  };
}

const fixed = { width: 400, height: 200, theme: THEMES.light };

describe('a figure as SVG', () => {
  it('is the same text every time', () => {
    expect(toSvg(figure(), fixed)).toBe(toSvg(figure(), fixed));
  });

  it('draws a line through its points, from corner to corner of the plot', () => {
    const { plot } = layOut(figure(), { ...fixed, captions: true });
    const middle = `${(plot.left + plot.right) / 2} ${(plot.top + plot.bottom) / 2}`;
    expect(toSvg(figure(), fixed)).toContain(
      `d="M${plot.left} ${plot.bottom}L${middle}L${plot.right} ${plot.top}" fill="none" stroke="#0072b2"`,
    );
  });

  it('ends the line where there is no value, and shows a lone one as a dot', () => {
    const series = [{ name: 'a', tone: 'series-1', xs: [0, 1, 2, 3, 4], ys: [1, 1, NaN, 1, NaN] } as const];
    const line = /d="([^"]*)" fill="none" stroke="#0072b2" stroke-width="1.5"\/>\n<\/svg>/.exec(
      toSvg(figure({ series }), fixed),
    );
    expect(line?.[1]?.match(/M/g)).toHaveLength(2);
    expect(line?.[1]).toMatch(/h0$/);
  });

  it('writes no number that is none, whatever the figures are', () => {
    const wild = [NaN, Infinity, -Infinity, 0, -1, 1e300];
    for (const scale of ['linear', 'log'] as const) {
      const left = { ...axis, scale, min: 1, ticks: [] };
      const text = toSvg(
        figure({
          left,
          series: [{ name: 'a', tone: 'series-1', mark: 'cross', xs: [0, 1, 2, 3, 4, 5], ys: wild }],
        }),
        fixed,
      );
      expect(text).not.toMatch(/NaN|Infinity|e\+/);
    }
  });

  it('cannot be broken out of by a name', () => {
    const evil = `</text><script>alert(1)</script> " onload='x' & \u0000\ud800`;
    const text = toSvg(
      figure({
        title: evil,
        markers: [{ at: 5, text: evil }],
        series: [{ name: evil, tone: 'ink', xs: [], ys: [] }],
      }),
      fixed,
    );
    expect(text).not.toContain('<script');
    expect(text).not.toMatch(/onload='/);
    expect(text).not.toMatch(/\p{Cs}|\0/u);
  });

  it('has the colours of its theme as a file, and names them within a page', () => {
    expect(toSvg(figure(), { ...fixed, theme: THEMES.dark })).toContain(THEMES.dark['series-1']);
    const inPage = toSvg(figure(), { width: 400, height: 200 });
    expect(inPage).toContain('class="stroke-series-1"');
    expect(inPage).not.toMatch(/#[0-9a-f]{6}/);
  });

  it('keeps every word of axes and legend within the picture, in Korean too', () => {
    const name = '비자발적 문맥 교환이 일어난 횟수';
    const series = Array.from({ length: 5 }, () => ({ name, tone: 'series-2' as const, xs: [1], ys: [1] }));
    const { shapes, plot } = layOut(figure({ series }), { width: 400, height: 300, captions: true });
    const words = shapes.filter((shape) => shape.kind === 'text');
    for (const { x, text, anchor } of words) {
      const width = text.length * 11;
      expect(anchor === 'start' ? x + width : anchor === 'middle' ? x + 10 : x).toBeLessThanOrEqual(400);
      expect(x).toBeGreaterThanOrEqual(0);
    }
    expect(plot.bottom - plot.top).toBeGreaterThan(80);
  });
});

it('the themes have the colours of the page', () => {
  const css = readFileSync(new URL('../../renderer/src/parts/tokens.css', import.meta.url), 'utf8');
  const [light = '', dark = ''] = css.split("[data-theme='dark']");
  for (const [tone, colour] of Object.entries(THEMES.light)) expect(light).toContain(`--${tone}: ${colour};`);
  for (const [tone, colour] of Object.entries(THEMES.dark)) expect(dark).toContain(`--${tone}: ${colour};`);
});
