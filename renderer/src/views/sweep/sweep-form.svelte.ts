/** What the person has chosen for the next sweep. */
import type { Describe, OptionInfo } from '#contract/describe';
import type { AppError } from '#contract/errors';
import { checkOption } from '#contract/spec';
import { SWEEP_LIMITS, type SweepChannel, type SweepPlan, type SweepSpec } from '#contract/sweep';
import { nominalStep_ms, planOf } from '#contract/sweep-plan';
import type { Draft } from '../live/setup/setup.svelte.ts';
import type { IntegerOption } from '../live/setup/quantity.ts';
import { presetSpec, PRESETS, type Preset } from './presets.ts';

/** Sizes that are offered; others can be typed. */
const OFFERED = Array.from({ length: 13 }, (_, i) => 4 ** i);

const base = { live: false, advanced: false, kind: 'integer' } as const;

/** How often and how long: the numbers that belong to the sweep itself. */
export const NUMBERS = {
  repetitions: {
    ...base,
    name: 'repetitions',
    flag: '--repeat',
    unit: 'none',
    min: 1,
    max: SWEEP_LIMITS.repetitions,
    default: 3,
    scale: 'linear',
  },
  duration_ms: {
    ...base,
    name: 'duration',
    flag: '--duration',
    unit: 'ms',
    min: SWEEP_LIMITS.duration_ms[0],
    max: SWEEP_LIMITS.duration_ms[1],
    default: 500,
    scale: 'log',
  },
  warmup_ms: {
    ...base,
    name: 'warmup',
    flag: '--warmup',
    unit: 'ms',
    min: SWEEP_LIMITS.warmup_ms[0],
    max: SWEEP_LIMITS.warmup_ms[1],
    default: 100,
    scale: 'log',
  },
} as const satisfies Record<string, IntegerOption>;
export type NumberName = keyof typeof NUMBERS;

export class SweepForm {
  channels = $state.raw<readonly SweepChannel[]>([]);
  sizes = $state.raw<readonly number[]>([]);
  patterns = $state.raw<readonly string[]>([]);
  numbers = $state.raw<Readonly<Record<NumberName, Draft>>>({
    repetitions: 3,
    duration_ms: 500,
    warmup_ms: 100,
  });
  /** Options for all cells that differ from the default, by name. */
  options = $state.raw<Readonly<Record<string, Draft>>>({});
  /** The person has chosen something, or something was chosen for them. */
  filled = false;

  adopt({ channels, sizes_bytes, patterns, repetitions, duration_ms, warmup_ms, options }: SweepSpec): void {
    this.channels = channels;
    this.sizes = sizes_bytes.toSorted((a, b) => a - b);
    this.patterns = patterns;
    this.numbers = { repetitions, duration_ms, warmup_ms };
    this.options = options;
    this.filled = true;
  }

  /** The preset that the choices are, if they are one. */
  presetOf(describe: Describe): Preset | undefined {
    const now = JSON.stringify(this.spec);
    return PRESETS.find((preset) => JSON.stringify(presetSpec(preset, describe)) === now);
  }

  has({ mechanism, variant }: SweepChannel): boolean {
    return this.channels.some((channel) => channel.mechanism === mechanism && channel.variant === variant);
  }

  /** Kept in the order of the catalogue, so that a choice and its way there do not matter. */
  toggleChannel(channel: SweepChannel, describe: Describe): void {
    const wanted = (each: SweepChannel): boolean =>
      this.has(each) !== (each.mechanism === channel.mechanism && each.variant === channel.variant);
    this.channels = describe.mechanisms
      .flatMap(({ id, variants }) => variants.map((variant) => ({ mechanism: id, variant })))
      .filter(wanted);
  }

  toggleSize(size: number): void {
    const others = this.sizes.filter((each) => each !== size);
    const sizes = others.length < this.sizes.length ? others : [...others, size];
    this.sizes = sizes.sort((a, b) => a - b);
  }

  togglePattern(pattern: string, offered: readonly string[]): void {
    this.patterns = offered.filter((each) => this.patterns.includes(each) !== (each === pattern));
  }

  /** Sizes to choose from: the usual ones that anything here takes, and those that were typed. */
  offeredSizes(describe: Describe): number[] {
    const most = Math.max(
      0,
      ...describe.mechanisms.flatMap(({ options }) =>
        options.map((option) => (option.name === 'size_bytes' && option.kind === 'integer' ? option.max : 0)),
      ),
    );
    const usual = OFFERED.filter((size) => size <= most);
    return [...usual, ...this.sizes.filter((size) => !usual.includes(size))].sort((a, b) => a - b);
  }

  /** Options that every chosen mechanism has, and that are not the sweep's own. */
  sharedOptions(describe: Describe): OptionInfo[] {
    const chosen = describe.mechanisms.filter(({ id }) =>
      this.channels.some(({ mechanism }) => mechanism === id),
    );
    const own = ['size_bytes', 'messages', 'duration_ms', 'warmup_ms'];
    const [first, ...others] = chosen;
    return (first?.options ?? []).filter(
      (option) =>
        !option.advanced &&
        option.patterns === undefined &&
        !own.includes(option.name) &&
        others.every(({ options }) =>
          options.some(({ name, kind }) => name === option.name && kind === option.kind),
        ),
    );
  }

  setOption(option: OptionInfo, value: Draft): void {
    const { [option.name]: _before, ...others } = this.options;
    this.options = value === option.default ? others : { ...others, [option.name]: value };
  }

  numberError(name: NumberName): AppError | undefined {
    const checked = checkOption(NUMBERS[name], this.numbers[name]);
    return checked.ok ? undefined : checked.error;
  }

  get valid(): boolean {
    return (Object.keys(NUMBERS) as NumberName[]).every((name) => this.numberError(name) === undefined);
  }

  get spec(): SweepSpec {
    const number = (name: NumberName): number => Number(this.numbers[name]);
    return {
      repetitions: number('repetitions'),
      duration_ms: number('duration_ms'),
      warmup_ms: number('warmup_ms'),
      options: { ...this.options },
      channels: [...this.channels],
      sizes_bytes: [...this.sizes],
      patterns: [...this.patterns],
    };
  }

  /** What would be measured, and how long that would take, ms. */
  planned(describe: Describe): { plan: SweepPlan; steps: number; time_ms: number } {
    const { spec } = this;
    const plan = planOf(describe, spec);
    const steps = this.valid ? plan.cells.length * spec.repetitions : 0;
    return { plan, steps, time_ms: steps * nominalStep_ms(spec) };
  }
}
