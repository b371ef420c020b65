/** The session on the page: started here or found running, fed from the stream, commanded through the host. */
import type { AppError, Result } from '#contract/errors';
import type { SessionCommand, SessionEvent } from '#contract/session';
import type { SessionSpec } from '#contract/spec';
import type { FromShell } from '#contract/stream';
import type { Host } from '../host/host.ts';
import { LiveSession } from './live-session.svelte.ts';

export class SessionDesk {
  session = $state.raw<LiveSession>();
  /** Why the last start or command was refused; gone as soon as the session goes on to another state. */
  error = $state.raw<AppError>();
  /** A start is under way. */
  starting = $state(false);
  /** Chart updates that the shell merged away because this page was behind. */
  dropped = $state.raw(0);
  readonly #host: Host;
  /** Events that came while a snapshot was being fetched. */
  #held: SessionEvent[] | undefined;

  constructor(host: Host) {
    this.#host = host;
    host.listen((message) => this.#hear(message));
  }

  /** A session is under way. */
  get busy(): boolean {
    return this.session !== undefined && !this.session.over;
  }

  /** Shows the session that is under way, if there is one: after a reload, or when the connection is back. */
  async restore(): Promise<void> {
    this.#held = [];
    if (this.error?.code === 'connection_lost') this.error = undefined;
    const list = await this.#host.call('session.list');
    const running = list.ok ? list.value.at(-1) : undefined;
    const snapshot = running && (await this.#host.call('session.snapshot', { id: running.id }));
    const held = this.#held;
    this.#held = undefined;
    if (snapshot?.ok) this.session = LiveSession.fromSnapshot(snapshot.value);
    else if (list.ok) await this.#closeLost();
    this.#take(held);
  }

  async start(spec: SessionSpec): Promise<boolean> {
    if (this.starting || this.busy) return false;
    this.starting = true;
    this.error = undefined;
    const started = await this.#host.call('session.start', spec);
    this.starting = false;
    if (!started.ok) {
      this.error = started.error;
      return false;
    }
    // The first events may have been here before the answer.
    if (this.session?.id !== started.value.id) this.session = new LiveSession(started.value);
    return true;
  }

  async command(command: SessionCommand): Promise<Result<unknown>> {
    const { session } = this;
    if (session === undefined || session.over) return { ok: true, value: undefined };
    const result = await this.#host.call('session.command', { id: session.id, command });
    this.error = result.ok ? undefined : result.error;
    return result;
  }

  async pauseOrResume(): Promise<Result<unknown>> {
    const state = this.session?.state;
    if (state === 'running') return this.command({ command: 'pause' });
    if (state === 'paused') return this.command({ command: 'resume' });
    return { ok: true, value: undefined };
  }

  #hear(message: FromShell): void {
    if (message.kind !== 'batch') return;
    this.dropped = message.dropped;
    if (this.#held === undefined) this.#take(message.events);
    else this.#held.push(...message.events);
  }

  #take(events: readonly SessionEvent[]): void {
    for (const event of events) {
      if (event.event === 'state' && event.state === 'starting' && event.session !== this.session?.id) {
        this.session = new LiveSession(event.info);
      }
    }
    const { session } = this;
    if (session === undefined) return;
    const own = events.filter((event) => event.session === session.id);
    if (own.some(({ event }) => event === 'state')) this.error = undefined;
    session.take(own);
  }

  /** Shows how a session came out that ended while nobody was connected; the engine keeps it, recorded or not. */
  async #closeLost(): Promise<void> {
    const { session } = this;
    if (session === undefined || session.over) return;
    const last = await this.#host.call('session.snapshot', { id: session.id });
    if (last.ok) this.session = LiveSession.fromSnapshot(last.value);
    else if (last.error.code !== 'connection_lost') {
      // Nobody knows it any more: an engine that started anew, and no recording.
      const info = { ...session.info, state: 'failed' as const };
      session.take([
        { event: 'error', session: session.id, error: last.error, fatal: true },
        { event: 'state', session: session.id, state: 'failed', info },
      ]);
    }
  }
}
