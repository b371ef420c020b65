/** What a reader of a comparison has to know before believing it. */
import { errorsOf } from '../series.ts';
import { isStable, spreadOf } from '../spread.ts';
import { MACHINE_FACTS, type MachineFact } from '../machine.ts';
import { hasSpread, isApart, type Ratio } from './resample.ts';
import type { Side } from './side.ts';

export const CAUTION_CODES = [
  'machines_differ',
  'machine_unknown',
  'cut_short',
  'faults',
  'disturbed',
  'latency_kinds_differ',
  'patterns_differ',
  'sizes_differ',
  'verify_differs',
  'rate_limited',
  'unstable',
  'rounds_differ',
  'noise',
  'no_spread',
  'warned',
] as const;
export type CautionCode = (typeof CAUTION_CODES)[number];

export interface Caution {
  code: CautionCode;
  /** Which sides it is about; empty: the comparison as a whole. */
  sides: number[];
  /** Of machines_differ: in what. */
  facts?: MachineFact[];
  /** Of warned: the codes of the warnings. */
  warnings?: string[];
}

/** Parts of the measured time whose rates are held against each other. */
const PARTS = 5;

/** The cautions that hold, the gravest first. `rates`: ratios of messages per second by side, the baseline's undefined. */
export function cautionsOf(sides: readonly Side[], rates: readonly (Ratio | undefined)[]): Caution[] {
  const which = (holds: (side: Side, index: number) => boolean): number[] =>
    sides.flatMap((side, index) => (holds(side, index) ? [index] : []));
  const differ = (of: (side: Side) => unknown): number[] =>
    new Set(sides.map(of)).size > 1 ? sides.map((_, index) => index) : [];
  const summary = (side: Side): Side['summaries'][0] => side.summaries[0];
  const option = (name: string) => (side: Side) => summary(side).options[name];

  const machines = sides.flatMap(({ machine }) => machine ?? []);
  const facts = MACHINE_FACTS.filter((fact) => new Set(machines.map((machine) => machine[fact])).size > 1);
  const about: Record<CautionCode, number[]> = {
    machines_differ: facts.length > 0 ? which(({ machine }) => machine !== null) : [],
    machine_unknown: which(({ machine }) => machine === null),
    cut_short: which(({ summaries }) =>
      summaries.some(({ ended_by }) => ended_by === 'peer_exit' || ended_by === 'error'),
    ),
    faults: which(({ summaries }) => summaries.some(({ integrity }) => errorsOf(integrity) > 0)),
    disturbed: which(({ disturbed }) => disturbed),
    latency_kinds_differ: differ((side) => summary(side).latency.kind),
    patterns_differ: differ((side) => summary(side).pattern),
    sizes_differ: differ(option('size_bytes')),
    verify_differs: differ((side) => {
      const { verified, verified_at_times = verified } = summary(side).integrity;
      return `${verified} ${verified_at_times}`;
    }),
    rate_limited: which((side) => Number(option('rate_per_s')(side) ?? 0) > 0),
    unstable: which(({ summaries, stretches }) => summaries.length === 1 && isUnstable(stretches)),
    rounds_differ: which(
      ({ summaries }) =>
        summaries.length > 1 && !isStable(spreadOf(summaries.map((one) => one.messages_per_s))),
    ),
    noise: which((_, index) => {
      const ratio = rates[index];
      return ratio !== undefined && hasSpread(ratio) && !isApart(ratio);
    }),
    no_spread: which((_, index) => {
      const ratio = rates[index];
      return ratio !== undefined && !hasSpread(ratio);
    }),
    warned: which(({ summaries }) => summaries.some(({ warnings }) => warnings.length > 0)),
  };
  const warnings = sides.flatMap(({ summaries }) => summaries.flatMap((one) => one.warnings));
  return CAUTION_CODES.filter((code) => about[code].length > 0).map((code): Caution => ({
    code,
    sides: about[code],
    ...(code === 'machines_differ' ? { facts } : {}),
    ...(code === 'warned' ? { warnings: [...new Set(warnings.map((warning) => warning.code))] } : {}),
  }));
}

/** Whether the parts of a run lie so far apart that they are no measurement of one thing. */
function isUnstable(stretches: Side['stretches']): boolean {
  if (stretches.length < PARTS) return false;
  const seconds = stretches.reduce((sum, stretch) => sum + stretch.seconds, 0);
  const parts = Array.from({ length: PARTS }, () => ({ messages: 0, seconds: 0 }));
  let before = 0;
  for (const stretch of stretches) {
    const part = parts[Math.min(PARTS - 1, Math.floor(((before + stretch.seconds / 2) / seconds) * PARTS))];
    before += stretch.seconds;
    if (part === undefined || Number.isNaN(stretch.values.messages_per_s)) continue;
    part.messages += stretch.values.messages_per_s * stretch.seconds;
    part.seconds += stretch.seconds;
  }
  const measured = parts.filter((part) => part.seconds > 0);
  return !isStable(spreadOf(measured.map((part) => part.messages / part.seconds)));
}
