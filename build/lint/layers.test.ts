import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { whyRefused } from './layers.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const why = (file: string, source: string): string | undefined => whyRefused(root + file, source);

describe('layers', () => {
  it.each([
    ['electron/contract/frames.ts', '../engine/engine.ts'],
    ['electron/contract/frames.ts', '#engine/engine'],
    ['electron/contract/frames.ts', 'node:fs'],
    ['electron/contract/frames.ts', '#report/svg'],
    ['electron/report/svg.ts', '#engine/engine'],
    ['electron/report/svg.ts', '../../renderer/src/charts/min-max.ts'],
    ['electron/report/svg.ts', 'node:crypto'],
    ['electron/engine/engine.ts', 'electron'],
    ['electron/engine/engine.ts', '../desktop/main.ts'],
    ['electron/web/server.ts', 'electron'],
    ['electron/cli/main.ts', 'electron/main'],
    ['electron/desktop/main.ts', '../web/server.ts'],
    ['electron/preload/preload.ts', '#engine/engine'],
    ['renderer/src/App.svelte', '#engine/engine'],
    ['renderer/src/App.svelte', '../../electron/web/server.ts'],
    ['renderer/src/App.svelte', 'node:fs'],
  ])('refuse that %s imports %s', (file, source) => {
    expect(why(file, source)).toBeDefined();
  });

  it.each([
    ['electron/engine/engine.ts', '#contract/frames'],
    ['electron/engine/engine.ts', './helper/process.ts'],
    ['electron/engine/recordings/export.ts', '#report/html'],
    ['electron/cli/runs.ts', '#report/html'],
    ['electron/report/svg.ts', '#contract/series'],
    ['renderer/src/charts/specs.ts', '#report/chart-specs'],
    ['electron/desktop/main.ts', 'electron'],
    ['electron/desktop/main.ts', '#engine/engine'],
    ['electron/preload/preload.ts', 'electron'],
    ['electron/cli/main.ts', '../web/server.ts'],
    ['renderer/src/App.svelte', '#contract/frames'],
    ['renderer/src/App.svelte', 'chart.js'],
    ['test/page/live.test.ts', '../../electron/engine/engine.ts'],
  ])('let %s import %s', (file, source) => {
    expect(why(file, source)).toBeUndefined();
  });
});
