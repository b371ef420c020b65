/** Sessions that run until something happens to them, and are gone after the test whatever has. */
import { expect } from 'vitest';
import { isAlive, leftovers, RunningHelper } from './helper.ts';

export const endless = ['--duration', '0', '--warmup', '0'];
/** Those that `killStarted` ends; one that is started in another way than by `start` belongs here too. */
export const started: RunningHelper[] = [];

/** Starts a session, and waits until it moves messages. */
export async function start(...args: string[]): Promise<RunningHelper> {
  const session = new RunningHelper(['run', ...args]);
  started.push(session);
  await session.until(() => session.of('tick').length > 2);
  return session;
}

/** For `afterEach`. */
export function killStarted(): void {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
}

export function pids(session: RunningHelper): number[] {
  return session.of('hello').flatMap((hello) => hello.processes.map((process) => process.pid));
}

export async function expectAllGone(session: RunningHelper): Promise<void> {
  await session.until(() => !pids(session).some(isAlive), 3000);
  expect(leftovers()).toEqual([]);
}
