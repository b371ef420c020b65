/** What `ipc-helper describe` answers: everything this system can do, so that no other place lists it again. */
import * as v from 'valibot';
import { count, uint } from './numbers.ts';

/** The protocol between helper and engine; a helper that speaks another one is refused. */
export const PROTOCOL = 1;

const optionBase = {
  /** Name in the session spec, with its unit: `size_bytes`. */
  name: v.string(),
  /** Flag of the helper and the terminal: `--size`. Every flag takes exactly one value. */
  flag: v.string(),
  /** May be changed with `set NAME VALUE` while the session runs. */
  live: v.boolean(),
  /** Shown only when a person asks for all options. */
  advanced: v.boolean(),
  /** The patterns that it means something in; absent: all. */
  patterns: v.optional(v.array(v.string())),
};

export const OptionInfoSchema = v.variant('kind', [
  v.object({
    ...optionBase,
    kind: v.literal('integer'),
    unit: v.picklist(['bytes', 'messages', 'ms', 'us', 'per_second', 'processes', 'none']),
    min: v.number(),
    max: v.number(),
    default: v.number(),
    scale: v.picklist(['linear', 'log']),
    /** Where a pattern has another default than the others: its default, by pattern. */
    pattern_defaults: v.optional(v.record(v.string(), v.number())),
    /** What 0 stands for, where it is not simply nought. */
    zero: v.optional(
      v.picklist(['unlimited', 'full_speed', 'system_default', 'off', 'by_pattern', 'by_kind']),
    ),
  }),
  v.object({ ...optionBase, kind: v.literal('choice'), values: v.array(v.string()), default: v.string() }),
  v.object({ ...optionBase, kind: v.literal('boolean'), default: v.boolean() }),
  v.object({
    ...optionBase,
    /** One of the words, or a comma-separated list of CPU numbers, one for each process in turn. */
    kind: v.literal('placement'),
    words: v.array(v.string()),
    default: v.string(),
  }),
]);
export type OptionInfo = v.InferOutput<typeof OptionInfoSchema>;

const ChoiceSchema = v.object({
  /** `variant`, `pattern`, or the name of an option that is a choice. */
  name: v.string(),
  value: v.string(),
});
export type Choice = v.InferOutput<typeof ChoiceSchema>;

export const MechanismInfoSchema = v.object({
  id: v.string(),
  family: v.picklist(['message_passing', 'shared_memory', 'notification']),
  variants: v.array(v.string()),
  patterns: v.array(v.string()),
  options: v.array(OptionInfoSchema),
  /** Pairs of choices that no session can have at once; absent in answers of helpers that did not tell yet. */
  exclusions: v.optional(v.array(v.tuple([ChoiceSchema, ChoiceSchema]))),
});
export type MechanismInfo = v.InferOutput<typeof MechanismInfoSchema>;

export const DescribeSchema = v.object({
  t: v.literal('describe'),
  protocol: v.number(),
  /** Version of the helper, for instance `0.1.0`. */
  helper: v.string(),
  system: v.object({
    os: v.string(),
    release: v.string(),
    arch: v.string(),
    cpus: v.array(uint),
    page_bytes: count,
  }),
  clock: v.object({ name: v.string(), resolution_ns: v.number(), cost_ns: v.number() }),
  /** Limits asked of the system, by name with unit: `pipe_max_bytes`, `open_files`, … */
  limits: v.record(v.string(), v.number()),
  mechanisms: v.array(MechanismInfoSchema),
});
export type Describe = v.InferOutput<typeof DescribeSchema>;
