/** Commands while a session runs, and what else reaches it from outside: signals, a reader that goes, what the dead left. */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { endless, expectAllGone, killStarted, pids, start } from '../support/endless.ts';
import { ask, isAlive } from '../support/helper.ts';

afterEach(killStarted);

describe('commands', () => {
  it('pause stops the messages, resume lets them go on, stop ends with everything taken', async () => {
    const session = await start('pipe', ...endless);
    session.say('pause');
    await session.until(() => session.of('note').some((note) => note.code === 'paused'));
    const before = session.of('tick').length;
    await session.until(() => session.of('tick').length > before + 4);
    const [a, b] = session.of('tick').slice(-2);
    expect(a?.processes.map((p) => p.messages)).toEqual(b?.processes.map((p) => p.messages));
    session.say('resume');
    await session.until(
      () => (session.of('tick').at(-1)?.processes[0]?.messages ?? 0) > (b?.processes[0]?.messages ?? 0),
    );
    session.say('stop');
    const { code } = await session.ended;
    expect(code).toBe(0);
    expect(session.of('note').map((note) => note.code)).toEqual(
      expect.arrayContaining(['paused', 'resumed', 'drained']),
    );
    expect(session.of('summary')[0]).toMatchObject({ ended_by: 'stop', integrity: { lost: 0 } });
  });

  it('pauses are not part of the measured time', async () => {
    const session = await start('pipe', ...endless);
    session.say('pause');
    await session.until(() => session.of('note').some((note) => note.code === 'paused'));
    await new Promise((done) => setTimeout(done, 1500));
    session.say('stop');
    await session.ended;
    expect(session.of('summary')[0]?.duration_ns).toBeLessThan(1200e6);
  });

  it('rate, consumer delay and capacity change while it runs, each with a note', async () => {
    const session = await start('pipe', ...endless);
    session.say('set rate 500');
    session.say('set consumer_delay_us 100');
    // A pipe is not made smaller than what it holds (EBUSY): it has to run empty first.
    await session.until(() => session.of('tick').at(-1)?.queue.used_bytes === 0);
    session.say('set capacity_bytes 8192');
    await session.until(() => session.of('note').some((note) => note.code === 'capacity_changed'));
    const at = session.of('tick').length;
    await session.until(() => session.of('tick').length > at + 12);
    const ticks = session.of('tick').slice(at + 2);
    const first = ticks[0];
    const last = ticks.at(-1);
    const messages = (last?.processes[0]?.messages ?? 0) - (first?.processes[0]?.messages ?? 0);
    const seconds = ((last?.elapsed_ns ?? 0) - (first?.elapsed_ns ?? 0)) / 1e9;
    expect(messages / seconds).toBeGreaterThan(400);
    expect(messages / seconds).toBeLessThan(600);
    expect(last?.queue.capacity_bytes).toBe(8192);
    expect(session.of('note').map((note) => note.code)).toEqual(
      expect.arrayContaining(['rate_changed', 'consumer_delay_changed', 'capacity_changed']),
    );
  });

  it.each([
    ['pipe'],
    ['tcp'],
    ['shm', '--sync', 'futex'],
    ['mq'],
    ['pipe', '--pattern', 'fan_in', '--producers', '3'],
    ['unix', '--pattern', 'pingpong'],
    ['pipe', '--size', '1'],
    ['shm', '--sync', 'spin', '--variant', 'tuned'],
  ])(
    'what is verified changes in all directions at full speed, and no message is blamed for it: %s %s %s',
    async (...args) => {
      const session = await start(...args, ...endless, '--verify', 'none');
      const ways = ['sequence', 'full', 'none', 'full', 'sequence', 'none'];
      const words = Array.from({ length: 5 }, () => ways).flat();
      for (const [i, word] of words.entries()) {
        session.say(`set verify ${word}`);
        // Some follow each other at once, before the messages of the one before have arrived.
        if (i % 3 === 0) await new Promise((done) => setTimeout(done, 20));
      }
      session.say('set verify full');
      const changes = () => session.of('note').filter(({ code }) => code === 'verify_changed');
      await session.until(() => changes().length === words.length + 1);
      const at = session.of('tick').length;
      await session.until(() => session.of('tick').length > at + 2);
      session.say('stop');
      expect((await session.ended).code).toBe(0);
      expect(changes().map(({ params }) => params['verify'])).toEqual([...words, 'full']);
      expect(session.of('summary')[0]).toMatchObject({
        options: { verify: 'full' },
        integrity: {
          verified: 'none',
          verified_at_times: 'full',
          lost: 0,
          corrupt: 0,
          duplicated: 0,
          reordered: 0,
        },
      });
      expect(session.of('note').filter(({ code }) => code === 'integrity_fault')).toEqual([]);
    },
  );

  it('kill ends a process on request, and says that it was asked to', async () => {
    const session = await start('tcp', ...endless);
    session.say('kill consumer 0');
    await session.ended;
    expect(session.of('note').map((note) => note.code)).toEqual(
      expect.arrayContaining(['process_killed', 'process_ended']),
    );
    expect(session.of('summary')[0]?.ended_by).toBe('peer_exit');
    await expectAllGone(session);
  });

  it.each([
    'jump',
    'set',
    'set rate',
    'set rate fast',
    'set rate -1',
    'set size_bytes 1',
    'set verify twice',
    'kill nobody 0',
    'kill producer 9',
    'x'.repeat(100_000),
  ])('a bad one is answered by an error, and the session goes on: %.30s', async (command) => {
    const session = await start('pipe', ...endless);
    session.say(command);
    const error = await session.until(() => session.of('error')[0]);
    expect(error).toMatchObject({ code: 'bad_command', fatal: false });
    const at = session.of('tick').length;
    await session.until(() => session.of('tick').length > at + 2);
    session.say('stop');
    expect((await session.ended).code).toBe(0);
  });
});

describe('trouble', () => {
  it('a process that is stopped (SIGSTOP) does not keep the session from ending', async () => {
    const session = await start('pipe', '--duration', '700', '--warmup', '0');
    process.kill(pids(session)[1] ?? 0, 'SIGSTOP');
    await session.ended;
    expect(session.frames.at(-1)?.t).toBe('summary');
    await expectAllGone(session);
  });

  it('SIGTERM and SIGINT stop it in order', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const session = await start('pipe', ...endless);
      session.child.kill(signal);
      await session.ended;
      expect(session.of('summary')[0]?.ended_by).toBe('stop');
      await expectAllGone(session);
    }
  });

  it('a reader that went away ends it', async () => {
    const session = await start('pipe', ...endless);
    session.child.stdout.destroy();
    await new Promise((done) => session.child.once('exit', done));
    await new Promise((done) => setTimeout(done, 300));
    expect(pids(session).filter(isAlive)).toEqual([]);
  });

  it('what a dead owner left behind is found and removed, what a living one has is not', async () => {
    await ask('clean');
    const dead = spawnSync('true').pid;
    const living = (await start('pipe', ...endless)).child.pid;
    writeFileSync(`/dev/shm/ipc-scope-${dead}-left`, 'x', { mode: 0o600 });
    writeFileSync(`/dev/shm/ipc-scope-${living}-mine`, 'x', { mode: 0o600 });
    // A number that is a process again, but none of ours, is no owner.
    writeFileSync(`/dev/shm/ipc-scope-${process.pid}-reused`, 'x', { mode: 0o600 });
    try {
      const { frames, code } = await ask('clean');
      expect(code).toBe(0);
      const [cleaned] = frames;
      const owners = cleaned?.t === 'cleaned' ? cleaned.removed.map(({ owner_pid }) => owner_pid) : [];
      expect(new Set(owners)).toEqual(new Set([dead, process.pid]));
      const left = readdirSync('/dev/shm').filter((name) => /-(left|mine|reused)$/.test(name));
      expect(left).toEqual([`ipc-scope-${living}-mine`]);
    } finally {
      for (const name of [`${dead}-left`, `${living}-mine`, `${process.pid}-reused`]) {
        rmSync(`/dev/shm/ipc-scope-${name}`, { force: true });
      }
    }
  });
});
