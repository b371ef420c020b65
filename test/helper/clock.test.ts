/** The time of day is nobody's clock here: setting it moves no wait and no figure. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { helper, RunningHelper } from '../support/helper.ts';
import { traces } from '../support/strace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-clock-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

function watched(session: RunningHelper): RunningHelper {
  started.push(session);
  return session;
}

describe('the time of day', () => {
  it('is asked for nowhere in the helper', () => {
    const sources = readdirSync(`${root}native/src`, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.[ch]pp$/.test(name))
      .map((name) => [name, readFileSync(`${root}native/src/${name}`, 'utf8')] as const);
    expect(sources.length).toBeGreaterThan(50);
    const wall =
      /CLOCK_REALTIME|gettimeofday|system_clock|sem_timedwait|mq_timed(send|receive)\(|\btime\((NULL|nullptr|0)\)/;
    expect(sources.filter(([, text]) => wall.test(text)).map(([name]) => name)).toEqual([]);
  });

  it
    .skipIf(!traces)
    .each([
      ['pipe'],
      ['mq'],
      ['mq', '--blocking', 'false'],
      ...['futex', 'adaptive', 'semaphore', 'mutex', 'eventfd'].map((sync) => ['shm', '--sync', sync]),
      ['udp'],
      ['file'],
    ])('ends no wait of %s %s %s: setting the clock moves none of them', async (...channel) => {
    const trace = join(folder, `${channel.join('-')}.txt`);
    const calls = 'futex,mq_timedsend,mq_timedreceive,clock_nanosleep,ppoll,timerfd_settime';
    const session = watched(
      new RunningHelper(
        [
          ...['-f', '-qq', '-e', `trace=${calls}`, '-o', trace, helper, 'run', ...channel],
          ...['--rate', '200', '--messages', '40', '--duration', '0', '--warmup', '0'],
        ],
        process.env,
        'strace',
      ),
    );
    await session.ended;
    expect(session.of('summary')[0]?.messages).toBe(40);
    const waits = readFileSync(trace, 'utf8').split('\n');
    expect(waits.length).toBeGreaterThan(40);
    // A wait without an end does not care for its clock, and one for so long, not until then, is not moved by a new time of
    // day (clock_nanosleep(2)). A queue's deadline is always one of the time of day.
    const byTheClock = waits.filter(
      (line) => /CLOCK_REALTIME/.test(line) && !/, NULL, |clock_nanosleep\(CLOCK_REALTIME, 0,/.test(line),
    );
    expect(byTheClock).toEqual([]);
    expect(waits.filter((line) => /mq_timed(send|receive).*\{tv_sec/.test(line))).toEqual([]);
  });
});
