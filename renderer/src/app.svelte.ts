/** Everything the views share. */
import { createContext } from 'svelte';
import type { AppInfo } from '#contract/channels';
import type { Describe } from '#contract/describe';
import type { AppError, Result } from '#contract/errors';
import { isOver } from '#contract/session';
import { VIEWS, type PageAction } from '#contract/stream';
import type { Host } from './host/host.ts';
import { keyAction, letterAction, takesLetters, takesSpace } from './keys.ts';
import { Preferences } from './preferences.svelte.ts';
import { formatRoute, parseRoute, routeOf, type Route } from './route.ts';
import { SessionDesk } from './session/desk.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { Setup } from './views/live/setup/setup.svelte.ts';
import { Demo } from './views/start/demo.svelte.ts';
import { tellTidied } from './views/runs/tidied.ts';
import { Imports } from './views/runs/imports.svelte.ts';
import { EVERYTHING, type Wanted } from './views/runs/arrange.ts';
import { Sweeps } from './views/sweep/sweeps.svelte.ts';

const REMEMBERED = 'ipc-scope:address';

/** What keys and panel ask of the stage that is shown. */
export interface StageControl {
  mark(): void;
  freeze(): void;
  goTo(time_s: number): void;
}

export class App {
  readonly host: Host;
  readonly preferences: Preferences;
  readonly desk: SessionDesk;
  readonly setup: Setup;
  readonly demo: Demo;
  readonly toasts = new Toasts();
  readonly sweeps: Sweeps;
  readonly imports: Imports;
  route = $state.raw<Route>({ view: 'start' });
  connected = $state(true);
  /** The stage that is shown, of a session or of a recorded run. */
  stage = $state.raw<StageControl>();
  /** What the list of runs is narrowed to, kept while other views are looked at. */
  runsWanted = $state.raw<Wanted>(EVERYTHING);
  info = $state.raw<AppInfo>();
  describe = $state.raw<Describe>();
  describeError = $state.raw<AppError>();

  constructor(host: Host) {
    this.host = host;
    this.preferences = new Preferences(host, this.toasts);
    this.desk = new SessionDesk(host);
    this.setup = new Setup();
    this.demo = new Demo(this);
    this.sweeps = new Sweeps(host, this.toasts);
    this.imports = new Imports(host, this.toasts);
  }

  /** Asks for all that the page needs; answers when it can be used. */
  async open(): Promise<void> {
    this.#openRoute();
    this.host.listen((message) => {
      if (message.kind === 'action') this.act(message.action);
      else if (message.events.some((event) => event.event === 'state' && isOver(event.state))) {
        void this.#loadTidied();
      }
    });
    await Promise.all([this.preferences.load(), this.loadDescribe(), this.desk.restore(), this.#loadInfo()]);
    const { last_spec } = this.preferences.settings;
    if (last_spec !== null) this.setup.adopt(last_spec);
    let first = true;
    this.host.onConnection((connected) => {
      this.connected = connected;
      if (connected && !first) void this.#reconnected();
      first = false;
    });
    await this.#loadProblems();
    await this.demo.greet();
    await this.#loadTidied();
  }

  async loadDescribe(): Promise<void> {
    const describe = await this.host.call('helper.describe');
    this.describe = describe.ok ? describe.value : undefined;
    this.describeError = describe.ok ? undefined : describe.error;
    if (this.describe !== undefined) this.setup.describe = this.describe;
  }

  go(route: Route): void {
    location.hash = formatRoute(route);
  }

  async start(): Promise<void> {
    enterWhatIsTyped();
    this.go({ view: 'live' });
    if (this.desk.busy) return;
    const spec = this.setup.check();
    if (spec === undefined) return;
    if (await this.desk.start(spec)) await this.preferences.set({ last_spec: spec });
    else if (this.desk.error !== undefined && this.setup.refuse(this.desk.error)) this.desk.error = undefined;
  }

  act(action: PageAction): void {
    switch (action) {
      case 'start':
        void this.start();
        break;
      case 'stop':
        void this.desk.command({ command: 'stop' }).then((result) => this.#refusedOutOfSight(result));
        break;
      case 'pause':
        void this.desk.pauseOrResume().then((result) => this.#refusedOutOfSight(result));
        break;
      default: {
        const view = VIEWS.find((known) => action === `show_${known}`);
        if (view !== undefined) this.go(routeOf(view));
      }
    }
  }

  /** A key that nothing else on the page has taken. */
  press(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const action = keyAction(event, takesSpace(event.target));
    const letter = this.preferences.settings.letter_keys ? letterAction(event) : undefined;
    if (action !== undefined) this.act(action);
    else if (letter !== undefined && this.stage !== undefined && !takesLetters(event.target))
      this.stage[letter]();
    else return;
    event.preventDefault();
  }

  /** The stage says what was refused; where it is not shown, a toast does. */
  #refusedOutOfSight(result: Result<unknown>): void {
    if (!result.ok && this.route.view !== 'live') this.toasts.complain(result.error);
  }

  async #loadInfo(): Promise<void> {
    const info = await this.host.call('app.info');
    if (info.ok) this.info = info.value;
  }

  /** What was found when the program started, which nobody could be told then. */
  async #loadProblems(): Promise<void> {
    const problems = await this.host.call('app.problems');
    if (!problems.ok) return;
    for (const problem of problems.value) this.toasts.complain(problem, { stays: true });
  }

  async #loadTidied(): Promise<void> {
    await tellTidied(this.host, this.toasts, () => this.imports.version++);
  }

  async #reconnected(): Promise<void> {
    await Promise.all([
      this.desk.restore(),
      this.describe ?? this.loadDescribe(),
      this.info ?? this.#loadInfo(),
      this.sweeps.reload(),
    ]);
  }

  #openRoute(): void {
    if (location.hash === '') location.replace(localStorage.getItem(REMEMBERED) ?? '#/start');
    const follow = (): void => {
      this.route = parseRoute(location.hash);
      localStorage.setItem(REMEMBERED, formatRoute(this.route));
    };
    addEventListener('hashchange', follow);
    follow();
  }
}

/** A field takes what is typed in it when it is left; who starts with a key or the menu has not left it yet. */
function enterWhatIsTyped(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLInputElement)) return;
  field.blur();
  field.focus();
}

export const [getApp, setApp] = createContext<App>();
