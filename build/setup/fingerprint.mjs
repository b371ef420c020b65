/** Whether anything changed since a step was last done: a digest of its inputs, kept beside its output. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * All files below the given files and folders, sorted, so that the digest does not depend on the file system.
 * @param {string} path
 * @returns {string[]}
 */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== 'node_modules')
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/**
 * Digest of names and contents, with `extra` (versions, for instance) mixed in.
 * @param {string} root
 * @param {string[]} inputs files and folders below root
 */
export function fingerprint(root, inputs, extra = '') {
  const hash = createHash('sha256').update(extra);
  for (const file of inputs.flatMap((input) => filesBelow(join(root, input)))) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/**
 * Runs `step` unless `output` exists and `stamp` holds this digest; the stamp is written only after success.
 * @param {string} stamp
 * @param {string} digest
 * @param {string} output
 * @param {() => void} step
 * @returns whether the step was run
 */
export function unlessDone(stamp, digest, output, step) {
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return false;
  step();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, digest);
  return true;
}
