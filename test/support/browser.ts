/** A browser of this machine for the tests that need one. */
export { findBrowser } from '../../build/setup/browser.mjs';

/** Flags for a browser that tests alone drive: nothing is fetched, nothing asked, no graphics card needed. */
export const BROWSER_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
