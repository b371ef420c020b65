/** The element that scrolls what is in it. */

/** The nearest one around the element that scrolls up and down, or the page itself. */
export function scrollParent(element: Element): Element {
  for (let around = element.parentElement; around !== null; around = around.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(around).overflowY)) return around;
  }
  return document.documentElement;
}
