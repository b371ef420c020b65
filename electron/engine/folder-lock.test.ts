import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppException, type AppError } from '#contract/errors';
import { lockFolder } from './folder-lock.ts';
import { startOf } from './is-alive.ts';

let folder: string;
let other: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ipc-scope-lock-'));
});
afterEach(() => {
  other?.kill('SIGKILL');
  other = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'app.lock');
const plant = (owner: object | string) =>
  writeFileSync(file(), typeof owner === 'string' ? owner : JSON.stringify(owner));
const ownerOf = () => JSON.parse(readFileSync(file(), 'utf8')) as { pid: number; address: string | null };

function living(): number {
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  return other.pid ?? NaN;
}

function refusal(): AppError | undefined {
  try {
    lockFolder(folder).release();
    return undefined;
  } catch (thrown) {
    return thrown instanceof AppException ? thrown.error : undefined;
  }
}

describe('the lock of a data folder', () => {
  it('is a file of the owner alone, gone when it is released', () => {
    const lock = lockFolder(folder);
    expect(ownerOf()).toMatchObject({ pid: process.pid, address: null });
    lock.announce('127.0.0.1:4646');
    expect(ownerOf()).toMatchObject({ pid: process.pid, address: '127.0.0.1:4646' });
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600);
    lock.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses beside a living app, and says where that is', () => {
    const pid = living();
    plant({ pid, start: startOf(pid), address: '127.0.0.1:4646' });
    expect(refusal()).toMatchObject({ code: 'already_running', where: '127.0.0.1:4646', value: String(pid) });
    plant({ pid, start: startOf(pid), address: null });
    expect(refusal()).toMatchObject({ code: 'already_running', value: String(pid) });
    expect(readdirSync(folder)).toEqual(['app.lock']);
  });

  it('is taken over from an app that has ended', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    plant({ pid, start: null, address: null });
    expect(refusal()).toBeUndefined();
    plant('');
    expect(refusal()).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')(
    'is taken over where another process has the number of the one that has ended',
    () => {
      plant({ pid: living(), start: '1', address: null });
      expect(refusal()).toBeUndefined();
    },
  );

  it('is not released for somebody else', () => {
    const lock = lockFolder(folder);
    const pid = living();
    plant({ pid, start: startOf(pid), address: null });
    lock.announce('127.0.0.1:1');
    lock.release();
    expect(ownerOf()).toMatchObject({ pid, address: null });
  });

  it('is done without where the folder cannot be written to', () => {
    chmodSync(folder, 0o500);
    const lock = lockFolder(join(folder, 'app.lock', 'not', 'there'));
    lock.announce('127.0.0.1:1');
    lock.release();
    chmodSync(folder, 0o700);
    writeFileSync(join(folder, 'file'), '');
    expect(() => lockFolder(join(folder, 'file')).release()).not.toThrow();
  });
});
