/**
 * The session that shows a newcomer what the app does: a real one, recorded like every other. It starts by itself once, at
 * the very first start, and later only when asked for.
 */
import type { SessionSpec } from '#contract/spec';
import type { App } from '../../app.svelte.ts';

/**
 * Slow enough to follow: the consumer takes a little longer for a message than the producer leaves between two, so
 * within seconds the small buffer fills and the producer has to wait.
 */
export const SLOW_CONSUMER_US = 2500;
const SPEC: SessionSpec = {
  mechanism: 'pipe',
  variant: 'plain',
  pattern: 'stream',
  options: {
    size_bytes: 64,
    rate_per_s: 500,
    capacity_bytes: 16_384,
    consumer_delay_us: SLOW_CONSUMER_US,
    duration_ms: 20_000,
  },
};

export class Demo {
  /** Of the demo that was started last on this page. */
  #id = $state<string>();
  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
  }

  /** The session on the page is the demo. */
  get shown(): boolean {
    return this.#id !== undefined && this.#app.desk.session?.id === this.#id;
  }

  get running(): boolean {
    return this.shown && this.#app.desk.busy;
  }

  /** This system can run it. */
  get possible(): boolean {
    return this.#app.setup.mechanisms.some(({ id }) => id === SPEC.mechanism);
  }

  /** Shows a newcomer, who has no runs and nothing remembered, a session without being asked; once. */
  async greet(): Promise<void> {
    const { settings } = this.#app.preferences;
    if (settings.greeted || settings.last_spec !== null || !this.#startable()) return;
    const runs = await this.#app.host.call('runs.list');
    // The person may have gone on meanwhile.
    if (!runs.ok || runs.value.length > 0 || !this.#startable()) return;
    // Remembered before it runs, so that no second window begins another one.
    await this.#app.preferences.set({ greeted: true });
    await this.start();
  }

  async start(): Promise<void> {
    if (!(await this.#app.desk.start(SPEC))) return;
    this.#id = this.#app.desk.session?.id;
  }

  /** Makes the consumer slow, or as fast as it can be. */
  async pace(slow: boolean): Promise<void> {
    await this.#app.desk.command({
      command: 'set',
      option: 'consumer_delay_us',
      value: slow ? SLOW_CONSUMER_US : 0,
    });
  }

  #startable(): boolean {
    return this.possible && this.#app.route.view === 'start' && !this.#app.desk.busy;
  }
}
