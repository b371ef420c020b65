import { describe, expect, it } from 'vitest';
import { describeFrame } from '#contract/test-frames';
import { parseArguments } from './arguments.ts';
import { groupsOf, inTurns } from './compare-plan.ts';
import { texts } from './text.ts';

const [pipe] = describeFrame().mechanisms;
if (pipe === undefined) throw new Error('no mechanism');
const system = describeFrame({ mechanisms: [pipe, { ...pipe, id: 'tcp', variants: ['plain', 'tuned'] }] });

function groups(...argv: string[]) {
  const given = parseArguments(argv);
  return groupsOf(
    system,
    given.words.flatMap((word) => word.split(',')),
    given,
    texts.en,
  );
}

describe('what is compared', () => {
  it('is the mechanisms with each other, once for each size', () => {
    const found = groups('pipe,tcp:tuned', '--size', '64,1KiB', '--rate', '10k');
    expect(found).toEqual(
      [64, 1024].map((size_bytes) => [
        { mechanism: 'pipe', options: { size_bytes, rate: 10_000, duration_ms: 1000 } },
        { mechanism: 'tcp', variant: 'tuned', options: { size_bytes, rate: 10_000, duration_ms: 1000 } },
      ]),
    );
  });

  it('is the sizes with each other where there is one mechanism', () => {
    const [found] = groups('pipe', '--size', '64,64KiB', '--duration', '2s');
    expect(found?.map(({ options }) => options['size_bytes'])).toEqual([64, 65_536]);
    expect(found?.map(({ options }) => options['duration_ms'])).toEqual([2000, 2000]);
  });

  it.each([
    [['pipe'], 'usage'],
    [['pipe', '--size', '64'], 'usage'],
    [['pipe,pigeon'], 'unknown_mechanism'],
    [['pipe,tcp:swift'], 'not_a_choice'],
    [['pipe,tcp', '--size', '64,big'], 'not_a_number'],
    [['pipe,tcp', '--size', ','], 'not_a_number'],
    [['pipe,tcp', '--wingspan', '3'], 'unknown_flag'],
    [[Array<string>(27).fill('pipe').join(',')], 'usage'],
  ])('refuses %j', (argv, code) => {
    expect(() => groups(...argv)).toThrow(
      expect.objectContaining({ error: expect.objectContaining({ code }) }),
    );
  });

  it('goes in turns: nobody always first, nor always after the same one', () => {
    const rounds = Array.from({ length: 6 }, (_, round) => inTurns(['a', 'b', 'c'], round).join(''));
    expect(rounds).toEqual(['abc', 'bca', 'cab', 'cba', 'acb', 'bac']);
    expect(inTurns([], 3)).toEqual([]);
  });
});
