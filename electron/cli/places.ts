/** Where the terminal finds helper, data and page, and the engine on them. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openEngine, type Engine } from '#engine/engine';
import { dataFolder, helperPath } from '#engine/folders';
import { ask } from './ask.ts';
import { sayError } from './say-error.ts';
import type { Terminal } from './terminal.ts';

/** The clone's folder: two above electron/cli as well as above dist/cli, where this is bundled to. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

export const rendererFolder = join(root, 'dist', 'renderer');

export function helper(): string {
  return helperPath({ root, platform: process.platform, arch: process.arch, env: process.env });
}

export function folder(): string {
  return dataFolder(process.platform, process.env, homedir());
}

export function version(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

function open({ record = true, tidy = false } = {}): Promise<Engine> {
  return openEngine({
    helper: helper(),
    folder: folder(),
    record,
    tidy,
    app: {
      host: 'web',
      version: version(),
      runtime: `Node ${process.versions.node}`,
      platform: process.platform,
      system_locale: Intl.DateTimeFormat().resolvedOptions().locale,
      data_folder: folder(),
    },
  });
}

/** Opens an engine for as long as the work lasts, and says what was found amiss at its start. */
export async function withEngine<T>(
  terminal: Terminal,
  work: (engine: Engine) => Promise<T>,
  options = {},
): Promise<T> {
  const engine = await open(options);
  try {
    for (const problem of await ask(engine, 'app.problems')) sayError(terminal, problem);
    return await work(engine);
  } finally {
    await engine.close();
  }
}
