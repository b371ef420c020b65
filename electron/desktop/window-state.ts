/** Where the window was: read back, checked against today's screens, written as one atomic file. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import writeFileAtomic from 'write-file-atomic';
import { log } from './log.ts';

const RectangleSchema = v.object({
  x: v.pipe(v.number(), v.safeInteger()),
  y: v.pipe(v.number(), v.safeInteger()),
  width: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  height: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
});
export type Rectangle = v.InferOutput<typeof RectangleSchema>;

const WindowStateSchema = v.object({
  bounds: RectangleSchema,
  maximized: v.boolean(),
  full_screen: v.boolean(),
});
export type WindowState = v.InferOutput<typeof WindowStateSchema>;

export const LEAST = { width: 800, height: 560 } as const;
const USUAL = { width: 1280, height: 860 } as const;
/** As much of the title bar as a person needs to drag the window back. */
const GRIP = { width: 120, height: 32 } as const;

/** What was saved; undefined where nothing was, or something that is not a window state. */
export function readWindowState(file: string): WindowState | undefined {
  try {
    const parsed = v.safeParse(WindowStateSchema, JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Written while the window closes, so at once. Losing it costs a person nothing but a click: failures are ignored. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileAtomic.sync(file, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  } catch (thrown) {
    log('the window state was not saved', thrown);
  }
}

export interface Placement {
  bounds: { x?: number; y?: number; width: number; height: number };
  maximized: boolean;
  full_screen: boolean;
}

/**
 * Where to open the window on the screens there are now (work areas, the main one first). A place of which no screen
 * shows enough to grip is forgotten; a size that no longer fits is cut down.
 */
export function placeWindow(saved: WindowState | undefined, screens: readonly Rectangle[]): Placement {
  const main = screens[0] ?? { x: 0, y: 0, ...USUAL };
  const centred = (size: { width: number; height: number }) => ({
    width: Math.max(LEAST.width, Math.min(size.width, main.width)),
    height: Math.max(LEAST.height, Math.min(size.height, main.height)),
  });
  if (saved === undefined) return { bounds: centred(USUAL), maximized: false, full_screen: false };
  const { bounds, maximized, full_screen } = saved;
  const home = screens.find((screen) => grippable(bounds, screen));
  if (home === undefined) return { bounds: centred(bounds), maximized, full_screen };
  return {
    bounds: {
      x: bounds.x,
      y: bounds.y,
      width: Math.max(LEAST.width, Math.min(bounds.width, home.width)),
      height: Math.max(LEAST.height, Math.min(bounds.height, home.height)),
    },
    maximized,
    full_screen,
  };
}

function grippable(window: Rectangle, screen: Rectangle): boolean {
  const overlap = Math.min(window.x + window.width, screen.x + screen.width) - Math.max(window.x, screen.x);
  const top = window.y >= screen.y && window.y + GRIP.height <= screen.y + screen.height;
  return overlap >= GRIP.width && top;
}
