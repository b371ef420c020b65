/** Colours and type of a canvas, read from the page's tokens, for a canvas knows no CSS variables. */

export interface Palette {
  series: readonly string[];
  grid: string;
  text: string;
  ink: string;
  accent: string;
  panel: string;
  font: string;
}

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    series: [1, 2, 3, 4, 5].map((n) => token(`series-${n}`)),
    grid: token('grid'),
    text: token('ink-faint'),
    ink: token('ink'),
    accent: token('accent'),
    panel: token('panel'),
    font: token('font'),
  };
}
