/**
 * About how wide a text is in the figures' type of 11 px. Nothing here can measure type, and a picture must be the same
 * on every machine: Korean and Chinese signs are as wide as they are high, others somewhat more than half.
 */
const WIDE = /[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]/;

export function textWidth(text: string): number {
  let width = 0;
  for (const sign of text) width += WIDE.test(sign) ? 11 : 6.4;
  return width;
}
