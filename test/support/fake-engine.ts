/** An engine without a helper, for tests of what lies around it: answers some calls, and sends the events it is given. */
import { DEFAULT_SETTINGS } from '#contract/settings';
import type { Handlers } from '#contract/channels';
import type { SessionEvent } from '#contract/session';
import type { Engine } from '#engine/engine';

export interface FakeEngine extends Engine {
  emit(event: SessionEvent): void;
  /** How many listeners there are now. */
  readonly listeners: number;
}

export function fakeEngine(): FakeEngine {
  const listeners = new Set<(event: SessionEvent) => void>();
  const handlers: Partial<Handlers> = {
    'app.problems': () => [],
    'settings.get': () => DEFAULT_SETTINGS,
    'settings.set': (change) => ({ ...DEFAULT_SETTINGS, ...change }) as typeof DEFAULT_SETTINGS,
    'session.list': () => [],
  };
  return {
    // Whoever calls another channel fails, and the answer says so.
    handlers: handlers as Handlers,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onSweep: () => () => undefined,
    close: async () => undefined,
    emit: (event) => listeners.forEach((listener) => listener(event)),
    get listeners() {
      return listeners.size;
    },
  };
}
