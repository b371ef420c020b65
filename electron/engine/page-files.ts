/**
 * The page's files and the headers they are served with: one place for the desktop's app:// and the web shell, so that
 * both keep the same content security policy and the same walls around the folder.
 */
import { readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';

export interface PageAnswer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array<ArrayBuffer>;
}

const MIME: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};

/**
 * The policy of every page: our own files and nothing else, no inline script, no inline style, no frame around it.
 * @param connect What the page may connect to besides its own origin, for instance `ws://127.0.0.1:8080`.
 */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "worker-src 'self'",
    `connect-src ${["'self'", ...connect].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** What every answer carries, whatever its status. */
export function pageHeaders(policy: string): Record<string, string> {
  return {
    'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  };
}

/**
 * The file's path below the folder that a URL's path names, or undefined where it names nothing that may be served.
 * Only lexical: symbolic links are followed and checked when the file is read.
 */
export function pagePath(pathname: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (!decoded.startsWith('/')) return undefined;
  const segments = (decoded === '/' ? '/index.html' : decoded).slice(1).split('/');
  // A colon would name a drive or an alternate stream, a leading dot a hidden file, a backslash Windows' own separator.
  const fine = segments.every((segment) => /^[^.\\:\0%][^\\:\0]*$/.test(segment));
  return fine ? segments.join(sep) : undefined;
}

/** Serves GET `pathname` out of the folder; anything that is not a file below it is 404. */
export async function answerPage(folder: string, pathname: string, policy: string): Promise<PageAnswer> {
  const path = pagePath(pathname);
  const body = path === undefined ? undefined : await readBelow(folder, path);
  if (path === undefined || body === undefined) {
    return {
      status: 404,
      headers: { ...pageHeaders(policy), 'Content-Type': 'text/plain; charset=utf-8' },
      body: new TextEncoder().encode('Not found\n'),
    };
  }
  const type = MIME[extname(path).toLowerCase()] ?? 'application/octet-stream';
  return { status: 200, headers: { ...pageHeaders(policy), 'Content-Type': type }, body };
}

async function readBelow(folder: string, path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const top = await realpath(folder);
    const file = await realpath(join(top, path));
    if (!file.startsWith(top + sep) || !(await stat(file)).isFile()) return undefined;
    return new Uint8Array(await readFile(file));
  } catch {
    return undefined;
  }
}
