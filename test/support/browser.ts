/** A browser of this machine for the tests that need one. */
export { findBrowser } from '../../build/setup/browser.mjs';
export { BROWSER_FLAGS } from './browser-flags.js';
