/** What is special to mailboxes: a name is all that both sides know, and the mailbox is what fills. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, leftovers, RunningHelper, runSession } from '../support/helper.ts';
import { trace, traces } from '../support/strace.ts';

const slow = ['--consumer-delay', '1000', '--warmup', '0', '--duration', '600'];

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

async function start(...words: string[]): Promise<RunningHelper> {
  const session = new RunningHelper(['run', 'mailbox', '--duration', '0', '--warmup', '0', ...words]);
  started.push(session);
  await session.until(() => session.of('tick').length > 2);
  return session;
}

const names = (session: RunningHelper): string[] =>
  session.of('hello')[0]?.objects.map(({ name }) => name) ?? [];

describe('a name', () => {
  it('is a file for this user alone, there for as long as the session is', async () => {
    const session = await start('--pattern', 'broadcast', '--consumers', '2', '--rate', '100');
    const paths = names(session);
    expect(session.of('hello')[0]?.objects).toMatchObject([
      { kind: 'mailbox', mode: '0600' },
      { kind: 'mailbox', mode: '0600' },
    ]);
    for (const [index, path] of paths.entries()) {
      expect(path).toMatch(new RegExp(`/ipc-scope-\\d+-mailbox-${index}$`));
      expect(statSync(path).isSocket()).toBe(true);
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    session.say('stop');
    expect((await session.ended).code).toBe(0);
    expect(paths.filter((path) => existsSync(path))).toEqual([]);
    expect(leftovers()).toEqual([]);
  });

  it('that only the kernel knows lies in no folder, and has no permissions', async () => {
    const { frames } = await runSession('mailbox', '--address', 'abstract', '--messages', '10');
    const [hello] = frames;
    expect(hello?.t === 'hello' && hello.objects).toMatchObject([
      { kind: 'mailbox', mode: 'none', name: expect.stringMatching(/^@ipc-scope-\d+-mailbox-0$/) },
    ]);
  });

  it('of a path that no address holds is refused, and nothing is left', async () => {
    const runtime = mkdtempSync(join(tmpdir(), 'l'.repeat(100)));
    try {
      const session = new RunningHelper(['run', 'mailbox'], { ...process.env, XDG_RUNTIME_DIR: runtime });
      expect((await session.ended).code).toBe(3);
      expect(session.frames).toMatchObject([{ t: 'error', code: 'out_of_range', where: '--address' }]);
      expect(readdirSync(join(runtime, 'ipc-scope'))).toEqual([]);
    } finally {
      rmSync(runtime, { recursive: true });
    }
  });

  it.skipIf(!traces)('is all that a sender has: no connection, and no descriptor from others', async () => {
    const { session, lines } = await trace(
      ['run', 'mailbox', '--messages', '100', '--duration', '0', '--warmup', '0'],
      ['socket', 'connect', 'sendto', 'bind'],
    );
    const [producer] = session.of('hello')[0]?.processes ?? [];
    const own = lines.filter((line) => parseInt(line, 10) === producer?.pid);
    expect(own.filter((line) => line.includes(' connect('))).toEqual([]);
    expect(own.filter((line) => line.includes(' bind('))).toEqual([]);
    expect(own.filter((line) => line.includes(' socket(AF_UNIX, SOCK_DGRAM'))).toHaveLength(1);
    const sent = own.filter((line) => line.includes(' sendto('));
    expect(sent.length).toBeGreaterThanOrEqual(100);
    expect(sent.every((line) => line.includes(`sun_path="${names(session)[0]}"`))).toBe(true);
  });

  it('that is taken away in the middle ends the session with the call and its error', async () => {
    const session = await start('--rate', '100');
    rmSync(names(session)[0] ?? '');
    expect((await session.ended).code).toBe(3);
    expect(session.of('error')[0]).toMatchObject({ code: 'peer_failed', where: 'sendto', errno: 'ENOENT' });
    expect(session.of('summary')[0]).toMatchObject({ ended_by: 'error', integrity: { lost: 0 } });
    expect(leftovers()).toEqual([]);
  });

  it('whose owner is gone is refused, and that is told', async () => {
    const session = await start('--pattern', 'fan_in', '--producers', '2', '--consumer-delay', '20000');
    session.say('kill consumer 0');
    expect((await session.ended).code).toBe(1);
    const broken = session.of('note').filter(({ code }) => code === 'broken_pipe');
    expect(broken.map(({ params }) => params['index']).sort()).toEqual([0, 1]);
    for (const { params } of broken)
      expect(params).toMatchObject({ role: 'producer', errno: 'ECONNREFUSED' });
    expect(session.of('summary')[0]?.ended_by).toBe('peer_exit');
  });
});

describe('an owner that is stopped', () => {
  it.each(['stream', 'fan_out', 'broadcast'])(
    'does not keep the session from ending: %s',
    async (pattern) => {
      const session = await start(
        '--pattern',
        pattern,
        ...(pattern === 'stream' ? [] : ['--consumers', '2']),
      );
      const owner = session.of('hello')[0]?.processes.at(-1);
      process.kill(owner?.pid ?? 0, 'SIGSTOP');
      session.say('stop');
      await session.ended;
      const [summary] = session.of('summary');
      expect(summary?.warnings.map(({ code }) => code)).toContain('peer_stuck');
      expect(summary?.processes.map(({ exit }) => exit).filter((exit) => exit !== 'exit 0')).toEqual([
        'signal SIGKILL',
      ]);
      expect(leftovers()).toEqual([]);
    },
  );
});

describe('how full it is', () => {
  const bound = Number(readFileSync('/proc/sys/net/unix/max_dgram_qlen', 'utf8')) + 1;

  it.each(['true', 'false'])(
    'a slow owner fills it to the last message, and the sender waits (blocking %s)',
    async (blocking) => {
      const { frames, summary, code } = await runSession('mailbox', '--blocking', blocking, ...slow);
      expect(code).toBe(0);
      const queues = frames.flatMap((frame) => (frame.t === 'tick' ? [frame.queue] : []));
      expect(Math.max(...queues.map(({ used_messages }) => used_messages ?? 0))).toBe(bound);
      for (const { capacity_messages } of queues.filter((queue) => queue.capacity_messages !== null)) {
        expect(capacity_messages).toBe(bound);
      }
      const producer = summary.processes.find(({ role }) => role === 'producer');
      expect(producer?.blocked_ns).toBeGreaterThan(200e6);
      expect(producer?.waits).toBeGreaterThan(50);
      if (blocking === 'false') {
        expect(producer?.would_block).toBeGreaterThan(50);
        // It sleeps until there is room, though poll(2) knows nothing of it where the socket has no connection.
        const calls = producer?.calls ?? Infinity;
        expect(calls / (producer?.messages ?? 1)).toBeLessThan(8);
      }
    },
  );

  it('long messages fill the buffer of the sender first', async () => {
    const { frames, summary } = await runSession(
      'mailbox',
      '--size',
      '60000',
      '--capacity',
      '100000',
      '--tick',
      '10',
      ...slow,
    );
    expect(summary.integrity.lost).toBe(0);
    const queues = frames.flatMap((frame) => (frame.t === 'tick' ? [frame.queue] : []));
    const capacities = queues.flatMap(({ capacity_messages }) => capacity_messages ?? []);
    expect(Math.max(...capacities)).toBeLessThan(bound);
    expect(Math.max(...queues.map(({ used_messages }) => used_messages ?? 0))).toBe(Math.max(...capacities));
  });

  it('of several it is the fullest', async () => {
    const { frames } = await runSession('mailbox', '--pattern', 'broadcast', '--consumers', '3', ...slow);
    const used = frames.flatMap((frame) => (frame.t === 'tick' ? (frame.queue.used_messages ?? []) : []));
    expect(Math.max(...used)).toBe(bound);
  });

  it('the limit of the system is told', async () => {
    const { frames } = await ask('describe');
    expect(frames[0]?.t === 'describe' && frames[0].limits).toMatchObject({
      mailbox_max_messages: bound - 1,
    });
  });
});

describe('several', () => {
  it('owners of one mailbox share its messages; owners of their own get every one, by a call each', async () => {
    const words = ['--consumers', '3', '--messages', '900', '--duration', '0', '--warmup', '0'];
    const shared = await runSession('mailbox', '--pattern', 'fan_out', ...words);
    expect(shared.summary.messages).toBe(900);
    const [hello] = shared.frames;
    expect(hello?.t === 'hello' && hello.objects).toHaveLength(1);
    const own = await runSession('mailbox', '--pattern', 'broadcast', ...words);
    expect(own.summary.messages).toBe(2700);
    const producer = own.summary.processes.find(({ role }) => role === 'producer');
    expect(producer?.calls).toBeGreaterThanOrEqual(2700);
    const calls = own.frames.flatMap((frame) => (frame.t === 'call' ? [frame.name] : []));
    expect(new Set(calls)).toEqual(new Set(['sendto', 'recv']));
  });
});
