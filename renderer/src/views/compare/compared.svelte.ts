/** The runs that are compared: read one by one, each with what became of it. */
import { compare, type Comparison } from '#contract/compare/comparison';
import { sideOf, type Side } from '#contract/compare/side';
import type { AppError } from '#contract/errors';
import { isOver, type SessionSnapshot } from '#contract/session';
import type { RunInfo } from '#contract/runs';
import type { Host } from '../../host/host.ts';
import { nameOf, runName } from '../runs/run-name.ts';

const BASELINE = 'ipc-scope:compare-baseline';
const REMEMBERED = 'ipc-scope:compared';

type Reading =
  | { state: 'loading' }
  | { state: 'refused'; error: AppError }
  /** Nothing to compare in it yet, or at all. */
  | ({ state: 'running' | 'empty' } & About)
  | ({ state: 'ready'; side: Side; latency_buckets: readonly number[] } & About);

interface About {
  created_ms: number;
  name: string;
  /** What the recording lacks, where it is damaged. */
  errors: readonly AppError[];
}

export type Entry = { id: string } & Reading;
export type ReadyEntry = Extract<Entry, { state: 'ready' }>;

export class Compared {
  /** In the order of the address. */
  ids = $state.raw<readonly string[]>([]);
  /** The runs of the library, for their names. */
  library = $state.raw<readonly RunInfo[]>([]);
  #read = $state.raw<Readonly<Record<string, Reading>>>({});
  #baseline = $state(localStorage.getItem(BASELINE) ?? '');
  readonly #host: Host;

  readonly entries = $derived(
    this.ids.map((id): Entry => {
      const reading = this.#read[id] ?? { state: 'loading' };
      const known = this.library.find((run) => run.id === id);
      return known === undefined || !('name' in reading)
        ? { id, ...reading }
        : { id, ...reading, name: nameOf(known) };
    }),
  );
  /** Those that can be compared, in order; their letters go by this order. */
  readonly ready = $derived(this.entries.filter((entry): entry is ReadyEntry => entry.state === 'ready'));
  readonly baseline = $derived(
    Math.max(
      0,
      this.ready.findIndex(({ id }) => id === this.#baseline),
    ),
  );
  readonly comparison = $derived.by((): Comparison | undefined => {
    // Not while others are still read: the sentence would change under the reader's eyes.
    if (this.ready.length < 2 || this.entries.some(({ state }) => state === 'loading')) return undefined;
    return compare(
      this.ready.map(({ side }) => side),
      this.baseline,
    );
  });

  constructor(host: Host) {
    this.#host = host;
  }

  /** The runs that were compared last, for a visit without an address of its own. */
  static remembered(): string[] {
    return (localStorage.getItem(REMEMBERED) ?? '').split(',').filter(Boolean);
  }

  static remember(ids: readonly string[]): void {
    localStorage.setItem(REMEMBERED, ids.join(','));
  }

  /** Follows the address: reads what was not read yet, and forgets nothing that may come back. */
  async show(ids: readonly string[]): Promise<void> {
    this.ids = ids;
    await Promise.all(ids.filter((id) => this.#read[id] === undefined).map((id) => this.read(id)));
  }

  async read(id: string): Promise<void> {
    this.#put(id, { state: 'loading' });
    const opened = await this.#host.call('runs.open', { id });
    this.#put(id, opened.ok ? readingOf(opened.value) : { state: 'refused', error: opened.error });
  }

  setBaseline(id: string): void {
    this.#baseline = id;
    localStorage.setItem(BASELINE, id);
  }

  #put(id: string, reading: Reading): void {
    this.#read = { ...this.#read, [id]: reading };
  }
}

/** Keeps what a comparison needs; the rest of a long recording would only lie in memory. */
function readingOf(run: SessionSnapshot): Reading {
  const { info, latency_buckets, errors } = run;
  const name = runName(info.spec, run.summary?.options ?? info.spec.options);
  const about: About = { created_ms: info.created_ms, name, errors };
  if (!isOver(info.state)) return { state: 'running', ...about };
  const side = sideOf(run);
  if (side === undefined || side.summaries[0].messages === 0) return { state: 'empty', ...about };
  return { state: 'ready', side, latency_buckets, ...about };
}
