/** English words of a comparison; their shape is the shape of every language. */
import type { CautionCode } from '../compare/cautions.ts';
import type { Figure } from '../compare/figures.ts';
import type { MachineFact } from '../machine.ts';
import type { RatioText } from './comparison.ts';
import type { WarningText } from './warning.ts';

const figures: Record<Figure, string> = {
  messages_per_s: 'Messages per second',
  bytes_per_s: 'Bytes per second',
  p50_ns: 'Latency p50',
  p90_ns: 'Latency p90',
  p99_ns: 'Latency p99',
  p99_9_ns: 'Latency p99.9',
  max_ns: 'Latency max',
  cpu_ns_per_message: 'CPU time per message',
  switches_per_message: 'Context switches per message',
  errors: 'Errors',
};

const facts: Record<MachineFact, string> = {
  host: 'machine',
  os: 'operating system',
  release: 'kernel',
  arch: 'architecture',
  cpu_model: 'CPU model',
  cpus: 'number of CPUs',
  clock: 'clock',
};

/** `who` names the sides that it is about, `detail` what else there is to name. */
const cautions: Record<CautionCode, (who: string, detail: string) => WarningText> = {
  machines_differ: (_, detail) => ({
    cause: `The runs come from different machines or systems: ${detail} differ.`,
    effect: 'A difference between the figures may be one between the machines.',
    remedy: 'Measure all of them again on one machine.',
  }),
  machine_unknown: (who) => ({
    cause: `The recording does not say on which machine it was measured: ${who}.`,
    effect: 'Nobody can tell whether the machines were the same.',
    remedy: 'Measure it again if you are not sure.',
  }),
  cut_short: (who) => ({
    cause: `Ended before its time: ${who}.`,
    effect: 'Its figures are those of a part of the session, and of how it ended.',
    remedy: 'Measure it again to the end.',
  }),
  faults: (who) => ({
    cause: `Messages were lost, corrupted or out of order: ${who}.`,
    effect: 'Throwing messages away is fast: its rate is not that of a working channel.',
    remedy: 'Compare rates only where every message arrived.',
  }),
  disturbed: (who) => ({
    cause: `Changed, stopped or killed while it ran: ${who}.`,
    effect: 'Its figures mix what was before with what was after.',
    remedy: 'Measure each setting in a run of its own.',
  }),
  latency_kinds_differ: () => ({
    cause: 'Some runs measure latency one way, others as a round trip.',
    effect: 'A round trip holds two messages and two wake-ups: the latencies are not of the same thing.',
    remedy: 'Compare latencies of runs of the same pattern.',
  }),
  patterns_differ: () => ({
    cause: 'The runs have different patterns.',
    effect:
      'In ping-pong a message waits for its answer: its rate is bound by latency, and counts round trips.',
    remedy: 'Compare rates of runs of the same pattern.',
  }),
  sizes_differ: () => ({
    cause: 'The messages have different sizes.',
    effect: 'Fewer large messages may carry more: messages and bytes per second can point opposite ways.',
    remedy: 'Look at both, or compare runs of one size.',
  }),
  verify_differs: () => ({
    cause: 'The runs do not verify their messages equally.',
    effect: 'Checking the contents costs time at the consumer, more of it the larger the messages.',
    remedy: 'Measure with the same verification.',
  }),
  rate_limited: (who) => ({
    cause: `Sent at a set rate: ${who}.`,
    effect: 'Its rate says what was asked for, not what the channel can do.',
    remedy: 'Compare its latency, or measure at full speed.',
  }),
  unstable: (who, detail) => ({
    cause: `The rate changed by more than ${detail} times from one part of the measurement to another: ${who}.`,
    effect: 'One number says little about it, and another run may come out differently.',
    remedy: 'Measure longer or again, with other programs closed and the processes placed on CPUs.',
  }),
  rounds_differ: (who, detail) => ({
    cause: `The rate of the fastest round is more than ${detail} times that of the slowest: ${who}.`,
    effect: 'The rounds do not agree, and their median may be chance.',
    remedy: 'Close other programs, place the processes on CPUs, or measure longer and more often.',
  }),
  noise: (who) => ({
    cause: `The interval of the ratio includes 1: ${who}.`,
    effect: 'By throughput it cannot be told apart from the baseline; the difference may be noise.',
    remedy: 'Measure longer, or repeat both in turns: ipc-scope compare.',
  }),
  no_spread: (who) => ({
    cause: `Too short a measurement to tell how far its rate varies: ${who}.`,
    effect: 'The ratio has no interval, and may be chance.',
    remedy: 'Measure for at least a second.',
  }),
  warned: (who, detail) => ({
    cause: `Had warnings of its own: ${who}.`,
    effect: detail,
    remedy: 'Look into it before you rely on the figures.',
  }),
};

const thing = (roundTrips: boolean): string => (roundTrips ? 'round trips' : 'messages');

export const english = {
  figures,
  facts,
  cautions,
  and: (words: readonly string[]): string =>
    words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`,
  side: (letter: string, name: string): string => (name === '' ? letter : `${letter} (${name})`),
  /** Stands before `the messages`, `that`. */
  times: ({ ratio, interval, fraction }: RatioText): string => {
    const unit = fraction ? '' : ' times';
    const told = interval === '' ? `about ${ratio}${unit}` : `${ratio}${unit} (${interval})`;
    return fraction ? `${told} of` : told;
  },
  /** `bytes`: how many times the bytes, where that says something else; empty where it does not. */
  rate: (side: string, base: string, times: string, roundTrips: boolean, bytes: string): string =>
    `${side} ${roundTrips ? 'completes' : 'delivers'} ${times} the ${thing(roundTrips)}${bytes === '' ? '' : ` and ${bytes} the bytes`} of ${base}`,
  best: (count: string, side: string, base: string, times: string, roundTrips: boolean): string =>
    `Of ${count} runs, ${side} has the most ${thing(roundTrips)} per second, ${times} those of ${base}`,
  bestIsBase: (count: string, base: string, next: string, times: string, roundTrips: boolean): string =>
    `Of ${count} runs, ${base} has the most ${thing(roundTrips)} per second; next comes ${next} with ${times} that`,
  alike: (side: string, base: string, interval: string): string =>
    `${side} and ${base} cannot be told apart by their throughput (ratio ${interval})`,
  alikeBest: (count: string, side: string, base: string, interval: string): string =>
    `Of ${count} runs, ${side} and ${base} are the fastest and cannot be told apart by their throughput (ratio ${interval})`,
  latency: (times: string, base: string): string => `its p99 latency is ${times} that of ${base}`,
  latencyAlike: (interval: string): string => `their p99 latencies cannot be told apart (ratio ${interval})`,
  latencyOf: (side: string, times: string, base: string): string =>
    `the p99 latency of ${side} is ${times} that of ${base}`,
  lowest: (side: string, base: string, times: string): string =>
    `${side} has the lowest p99 latency, ${times} that of ${base}`,
  lowestIsBase: (base: string): string => `${base} has the lowest p99 latency`,
  differ: (settings: readonly string[], more: number): string => {
    const named = english.and(settings);
    const rest = more === 1 ? ' and one more setting' : ` and ${more} more settings`;
    return `they differ in ${more === 0 ? named : settings.join(', ') + rest}`;
  },
  same: 'their settings are the same',
  sentence: (parts: readonly string[]): string => {
    const text = parts.join('; ');
    return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  },
  /** Of tables and files. */
  titles: {
    comparison: 'Comparison',
    run: 'Run',
    when: 'Measured',
    id: 'ID',
    figure: 'Figure',
    setting: 'Setting',
    cautions: 'Before you believe it',
    baseline: 'baseline',
    differs: 'differs',
    spread:
      'In brackets: the 95 % interval of the ratio, from how the figures changed within each run. Another run may lie outside it.',
    rounds: (rounds: string): string =>
      `Medians of ${rounds} rounds measured in turns; in brackets, how far the ratio moved from round to round.`,
  },
};

export type ComparisonTexts = typeof english;
