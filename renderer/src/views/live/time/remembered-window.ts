/** How much of a running session is followed, kept by the browser for the next one. */

const KEY = 'ipc-scope:window';
const FIRST_S = 30;

/** Seconds; Infinity for all. */
export function rememberedWindow(): number {
  const kept = Number(localStorage.getItem(KEY) ?? FIRST_S);
  return kept > 0 ? kept : FIRST_S;
}

export function rememberWindow(window_s: number): void {
  localStorage.setItem(KEY, String(window_s));
}
