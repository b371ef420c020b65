/** A session whose buffers are as full as they ever get. */
import type { Tick } from '../../electron/contract/frames.ts';
import type { RunningHelper } from './helper.ts';

const sent = (tick: Tick): number[] =>
  tick.processes.filter(({ role }) => role === 'producer').map(({ messages }) => messages);

/**
 * Lets the channel run empty, stops the consumers and has the producers fill it; answers a tick in which they all stand still.
 *
 * From empty: the sender of a Unix socket that went to sleep before an only just full buffer is not woken before three quarters of
 * it are free (unix_writable of net/unix/af_unix.c), so of several connections hardly ever all are full while messages
 * are taken. The consumers stay stopped.
 */
export async function fillFromEmpty(session: RunningHelper): Promise<Tick> {
  const ticks = () => session.of('tick');
  session.say('pause');
  await session.until(() => session.of('note').some(({ code }) => code === 'paused'));
  const paused = ticks().length;
  // Over 200 ms: a process may have to wait for a CPU of a busy machine.
  const still = (from: number): Tick | undefined => {
    const [first, , , , last] = ticks().slice(from).slice(-5);
    return first !== undefined && last !== undefined && String(sent(first)) === String(sent(last))
      ? last
      : undefined;
  };
  const empty = await session.until(() => {
    const last = still(paused);
    return last?.queue.used_bytes === 0 ? last : undefined;
  });
  const consumers = empty.processes.filter(({ role }) => role === 'consumer');
  const stopped = () => session.of('note').filter(({ code }) => code === 'process_stopped').length;
  for (const { pid } of consumers) process.kill(pid, 'SIGSTOP');
  await session.until(() => stopped() === consumers.length);
  session.say('resume');
  const resumed = ticks().length;
  return await session.until(() => {
    const last = still(resumed);
    return last !== undefined && sent(last).every((count, i) => count > (sent(empty)[i] ?? 0))
      ? last
      : undefined;
  });
}

/** Lets the stopped consumers go on, and ends the session; answers its exit code. */
export async function drainAndEnd(session: RunningHelper): Promise<number | null> {
  for (const { role, pid } of session.of('hello')[0]?.processes ?? []) {
    if (role === 'consumer') process.kill(pid, 'SIGCONT');
  }
  session.say('stop');
  return (await session.ended).code;
}
