/** From what a sweep asks for to its cells: what this system can do of it, and what it cannot, by the rules of spec.ts. */
import type { Describe } from './describe.ts';
import { fail, type AppError } from './errors.ts';
import { mechanismOf, resolveSpec, type SessionSpec } from './spec.ts';
import {
  SWEEP_LIMITS,
  type LeftOut,
  type SweepCell,
  type SweepChannel,
  type SweepPlan,
  type SweepSpec,
} from './sweep.ts';

/** Starting the processes, calibrating and ending them, ms: what a measurement takes besides, until some were made. */
const USUAL_COST_MS = 250;

/** The cells in the order in which they were asked for: channel by channel, pattern by pattern, by size. */
export function planOf(describe: Describe, spec: SweepSpec): SweepPlan {
  const plan: SweepPlan = { cells: [], left_out: [] };
  for (const channel of distinct(spec.channels, ({ mechanism, variant }) => `${mechanism} ${variant}`)) {
    for (const pattern of distinct(spec.patterns)) {
      const refused = new Map<string, LeftOut>();
      for (const size_bytes of distinct(spec.sizes_bytes)) {
        const cell: SweepCell = { ...channel, pattern, size_bytes };
        const error = whyNot(describe, spec, cell);
        if (error === undefined) plan.cells.push(cell);
        else {
          // One entry for all sizes that are refused for one reason.
          const reason = `${error.code} ${error.where}`;
          const entry = refused.get(reason) ?? { ...channel, pattern, sizes_bytes: [], error };
          entry.sizes_bytes.push(size_bytes);
          refused.set(reason, entry);
        }
      }
      plan.left_out.push(...refused.values());
    }
  }
  return plan;
}

/** The plan of a sweep that is to be started; refuses one with nothing in it, and one that would have no end. */
export function checkedPlan(describe: Describe, spec: SweepSpec): SweepPlan {
  const plan = planOf(describe, spec);
  const [first] = plan.left_out;
  if (plan.cells.length === 0) {
    fail('sweep_empty', 'this system can do none of these combinations', 'Choose others.', {
      ...(first?.error.where === undefined ? {} : { where: first.error.where }),
    });
  }
  if (plan.cells.length > SWEEP_LIMITS.cells) {
    fail('out_of_range', 'these are too many combinations for one sweep', 'Choose fewer.', {
      where: 'cells',
      value: String(plan.cells.length),
      allowed: `1..${SWEEP_LIMITS.cells}`,
    });
  }
  return plan;
}

/** The session that measures a cell. */
export function sessionOf(describe: Describe, spec: SweepSpec, cell: SweepCell): SessionSpec {
  const { mechanism, variant, pattern, size_bytes } = cell;
  const known = mechanismOf(describe, mechanism);
  const idle = new Set(
    known.ok
      ? known.value.options
          .filter(({ patterns }) => patterns !== undefined && !patterns.includes(pattern))
          .map(({ name }) => name)
      : [],
  );
  // What means nothing in this pattern (the number of producers of a stream) is not said to it.
  const shared = Object.fromEntries(Object.entries(spec.options).filter(([name]) => !idle.has(name)));
  const { duration_ms, warmup_ms } = spec;
  return { mechanism, variant, pattern, options: { ...shared, size_bytes, duration_ms, warmup_ms } };
}

/** Time that one measurement takes before any was made, ms. */
export function nominalStep_ms({ duration_ms, warmup_ms }: SweepSpec): number {
  return duration_ms + warmup_ms + USUAL_COST_MS;
}

/** `pipe`, `pipe/tuned`: a channel as the terminal and exported files write it. */
export function channelName({ mechanism, variant }: SweepChannel): string {
  return variant === 'plain' ? mechanism : `${mechanism}/${variant}`;
}

function whyNot(describe: Describe, spec: SweepSpec, cell: SweepCell): AppError | undefined {
  if (cell.pattern === 'dialogue') {
    return {
      code: 'not_supported',
      message: 'a dialogue is typed by a person',
      remedy: 'Choose another pattern.',
      where: 'pattern',
      value: cell.pattern,
    };
  }
  const resolved = resolveSpec(describe, sessionOf(describe, spec, cell));
  return resolved.ok ? undefined : resolved.error;
}

function distinct<T>(values: readonly T[], key: (value: T) => unknown = (value) => value): T[] {
  return [...new Map(values.map((value) => [key(value), value])).values()];
}
