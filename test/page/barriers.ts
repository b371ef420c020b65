/** What keeps somebody out of a page: found by axe, by its width, and by the Tab key. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** WCAG 2.2, levels A and AA; the size of targets has to be asked for. */
const OPTIONS: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  rules: { 'target-size': { enabled: true } },
  resultTypes: ['violations'],
};

/**
 * What axe finds, as `rule: element`. Words that explain themselves stand in lines of text, whose height is theirs: the
 * exception of WCAG 2.5.8 for targets in a line, which axe sees only within a sentence.
 */
export async function barriers(page: Page): Promise<string[]> {
  // Not through a script element: the page's own policy rightly refuses that.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe);
  const results = (await page.evaluate(`axe.run(document, ${JSON.stringify(OPTIONS)})`)) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) =>
    nodes
      .filter(({ html }) => id !== 'target-size' || !html.startsWith('<button class="term"'))
      .map(({ html }) => `${id}: ${html.slice(0, 160)}`),
  );
}

/** What would have to be scrolled sideways to be read. */
export function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [
      document.documentElement,
      ...document.querySelectorAll('main, .stage, .stage-content, .panel, .page, .content, .body, .status'),
    ]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(
        ({ tagName, className, scrollWidth, clientWidth }) =>
          `${tagName} ${className}: ${scrollWidth} > ${clientWidth}`,
      ),
  );
}

/** How far the whole page is wider than its window, in CSS pixels. */
export function widerThanWindow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
}

/** More stops than any view has. */
const MOST_STOPS = 400;

/** Goes once round with the Tab key; answers what it cannot get to, and where nothing shows that the focus is there. */
export async function lostToKeyboard(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    document.querySelectorAll('[data-reached]').forEach((each) => each.removeAttribute('data-reached'));
    // From the top, wherever the last click was.
    getSelection()?.setPosition(document.body, 0);
  });
  const unseen: string[] = [];
  for (let stop = 0; stop < MOST_STOPS; stop++) {
    await page.keyboard.press('Tab');
    const said = await page.evaluate(() => {
      const at = document.activeElement;
      if (at === null || at === document.body) return 'left';
      if (at.hasAttribute('data-reached')) return 'round';
      at.setAttribute('data-reached', '');
      const outlined = [at, at.closest('label'), at.parentElement].some((element) => {
        if (element === null) return false;
        const { outlineStyle, outlineWidth } = getComputedStyle(element);
        return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
      });
      return outlined ? '' : `focus not seen: ${at.outerHTML.slice(0, 160)}`;
    });
    if (said === 'round') break;
    if (said !== '' && said !== 'left') unseen.push(said);
  }
  const unreached = await page.evaluate(() =>
    [
      ...document.querySelectorAll<HTMLElement>(
        'a[href], button, input, select, textarea, summary, [tabindex]',
      ),
    ]
      .filter(
        (element) =>
          element.tabIndex >= 0 &&
          !element.matches(':disabled, [type=radio]:not(:checked), [data-reached]') &&
          element.checkVisibility({ visibilityProperty: true }),
      )
      .map((element) => `not reached: ${element.outerHTML.slice(0, 160)}`),
  );
  return [...unseen, ...unreached];
}
