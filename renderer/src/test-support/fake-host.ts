/** A shell that does what a test tells it to. */
import type { Answer, Argument, Caller, ChannelName } from '#contract/channels';
import type { Result } from '#contract/errors';
import { NO_LABEL } from '#contract/runs';
import { DEFAULT_SETTINGS } from '#contract/settings';
import type { FromShell } from '#contract/stream';
import type { SessionEvent } from '#contract/session';
import type { Host } from '../host/host.ts';
import { Listeners } from '../host/listeners.ts';
import { describeAnswer } from './describe.ts';
import { info } from './frames.ts';

type Answers = {
  [Name in ChannelName]?: (argument: Argument<Name>) => Result<unknown> | Promise<Result<unknown>>;
};

export const ok = (value: unknown): Result<unknown> => ({ ok: true, value });

export class FakeHost implements Host {
  readonly calls: { name: ChannelName; argument: unknown }[] = [];
  readonly call: Caller;
  readonly #messages = new Listeners<FromShell>();
  readonly #connection = new Listeners<boolean>();
  #seq = 0;

  constructor(answers: Answers = {}) {
    const usual: Answers = {
      'app.info': () =>
        ok({
          host: 'web',
          version: '0.1.0',
          runtime: 'Node 20',
          platform: 'linux',
          system_locale: 'en',
          data_folder: '/data',
        }),
      'app.problems': () => ok([]),
      'settings.get': () => ok({ ...DEFAULT_SETTINGS, locale: 'en', theme: 'light', greeted: true }),
      'settings.set': () => ok(DEFAULT_SETTINGS),
      'helper.describe': () => ok(describeAnswer),
      'session.list': () => ok([]),
      'session.start': (spec) => ok({ ...info('starting'), spec }),
      'session.command': () => ok(undefined),
      'runs.list': () => ok([]),
      'sweep.list': () => ok([]),
      'runs.tidied': () => ok([]),
      'runs.progress': () => ok({ active: false, done_bytes: 0, total_bytes: 0 }),
      'runs.cancel': () => ok(undefined),
      'runs.mark': ({ mark }) => ok(mark),
      'runs.unmark': () => ok(undefined),
      'runs.label': ({ change }) => ok({ ...NO_LABEL, ...change }),
      ...answers,
    };
    this.call = (<Name extends ChannelName>(name: Name, argument: Argument<Name>) => {
      this.calls.push({ name, argument });
      const answer = usual[name] as
        ((argument: unknown) => Result<unknown> | Promise<Result<unknown>>) | undefined;
      if (answer === undefined) throw new Error(`nobody expected ${name}`);
      return Promise.resolve(answer(argument) as Promise<Result<Answer<Name>>>);
    }) as Caller;
  }

  listen(listener: (message: FromShell) => void): () => void {
    return this.#messages.add(listener);
  }

  onConnection(listener: (connected: boolean) => void): () => void {
    listener(true);
    return this.#connection.add(listener);
  }

  send(...events: SessionEvent[]): void {
    this.#messages.tell({ kind: 'batch', seq: ++this.#seq, events, dropped: 0 });
  }

  tell(message: FromShell): void {
    this.#messages.tell(message);
  }

  connected(connected: boolean): void {
    this.#connection.tell(connected);
  }

  asked(name: ChannelName): unknown[] {
    return this.calls.filter((call) => call.name === name).map(({ argument }) => argument);
  }
}
