/** What the person has chosen for the next session, checked against what the helper says it can do. */
import type { Choice, Describe, MechanismInfo, OptionInfo } from '#contract/describe';
import type { AppError } from '#contract/errors';
import { checkOption, defaultOf, resolveSpec, type SessionSpec } from '#contract/spec';
import { settle, type Settled } from './settle.ts';

const NONE: ReadonlyMap<string, Choice> = new Map();
const UNSETTLED: ReadonlyMap<string, Settled> = new Map();

export type Draft = number | string | boolean;

export class Setup {
  describe = $state.raw<Describe>();
  /** Values that differ from the defaults, by option name; kept when the mechanism changes. */
  values = $state.raw<Readonly<Record<string, Draft>>>({});
  showAll = $state(false);
  /** What the helper refused of the last start. */
  refused = $state.raw<AppError>();
  /** Grows whenever a start was prevented by a field. */
  attention = $state.raw(0);
  #heeded = 0;
  #mechanism = $state<string>();
  #variant = $state<string>();
  #pattern = $state<string>();
  /** What was chosen stays as it is where it has to yield, and comes back when it may. */
  readonly #settled = $derived.by(() => {
    const { mechanism } = this;
    if (mechanism === undefined) return UNSETTLED;
    return settle(mechanism, (name, values) => {
      const option = mechanism.options.find((candidate) => candidate.name === name);
      const wanted =
        name === 'variant' ? this.#variant : name === 'pattern' ? this.#pattern : this.values[name];
      const usual = option?.kind === 'choice' ? option.default : (values[0] ?? '');
      // A value that is none stays, where it is an option's: its field says what is wrong.
      if (option !== undefined) return wanted === undefined ? usual : String(wanted);
      return values.find((value) => value === wanted) ?? usual;
    });
  });

  get mechanisms(): readonly MechanismInfo[] {
    return this.describe?.mechanisms ?? [];
  }

  get mechanism(): MechanismInfo | undefined {
    return this.mechanisms.find(({ id }) => id === this.#mechanism) ?? this.mechanisms[0];
  }

  get variant(): string {
    return this.#settled.get('variant')?.value ?? '';
  }

  get pattern(): string {
    return this.#settled.get('pattern')?.value ?? '';
  }

  /** Options to show: the everyday ones of the pattern, and those whose value is no longer the default. */
  get options(): OptionInfo[] {
    return (this.mechanism?.options ?? []).filter(
      (option) =>
        this.#applies(option) && (this.showAll || !option.advanced || this.values[option.name] !== undefined),
    );
  }

  #applies({ patterns }: OptionInfo): boolean {
    return patterns === undefined || patterns.includes(this.pattern);
  }

  get hasMore(): boolean {
    return this.mechanism?.options.some(({ advanced }) => advanced) ?? false;
  }

  valueOf(option: OptionInfo): Draft {
    return this.#settled.get(option.name)?.value ?? this.#wanted(option);
  }

  /** The values of variant, pattern or an option that do not go with what was chosen before, and with what they do not. */
  excluded(name: string): ReadonlyMap<string, Choice> {
    return this.#settled.get(name)?.excluded ?? NONE;
  }

  #wanted(option: OptionInfo): Draft {
    return this.values[option.name] ?? defaultOf(option, this.pattern);
  }

  choose(part: 'mechanism' | 'variant' | 'pattern', value: string): void {
    if (part === 'mechanism') this.#mechanism = value;
    else if (part === 'variant') this.#variant = value;
    else this.#pattern = value;
    this.refused = undefined;
  }

  set(option: OptionInfo, value: Draft): void {
    const { [option.name]: _before, ...others } = this.values;
    this.values = value === defaultOf(option, this.pattern) ? others : { ...others, [option.name]: value };
    this.refused = undefined;
  }

  /** What is wrong with the option's value, whether we see it or the helper said so. */
  errorOf(option: OptionInfo): AppError | undefined {
    const checked = checkOption(option, this.valueOf(option));
    if (!checked.ok) return checked.error;
    const { refused } = this;
    return refused?.where === option.name || refused?.where === option.flag ? refused : undefined;
  }

  /** What is chosen now, whether or not it could be started. */
  get draft(): SessionSpec {
    return this.mechanism === undefined ? { mechanism: '', options: {} } : this.#spec(this.mechanism);
  }

  /** The spec to start with; undefined where a field is wrong. */
  check(): SessionSpec | undefined {
    const { describe, mechanism } = this;
    if (describe === undefined || mechanism === undefined) return undefined;
    const spec = this.#spec(mechanism);
    if (resolveSpec(describe, spec).ok) return spec;
    this.attention++;
    return undefined;
  }

  /** Whether a start was prevented that nobody has been led to yet; true once for each. */
  heed(): boolean {
    const fresh = this.attention !== this.#heeded;
    this.#heeded = this.attention;
    return fresh;
  }

  /** Shows what the helper refused at its field; false where it is about none of them. */
  refuse(error: AppError): boolean {
    const option = this.mechanism?.options.find(
      ({ name, flag }) => name === error.where || flag === error.where,
    );
    if (option === undefined) return false;
    this.refused = error;
    this.showAll ||= option.advanced;
    this.attention++;
    return true;
  }

  /** Takes the choices of an earlier session. */
  adopt(spec: SessionSpec): void {
    this.#mechanism = spec.mechanism;
    this.#variant = spec.variant;
    this.#pattern = spec.pattern;
    const options = this.mechanism?.options ?? [];
    this.values = {};
    for (const option of options) {
      const value = spec.options[option.name];
      if (value !== undefined) this.set(option, value);
    }
  }

  #spec(mechanism: MechanismInfo): SessionSpec {
    const options: SessionSpec['options'] = {};
    for (const option of mechanism.options) {
      const value = this.valueOf(option);
      const chosen = this.values[option.name] !== undefined || value !== defaultOf(option, this.pattern);
      if (chosen && this.#applies(option)) options[option.name] = value;
    }
    return { mechanism: mechanism.id, variant: this.variant, pattern: this.pattern, options };
  }
}
