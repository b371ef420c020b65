/** What the tones are, in both themes; the same as renderer/src/parts/tokens.css, and a test holds them together. */
import type { Tone } from './figure.ts';

export type Theme = Record<Tone, string>;

export const THEMES: Record<'light' | 'dark', Theme> = {
  light: {
    'series-1': '#0072b2',
    'series-2': '#d55e00',
    'series-3': '#009e73',
    'series-4': '#b3558a',
    'series-5': '#4f5962',
    ink: '#171b1f',
    'ink-faint': '#68727c',
    grid: '#e6eaed',
    panel: '#ffffff',
  },
  dark: {
    'series-1': '#56b4e9',
    'series-2': '#e69f00',
    'series-3': '#1fc497',
    'series-4': '#cc79a7',
    'series-5': '#aab3bb',
    ink: '#e8ebed',
    'ink-faint': '#8a949d',
    grid: '#23292e',
    panel: '#16191c',
  },
};

export const FONT =
  "-apple-system, 'Segoe UI', 'Noto Sans', 'Noto Sans KR', 'Noto Sans CJK KR', 'Apple SD Gothic Neo', 'Malgun Gothic', sans-serif";
/** Size of all words of a figure, px. */
export const FONT_PX = 11;
