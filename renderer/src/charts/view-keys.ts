/** The view of time by keyboard, where a chart has the focus; the same that wheel and drag do. */
import type { TimeView } from './time-view.svelte.ts';

type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** Does what the key asks of the view; false where it is none of its keys. */
export function viewKey({ key, ctrlKey, metaKey, altKey }: Press, view: TimeView): boolean {
  if (altKey || metaKey) return false;
  const length = view.span.to - view.span.from;
  const all = view.room.to - view.room.from;
  // With Ctrl, plus, minus and nought are the browser's own.
  switch (ctrlKey ? `Ctrl ${key}` : key) {
    case '+':
    case '=':
      view.zoom(0.5);
      return true;
    case '-':
    case '_':
      view.zoom(2);
      return true;
    case '0':
      view.follow();
      return true;
    case 'PageUp':
      view.move(-0.8 * length);
      return true;
    case 'PageDown':
      view.move(0.8 * length);
      return true;
    case 'Ctrl ArrowLeft':
      view.move(-0.1 * length);
      return true;
    case 'Ctrl ArrowRight':
      view.move(0.1 * length);
      return true;
    case 'Ctrl Home':
      view.move(-all);
      return true;
    case 'Ctrl End':
      view.move(all);
      return true;
    default:
      return false;
  }
}
