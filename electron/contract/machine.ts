/** Which machine a run was measured on, as far as figures depend on it; nothing in it names a person. */
import * as v from 'valibot';
import { uint } from './numbers.ts';

const word = v.pipe(v.string(), v.maxLength(200));

export const MachineSchema = v.object({
  /** Tells machines apart without naming them: a keyed hash, never a name or an address. */
  host: word,
  /** linux, darwin, windows. */
  os: word,
  /** Of the kernel. */
  release: word,
  arch: word,
  cpu_model: word,
  /** CPUs that sessions may use. */
  cpus: uint,
  clock: word,
});
export type Machine = v.InferOutput<typeof MachineSchema>;
export type MachineFact = keyof Machine;

export const MACHINE_FACTS = Object.keys(MachineSchema.entries) as MachineFact[];
