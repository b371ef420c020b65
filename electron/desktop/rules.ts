/** Who and what the main process trusts: decisions without Electron, so that every one of them is tested. */

export const APP_SCHEME = 'app';
export const APP_ORIGIN = 'app://ipc-scope';
export const PAGE_URL = `${APP_ORIGIN}/index.html`;

/** Manuals that our texts cite. Everything else stays inside; there is no `openExternal` for the page. */
const EXTERNAL_HOSTS: ReadonlySet<string> = new Set([
  'man7.org',
  'pubs.opengroup.org',
  'learn.microsoft.com',
  'developer.apple.com',
]);

/** The parts of WebFrameMain that the check needs. */
export interface SenderFrame {
  readonly url: string;
  readonly parent: unknown;
}

/** Only the main frame of our own page may speak. A frame that is gone (null) may not. */
export function isTrustedSender(frame: SenderFrame | null): boolean {
  if (frame === null) return false;
  try {
    return frame.parent === null && isOwnPage(frame.url);
  } catch {
    // Reading from a frame that was disposed meanwhile throws.
    return false;
  }
}

/** Whether a URL lies in our own origin. Compared part by part: `app://ipc-scope.evil/` starts with our origin too. */
export function isOwnPage(url: string): boolean {
  const parsed = parse(url);
  return parsed?.protocol === `${APP_SCHEME}:` && parsed.host === 'ipc-scope' && parsed.username === '';
}

/** Whether a URL is the page itself, in whichever of its views. */
export function isPage(url: string): boolean {
  return url.split('#')[0] === PAGE_URL;
}

/** Whether a download was made by our own page: a blob of our origin, never something fetched. */
export function isOwnBlob(url: string): boolean {
  return url.startsWith(`blob:${APP_ORIGIN}/`);
}

export function mayOpenExternally(url: string): boolean {
  const parsed = parse(url);
  if (parsed?.protocol !== 'https:' || parsed.username !== '' || parsed.port !== '') return false;
  return EXTERNAL_HOSTS.has(parsed.hostname);
}

function parse(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
