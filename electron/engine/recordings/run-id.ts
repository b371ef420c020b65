/** Names of runs: the moment in UTC, the mechanism, and something random, so that a folder's list is in order of time. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { RunIdSchema } from '#contract/runs';

export function makeRunId(created_ms: number, mechanism: string, random = randomBytes(2)): string {
  const [date = '', time = ''] = new Date(created_ms).toISOString().slice(0, 19).split('T');
  const word =
    mechanism
      .toLowerCase()
      .replace(/[^a-z0-9_]/g, '_')
      .slice(0, 32) || 'run';
  return `${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${word}-${random.toString('hex')}`;
}

export function isRunId(id: unknown): id is string {
  return v.is(RunIdSchema, id);
}

/** What the name alone tells, for a run whose run.json cannot be read. */
export function fromRunId(id: string): { created_ms: number; mechanism: string } {
  const [date = '', time = '', mechanism = ''] = id.split('-');
  const iso = `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`;
  const created_ms = Date.parse(iso);
  return { created_ms: Number.isNaN(created_ms) ? 0 : created_ms, mechanism };
}
