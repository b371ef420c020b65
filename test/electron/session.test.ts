/**
 * The app in real Electron, where its program is there (test/run.js says so where it is not): the window opens under
 * its own origin, one session runs, and its figures reach the page over the real MessagePort.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron, type ElectronApplication } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const executablePath = process.env['IPC_SCOPE_ELECTRON'];

describe.skipIf(executablePath === undefined)('in real Electron', () => {
  let app: ElectronApplication;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ipc-scope-electron-'));
    // As if it had been opened before: a newcomer's first session starts by itself.
    writeFileSync(join(folder, 'settings.json'), '{"greeted":true}');
    const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    app = await _electron.launch({
      executablePath: executablePath ?? '',
      args: [...sandbox, root],
      env: { ...process.env, IPC_SCOPE_DATA: folder } as Record<string, string>,
    });
  });

  afterAll(async () => {
    await app.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('opens a sandboxed window under app:// and shows a session from start to summary', async () => {
    const page = await app.firstWindow();
    expect(page.url()).toMatch(/^app:\/\//);
    expect(await page.evaluate(() => typeof (globalThis as { require?: unknown }).require)).toBe('undefined');
    await page.getByTestId('view-live').click();
    await page.getByTestId('start').click();
    await page.locator('[data-testid=state][data-state=running]').waitFor();
    await page.getByTestId('stop').click();
    await page.locator('[data-testid=state][data-state=finished]').waitFor();
    expect(Number(await page.getByTestId('messages').getAttribute('data-value'))).toBeGreaterThan(0);
  });
});
