/** Makes the app's icon in every size that packaging needs from one source, drawn by the browser the tests use. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from './setup/browser.mjs';

const folder = fileURLToPath(new URL('resources', import.meta.url));
/** electron-builder makes .ico and .icns from the largest. */
const SIZE = 1024;

const executablePath = findBrowser();
if (executablePath === undefined)
  throw new Error('The icons need a Chrome, Chromium or Edge to be drawn by.');
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: SIZE, height: SIZE } });
const svg = readFileSync(`${folder}/icon.svg`, 'utf8');
await page.setContent(
  `<style>body{margin:0}svg{display:block;width:${SIZE}px;height:${SIZE}px}</style>${svg}`,
);
writeFileSync(`${folder}/icon.png`, await page.screenshot({ omitBackground: true }));
await browser.close();
