/** What sessions could leave in the system: compared before and after all suites. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} folder */
function names(folder) {
  try {
    return readdirSync(folder).filter((name) => name.startsWith('ipc-scope-'));
  } catch {
    return [];
  }
}

/** @param {string} kind the rows of one of the System V tables, by key and id (sysvipc(7)) */
function systemV(kind) {
  try {
    const rows = readFileSync(`/proc/sysvipc/${kind}`, 'utf8').trim().split('\n').slice(1);
    return rows.map((row) => `${kind} ${row.trim().split(/\s+/, 2).join(' ')}`);
  } catch {
    return [];
  }
}

/**
 * Objects of the kernel and files that sessions make, and processes of the helper.
 * @param {string} root
 * @returns {string[]}
 */
export function kernelObjects(root) {
  const runtime = process.env['XDG_RUNTIME_DIR'];
  const runFolder = runtime?.startsWith('/')
    ? join(runtime, 'ipc-scope')
    : `/tmp/ipc-scope-${process.getuid?.() ?? 0}`;
  const folders = ['/dev/shm', '/dev/mqueue', runFolder];
  const processes = spawnSync('pgrep', ['-f', `${root}dist/.*ipc-helper`], { encoding: 'utf8' }).stdout ?? '';
  return [
    ...folders.flatMap((folder) => names(folder).map((name) => join(folder, name))),
    ...['msg', 'shm', 'sem'].flatMap(systemV),
    ...processes
      .split('\n')
      .filter(Boolean)
      .map((pid) => `process ${pid}`),
  ];
}
