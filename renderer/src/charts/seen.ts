/** Draws what is on the screen, and nothing that is not. */
import { scheduler, type Drawable } from './scheduler.ts';

/** Tells the drawable whether the element can be seen, and has it drawn when it comes into sight; answers how to stop. */
export function drawWhileSeen(element: Element, drawable: Drawable & { visible: boolean }): () => void {
  const seen = new IntersectionObserver((entries) => {
    drawable.visible = entries.at(-1)?.isIntersecting ?? true;
    if (drawable.visible) scheduler.request(drawable);
  });
  seen.observe(element);
  return () => {
    seen.disconnect();
    scheduler.forget(drawable);
  };
}
