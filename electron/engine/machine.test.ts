import { hostname } from 'node:os';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { MachineSchema } from '#contract/machine';
import { describeFrame } from '#contract/test-frames';
import { machineOf } from './machine.ts';

describe('the machine of a recording', () => {
  it('is the same every time, and names nobody', async () => {
    const machine = await machineOf(describeFrame());
    expect(v.parse(MachineSchema, machine)).toEqual(machine);
    expect(machine).toEqual(await machineOf(describeFrame()));
    expect(machine).toMatchObject({ os: 'linux', release: '6.1', cpus: 2, clock: 'CLOCK_MONOTONIC' });
    expect(machine.host).toMatch(/^[0-9a-f]{16}$/);
    expect(JSON.stringify(machine)).not.toContain(hostname());
  });
});
