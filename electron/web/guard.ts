/**
 * Who may talk to the web shell. It listens on the loopback only, but every program and every web page on this machine
 * can reach that: the token keeps out other users and programs, the Host check keeps out names that were pointed at
 * 127.0.0.1 (DNS rebinding), the Origin check keeps out other pages of the same browser.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, safe in a URL, a cookie and a header. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares without telling by the time it takes how much of a guess was right. */
export function sameSecret(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Browsers send a host's cookies to all its ports, so the port is in the name: two shells do not log each other out. */
export function cookieName(port: number): string {
  return `ipc-scope-${port}`;
}

export function setCookie(port: number, token: string): string {
  return `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`;
}

/** The values of all cookies of that name; a browser may send several. */
export function cookieValues(header: string | undefined, name: string): string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

export function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9_-]+)$/i.exec(header ?? '')?.[1];
}

export class Guard {
  readonly #token: string;
  readonly #port: number;
  readonly #hosts: ReadonlySet<string>;

  constructor(token: string, port: number) {
    this.#token = token;
    this.#port = port;
    // A browser leaves out the port that its scheme implies.
    const names = ['127.0.0.1', 'localhost'];
    this.#hosts = new Set([...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])]);
  }

  hostAllowed(host: string | undefined): boolean {
    return host !== undefined && this.#hosts.has(host.toLowerCase());
  }

  /** The request must come from a page that this very host served. */
  originAllowed(origin: string | undefined, host: string | undefined): boolean {
    return this.hostAllowed(host) && origin?.toLowerCase() === `http://${host?.toLowerCase()}`;
  }

  tokenAllowed(token: string | null | undefined): boolean {
    return typeof token === 'string' && sameSecret(token, this.#token);
  }

  cookieAllowed(header: string | undefined): boolean {
    return cookieValues(header, cookieName(this.#port)).some((value) => this.tokenAllowed(value));
  }
}
