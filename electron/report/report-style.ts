/** The style of the report: both themes, on screen and on paper. Tones are classes, so that the figures follow it. */
import type { Tone } from './figure.ts';
import { FONT, THEMES, type Theme } from './themes.ts';

const variables = (theme: Theme): string =>
  Object.entries(theme)
    .map(([tone, colour]) => `--${tone}:${colour}`)
    .join(';');

const TONES = Object.keys(THEMES.light) as Tone[];

export const REPORT_STYLE = `
:root{color-scheme:light dark;${variables(THEMES.light)};--line:#dde2e6;--soft:#4f5962;--warn:#fdf1dc}
@media (prefers-color-scheme:dark){:root{${variables(THEMES.dark)};--line:#2a3035;--soft:#aab3bb;--warn:#33280f}}
@media print{:root{color-scheme:light;${variables(THEMES.light)};--line:#dde2e6;--soft:#4f5962;--warn:#fdf1dc}}
*{box-sizing:border-box}
body{margin:0 auto;padding:24px 16px 48px;max-width:1000px;background:var(--panel);color:var(--ink);
font:14px/1.5 ${FONT};font-variant-numeric:tabular-nums;word-break:keep-all;overflow-wrap:break-word}
h1{margin:0 0 4px;font-size:22px;line-height:1.3}
h2{margin:32px 0 8px;font-size:16px}
p{margin:0 0 8px}
.soft,footer,th{color:var(--soft)}
.pre{white-space:pre-wrap}
.warning{margin:0 0 8px;padding:8px 12px;border-left:3px solid var(--series-2);background:var(--warn)}
.warning p{margin:0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{padding:4px 12px 4px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}
thead th{font-weight:600}
.numbers td{text-align:right}
.numbers th:not(:first-child){text-align:right}
.numbers th[scope=row],.numbers td{white-space:nowrap}
.facts th{width:40%}
code{font-family:ui-monospace,'SF Mono','Cascadia Mono','DejaVu Sans Mono',Consolas,monospace;font-size:13px;overflow-wrap:anywhere}
figure{margin:0 0 12px;border:1px solid var(--line);border-radius:6px;break-inside:avoid}
figure>svg{display:block;width:100%;height:auto}
footer{margin-top:32px;font-size:12px}
tr,.warning{break-inside:avoid}
h2{break-after:avoid}
@page{margin:16mm}
@media print{body{max-width:none;padding:0;font-size:11px}.numbers{font-size:9px}.numbers th,.numbers td{padding-right:6px}}
${TONES.map((tone) => `.fill-${tone}{fill:var(--${tone})}.stroke-${tone}{stroke:var(--${tone})}`).join('\n')}
`;
