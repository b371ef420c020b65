/**
 * What charts cost the page: the app's own, painted in the worker and in the page, beside uPlot on the same samples, in
 * turns, in a real Chromium without a graphics card. Four charts of eight series are fed thirty times a second.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir, type as osName } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { findBrowser } from '../../build/setup/browser.mjs';
import { BROWSER_FLAGS } from '../support/browser-flags.js';
import { chartsReport } from './charts-report.js';
import { chartVerdicts } from './charts-goals.js';
import { heapOf } from './charts-heap.js';
import { Progress } from './progress.js';
import { rotated } from './statistics.js';

/**
 * @typedef {'worker' | 'page' | 'uplot'} Name
 * @typedef {{ script_ms: number[]; long_ms: number[]; redraws: number; due: number }} Figures
 * @typedef {{ charts: number; series: number; rows: number; rows_a_redraw: number }} Load
 * @typedef {{ name: Name; ratio: number; load: Load; runs: (Figures & { beacons_ms: number[]; task_ms: number })[] }} Cell
 *   `task_ms`: what all tasks of the page took, drawing or not, for each redraw
 * @typedef {{ minutes: number; before: number; after: number; page: number; worker: number | undefined } & Figures} Long
 *   bytes held after a collection, page and worker together; `page`, `worker`: what each of them has grown by
 */

/** @type {Load} */
export const LOAD = { charts: 4, series: 8, rows: 10_000, rows_a_redraw: 10 };
/** A session of a day: as many rows as the page keeps. */
export const DAY = { ...LOAD, rows: 36_000 };

const WARM_MS = 1500;

/** @returns {Cell[]} */
export function chartCells() {
  /** @type {Name[]} */
  const names = ['worker', 'page', 'uplot'];
  const cells = [1, 2].flatMap((ratio) => names.map((name) => ({ name, ratio, load: LOAD, runs: [] })));
  return [...cells, ...names.map((name) => ({ name, ratio: 1, load: DAY, runs: [] }))];
}

/** The page with everything that draws, built as the app is. */
async function bundle(/** @type {string} */ root, /** @type {string} */ outDir) {
  await build({
    configFile: false,
    root: join(root, 'test/bench/charts-page'),
    base: './',
    logLevel: 'error',
    build: { target: 'chrome140', outDir, emptyOutDir: true, assetsInlineLimit: 0 },
    worker: { format: 'es' },
  });
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @param {number} ratio
 */
async function openPage(browser, address, ratio) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    deviceScaleFactor: ratio,
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => process.stderr.write(`${error.message}\n`));
  await page.goto(address);
  return { page, session: await context.newCDPSession(page), close: () => context.close() };
}

/**
 * A call of what charts-page/page.ts offers.
 * @param {import('playwright-core').Page} page
 * @param {'open' | 'run' | 'beacons'} call
 * @param {unknown[]} args
 * @returns {Promise<unknown>}
 */
const ask = (page, call, ...args) =>
  page.evaluate(`bench.${call}(${args.map((arg) => JSON.stringify(arg)).join()})`);

/**
 * One short run of one contestant in a page of its own.
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @param {Cell} cell
 * @param {{ duration_ms: number; beacons: number }} options
 */
async function runCell(browser, address, { name, ratio, load, runs }, { duration_ms, beacons }) {
  const { page, session, close } = await openPage(browser, address, ratio);
  try {
    await session.send('Performance.enable');
    const busy_s = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find((metric) => metric.name === 'TaskDuration')?.value ?? NaN;
    };
    await ask(page, 'open', name, load);
    await page.waitForTimeout(WARM_MS);
    const before = await busy_s();
    const figures = /** @type {Figures} */ (await ask(page, 'run', duration_ms));
    const task_ms = ((await busy_s()) - before) * (1000 / Math.max(1, figures.redraws));
    const beacons_ms = /** @type {number[]} */ (await ask(page, 'beacons', beacons));
    runs.push({ ...figures, task_ms, beacons_ms });
  } finally {
    await close();
  }
}

/**
 * The app's charts for minutes: what they leave behind.
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @param {number} minutes
 * @param {AbortSignal} signal
 * @returns {Promise<Long>}
 */
async function runLong(browser, address, minutes, signal) {
  const { page, session, close } = await openPage(browser, address, 1);
  try {
    const heap = await heapOf(session);
    await ask(page, 'open', 'worker', LOAD);
    // What is made once, code and pools, is made by then.
    await page.waitForTimeout(Math.min(20_000, minutes * 20_000));
    const before = await heap();
    const began = Date.now();
    /** @type {Figures} */
    const all = { script_ms: [], long_ms: [], redraws: 0, due: 0 };
    while (Date.now() - began < minutes * 60_000 && !signal.aborted) {
      const left_ms = minutes * 60_000 - (Date.now() - began);
      const figures = /** @type {Figures} */ (await ask(page, 'run', Math.min(10_000, left_ms)));
      all.script_ms.push(...figures.script_ms);
      all.long_ms.push(...figures.long_ms);
      all.redraws += figures.redraws;
      all.due += figures.due;
    }
    const after = await heap();
    const sum = (/** @type {{ page: number; worker: number | undefined }} */ held) =>
      held.page + (held.worker ?? 0);
    return {
      ...all,
      minutes: (Date.now() - began) / 60_000,
      before: sum(before),
      after: sum(after),
      page: after.page - before.page,
      worker: after.worker === undefined ? undefined : after.worker - (before.worker ?? 0),
    };
  } finally {
    await close();
  }
}

/**
 * @param {{ root: string; signal: AbortSignal }} place
 * @param {import('./arguments.js').BenchOptions} options
 */
export async function charts({ root, signal }, { repeat, duration_ms, minutes, only }) {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    process.stderr.write('No Chrome, Chromium or Edge was found; IPC_SCOPE_BROWSER may name one.\n');
    return { json: null, markdown: '', failed: true };
  }
  const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-charts-'));
  const cells = chartCells().filter(({ name }) => only === undefined || name.includes(only));
  const progress = new Progress(cells.length * repeat + 1);
  const beacons = duration_ms <= 1000 ? 2 : 6;
  /** @type {Long | undefined} */
  let long;
  try {
    await bundle(root, folder);
    const server = await preview({
      configFile: false,
      root: folder,
      logLevel: 'error',
      build: { outDir: '.' },
      preview: { port: 0, host: '127.0.0.1' },
    });
    const address = server.resolvedUrls?.local[0] ?? '';
    const browser = await chromium.launch({ executablePath, args: BROWSER_FLAGS });
    try {
      for (let round = 0; round < repeat && !signal.aborted; round++) {
        for (const cell of rotated(cells, round)) {
          if (signal.aborted) break;
          progress.step(`${cell.name}, ${cell.load.rows} samples, ratio ${cell.ratio}`);
          await runCell(browser, address, cell, { duration_ms, beacons });
        }
      }
      if (!signal.aborted) {
        progress.step(`heap, ${minutes} min`);
        long = await runLong(browser, address, minutes, signal);
      }
    } finally {
      await browser.close();
      await server.close();
    }
  } finally {
    progress.end();
    rmSync(folder, { recursive: true, force: true });
  }
  const verdicts = chartVerdicts(cells, long);
  const circumstances = {
    date: new Date().toISOString(),
    system: `${osName()} ${release()}`,
    cpu: cpus()[0]?.model ?? '',
    cpus: cpus().length,
    repeat,
    duration_ms,
    stopped: signal.aborted,
  };
  return { ...chartsReport({ circumstances, cells, long, verdicts }), failed: false };
}
