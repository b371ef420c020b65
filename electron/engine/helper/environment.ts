/** The helper's environment: what it needs to find its folders and its language, and nothing that a shell happened to export. */
import type { Environment } from '../folders.ts';

const PASSED_ON = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'LC_MESSAGES',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  // Windows: without SystemRoot, sockets and the C run-time cannot be loaded.
  'SystemRoot',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERPROFILE',
  'LOCALAPPDATA',
  // Sanitizers of a test build.
  'ASAN_OPTIONS',
  'UBSAN_OPTIONS',
  'TSAN_OPTIONS',
];

export function helperEnvironment(env: Environment): Record<string, string> {
  const own: Record<string, string> = {};
  for (const name of PASSED_ON) {
    const value = env[name];
    if (value !== undefined) own[name] = value;
  }
  return own;
}
