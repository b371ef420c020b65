/** The machine that this engine measures on. */
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { cpus, hostname } from 'node:os';
import type { Describe } from '#contract/describe';
import type { Machine } from '#contract/machine';

export async function machineOf({ system, clock }: Pick<Describe, 'system' | 'clock'>): Promise<Machine> {
  return {
    host: await hostMark(),
    os: system.os,
    release: system.release,
    arch: system.arch,
    cpu_model: (cpus()[0]?.model ?? '').trim().replace(/\s+/g, ' ').slice(0, 200),
    cpus: system.cpus.length,
    clock: clock.name,
  };
}

/**
 * The same on every start of one machine, another one elsewhere, and of no use for finding out which machine it is:
 * machine-id(5) asks that the id itself is never passed on, only what is made of it by a keyed hash.
 */
async function hostMark(): Promise<string> {
  const id = await readFile('/etc/machine-id', 'utf8').catch(() => '');
  return createHmac('sha256', id.trim() || hostname())
    .update('ipc-scope')
    .digest('hex')
    .slice(0, 16);
}
