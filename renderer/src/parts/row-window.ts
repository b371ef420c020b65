/** Which rows of a long list are worth having: those in sight, and some around them. All rows are equally high. */

export interface RowWindow {
  /** Index of the first row that is drawn. */
  from: number;
  /** Index after the last. */
  to: number;
}

/** Rows beyond either edge, so that the next turn of the wheel and the next Tab find theirs. */
const MARGIN = 12;

/** `top`: how far the first row is above the upper edge of what is in sight, px; negative while it is below it. */
export function rowWindow(top: number, height: number, rowHeight: number, count: number): RowWindow {
  if (count === 0 || !(rowHeight > 0)) return { from: 0, to: 0 };
  const first = Math.floor(Math.max(0, top) / rowHeight);
  const last = Math.ceil((Math.max(0, top) + Math.max(0, height)) / rowHeight);
  const from = Math.max(0, Math.min(first - MARGIN, count - 1));
  return { from, to: Math.max(from + 1, Math.min(last + MARGIN, count)) };
}
