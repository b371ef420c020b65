/** The pairs of choices that `describe` says do not go together, held against what `run` refuses. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Choice, Describe, MechanismInfo } from '../../electron/contract/describe.ts';
import { ask, RunningHelper } from '../support/helper.ts';

let described: Describe;
beforeAll(async () => {
  const [frame] = (await ask('describe')).frames;
  if (frame?.t !== 'describe') throw new Error('describe answered something else');
  described = frame;
});

function mechanism(id: string): MechanismInfo {
  const found = described.mechanisms.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no ${id}`);
  return found;
}

function flagOf({ options }: MechanismInfo, { name }: Choice): string {
  return options.find((option) => option.name === name)?.flag ?? `--${name}`;
}

/** What a short session of these choices, with everything else as it is by default, is refused for. */
async function refusal(one: MechanismInfo, choices: readonly Choice[]): Promise<string | undefined> {
  const words = choices.flatMap((choice) => [flagOf(one, choice), choice.value]);
  const session = new RunningHelper(['run', one.id, ...words, '--messages', '1', '--warmup', '0']);
  const told = await session.until(() => session.of('error')[0] ?? session.of('hello')[0]);
  session.child.kill('SIGTERM');
  await session.ended;
  return told.t === 'error' ? told.code : undefined;
}

describe('exclusions', () => {
  it('are there, and name what describe offers', () => {
    expect(mechanism('shm').exclusions?.length).toBeGreaterThan(0);
    for (const one of described.mechanisms) {
      const offered: Record<string, readonly string[]> = { variant: one.variants, pattern: one.patterns };
      for (const option of one.options) if (option.kind === 'choice') offered[option.name] = option.values;
      for (const { name, value } of (one.exclusions ?? []).flat()) expect(offered[name]).toContain(value);
    }
  });

  it.each(['pipe', 'unix', 'tcp', 'udp', 'mq', 'shm', 'signal'])(
    'run refuses every one of them: %s',
    async (id) => {
      const one = mechanism(id);
      for (const pair of one.exclusions ?? []) {
        expect({ pair, code: await refusal(one, pair) }).toEqual({ pair, code: 'not_supported' });
      }
    },
    60_000,
  );

  it.each(['pipe', 'udp', 'mq', 'signal'])(
    'of variants and patterns, run takes every pair that is not among them: %s',
    async (id) => {
      const one = mechanism(id);
      const told = new Set((one.exclusions ?? []).map((pair) => pair.map(({ value }) => value).join(' ')));
      for (const variant of one.variants) {
        for (const pattern of one.patterns) {
          if (told.has(`${variant} ${pattern}`)) continue;
          const pair = [
            { name: 'variant', value: variant },
            { name: 'pattern', value: pattern },
          ];
          expect({ pair, code: await refusal(one, pair) }).toEqual({ pair, code: undefined });
        }
      }
    },
    60_000,
  );

  it('do not name what only a default beside it forbids: the tuned ring, whose usual way to wait is another', () => {
    const pairs = mechanism('shm').exclusions ?? [];
    const named = ({ name, value }: Choice) => `${name} ${value}`;
    const said = pairs.map((pair) => pair.map(named).join(', '));
    expect(said).toContain('variant tuned, sync mutex');
    expect(said).toContain('sync futex, buffering rendezvous');
    expect(said).not.toContain('variant tuned, sync futex');
    expect(said).not.toContain('variant tuned, pattern stream');
    expect(said).not.toContain('sync mutex, buffering rendezvous');
  });
});
