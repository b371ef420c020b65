/** `ipc-scope serve`: the app in a browser, for machines without a screen or without Electron. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppException, fail } from '#contract/errors';
import type { Engine } from '#engine/engine';
import { lockFolder, type FolderLock } from '#engine/folder-lock';
import { isSet, parseArguments, refuseStrangers, valueOf, type Arguments } from './arguments.ts';
import { showHelp } from './help.ts';
import { folder, rendererFolder, withEngine } from './places.ts';
import type { Terminal } from './terminal.ts';
import { parseNumber, type IntegerOption } from './units.ts';

/** Easy to remember, and registered for nothing that is common. */
const DEFAULT_PORT = 4646;

const PORT: IntegerOption = {
  kind: 'integer',
  name: 'port',
  flag: '--port',
  unit: 'none',
  min: 0,
  max: 65535,
  default: DEFAULT_PORT,
  scale: 'linear',
  live: false,
  advanced: false,
};

export async function serve(argv: readonly string[], terminal: Terminal): Promise<number> {
  const { text } = terminal;
  const given = parseArguments(argv, ['--metrics']);
  if (given.flags.has('--help')) {
    showHelp(terminal, {
      usage: [text.serve.usage],
      about: [text.serve.about],
      flags: [
        ['--port', text.serve.port],
        ['--metrics', text.serve.metrics],
      ],
    });
    return 0;
  }
  refuseStrangers(given, ['--port', '--metrics']);
  const [stranger] = given.words;
  if (stranger !== undefined) fail('usage', text.tooManyWords(stranger), text.seeHelp('serve '));
  const metrics = isSet(given, '--metrics');
  const port = portOf(given);
  if (!existsSync(join(rendererFolder, 'index.html'))) {
    fail('page_not_built', 'the page is not built', 'Run “node build/setup.mjs” first.', {
      where: rendererFolder,
    });
  }
  const lock = lockFolder(folder());
  try {
    return await serveUntilInterrupted(terminal, { port, metrics, lock });
  } finally {
    lock.release();
  }
}

interface ServeOptions {
  port: number | undefined;
  metrics: boolean;
  lock: FolderLock;
}

function serveUntilInterrupted(terminal: Terminal, { port, metrics, lock }: ServeOptions): Promise<number> {
  const { text } = terminal;
  return withEngine(
    terminal,
    async (engine) => {
      const interrupted = new Promise<void>((resolve) => terminal.onInterrupt(resolve));
      const shell = await start(engine, port, metrics);
      lock.announce(new URL(shell.url).host);
      terminal.err(`${text.serve.open}\n`);
      terminal.out(`${shell.url}\n`);
      await interrupted;
      terminal.err(`${text.serve.ending}\n`);
      await shell.close();
      return 0;
    },
    { tidy: true },
  );
}

function portOf(given: Arguments): number | undefined {
  const value = valueOf(given, '--port', '0..65535');
  return value === undefined ? undefined : parseNumber(PORT, value);
}

/** A port that was asked for has to be free; the usual one may be taken. */
async function start(engine: Engine, port: number | undefined, metrics: boolean) {
  // Loaded only here: no other command has to start a server.
  const { startWebShell } = await import('../web/server.ts');
  const options = { engine, rendererFolder, metrics };
  if (port !== undefined) return startWebShell({ ...options, port });
  try {
    return await startWebShell({ ...options, port: DEFAULT_PORT });
  } catch (thrown) {
    if (!(thrown instanceof AppException) || thrown.error.code !== 'port_taken') throw thrown;
    return startWebShell({ ...options, port: 0 });
  }
}
