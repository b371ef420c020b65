/**
 * Keys of the whole page. Starting and stopping need Ctrl (⌘ on a Mac), so that neither happens by accident; Space
 * pauses, as on every player, unless it belongs to what has the focus. Ctrl and a digit open a view.
 */
import { VIEWS, type PageAction } from '#contract/stream';

type KeyAction = PageAction;

export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
  repeat: boolean;
  /** While a Hangul syllable is being put together, every key belongs to the input method. */
  isComposing: boolean;
}

/** What a key press asks for. `spaceIsTaken`: the focus is on something that Space operates. */
export function keyAction(press: KeyPress, spaceIsTaken: boolean): KeyAction | undefined {
  if (press.isComposing || press.repeat || press.altKey) return undefined;
  const command = press.ctrlKey || press.metaKey;
  if (press.key === 'Enter' && command) return 'start';
  if (press.key === '.' && command) return 'stop';
  const view = VIEWS[Number(press.key) - 1];
  if (command && !press.shiftKey && view !== undefined) return `show_${view}`;
  if (press.key === ' ' && !command && !press.shiftKey && !spaceIsTaken) return 'pause';
  return undefined;
}

/** Whether Space types into, presses or moves this element. */
export function takesSpace(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      'button, a, input, select, textarea, summary, [contenteditable], [role=tab], [role=dialog], [role=alertdialog]',
    ) !== null
  );
}

const LETTERS = { m: 'mark', f: 'freeze' } as const;
/** What the same keys write while the input is Hangul (the two-set layout). */
const HANGUL: Readonly<Record<string, keyof typeof LETTERS>> = { ㅡ: 'm', ㄹ: 'f' };

/** What a key of one letter asks of the stage; they can be switched off in the settings. */
export function letterAction(
  press: KeyPress & { code: string },
): (typeof LETTERS)[keyof typeof LETTERS] | undefined {
  if (press.isComposing || press.repeat || press.altKey || press.ctrlKey || press.metaKey) return undefined;
  const typed = press.key.toLowerCase();
  // An input method that takes the key for itself tells only where it lies.
  const letter = typed === 'process' ? press.code.replace('Key', '').toLowerCase() : (HANGUL[typed] ?? typed);
  return letter === 'm' || letter === 'f' ? LETTERS[letter] : undefined;
}

/** Whether letters are typed into this element, or choose in it. */
export function takesLetters(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      'input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable], [role=dialog], [role=alertdialog], [role=listbox], [role=menu]',
    ) !== null
  );
}

export interface Shortcut {
  action:
    'start' | 'pause' | 'stop' | 'views' | 'mark' | 'freeze' | 'zoom' | 'move' | 'now' | 'wheel' | 'drag';
  keys: readonly string[];
}

/** Keys of the view of time; `words` names what is no key. */
export function viewShortcuts(words: { wheel: string; drag: string }, letters: boolean): Shortcut[] {
  return [
    ...(letters
      ? ([
          { action: 'mark', keys: ['M'] },
          { action: 'freeze', keys: ['F'] },
        ] as const)
      : []),
    { action: 'zoom', keys: ['+', '−'] },
    { action: 'move', keys: ['Page Up', 'Page Down'] },
    { action: 'now', keys: ['0'] },
    { action: 'wheel', keys: [words.wheel] },
    { action: 'drag', keys: [words.drag] },
  ];
}

/** For tooltips and the list in the settings. */
export function shortcuts(platform: string): Shortcut[] {
  const command = /mac|darwin/i.test(platform) ? '⌘' : 'Ctrl';
  return [
    { action: 'start', keys: [command, 'Enter'] },
    { action: 'pause', keys: ['Space'] },
    { action: 'stop', keys: [command, '.'] },
    { action: 'views', keys: [command, `1–${VIEWS.length}`] },
  ];
}
