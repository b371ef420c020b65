/** Dialogues: real processes say to each other what is typed for them, over every channel that goes both ways. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { helper, isAlive, leftovers, RunningHelper } from '../support/helper.ts';

const channels = [
  ['pipe'],
  ['fifo'],
  ['unix'],
  ['unix', '--kind', 'seqpacket'],
  ['unix', '--kind', 'datagram'],
  ['tcp'],
  ['mq'],
  ['mq', '--blocking', 'false'],
  ['pipe', '--blocking', 'false'],
];
const LINES = [
  ['producer', 'Hello.'],
  ['consumer', '안녕하세요, 누구세요?'],
  ['producer', ' two  blanks, "quotes" and \\ '],
  ['consumer', '🙂'],
  ['producer', '가'.repeat(333)],
  ['consumer', 'x'.repeat(1000)],
] as const;

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

async function start(...args: string[]): Promise<RunningHelper> {
  const session = new RunningHelper(['run', ...args, '--pattern', 'dialogue']);
  started.push(session);
  await session.until(() => session.of('note').some((note) => note.code === 'measuring'));
  return session;
}

function pids(session: RunningHelper): number[] {
  return session.of('hello').flatMap((hello) => hello.processes.map((process) => process.pid));
}

/** Says the lines one after the other, each when the one before it has arrived. */
async function converse(session: RunningHelper, lines: readonly (readonly [string, string])[] = LINES) {
  for (const [role, text] of lines) {
    const heard = session.of('utterance').length;
    session.say(`say ${role} ${text}`);
    await session.until(() => session.of('utterance').length > heard);
  }
}

describe.each(channels)('%s %s %s', (...channel) => {
  it('three rounds arrive whole, in order, each with its time; the sixth line ends it', async () => {
    const session = await start(...channel, '--messages', '6', '--verify', 'full');
    await converse(session);
    expect((await session.ended).code).toBe(0);
    expect(session.strangers).toEqual([]);
    const [hello] = session.of('hello');
    const [a, b] = hello?.processes ?? [];
    const said = session.of('utterance');
    expect(said.map(({ from, text }) => [from.role, text])).toEqual(LINES);
    expect(said.map(({ sequence }) => sequence)).toEqual([0, 0, 1, 1, 2, 2]);
    for (const { from, to, sent_ns, elapsed_ns, text, bytes } of said) {
      expect([from, to]).toEqual(from.role === 'producer' ? [a, b] : [b, a]);
      expect(elapsed_ns).toBeGreaterThan(sent_ns);
      const whole = ['mq', 'seqpacket', 'datagram'].some((word) => channel.includes(word));
      expect(bytes).toBe(whole ? 1024 : 24 + Buffer.byteLength(text));
    }
    const [summary] = session.of('summary');
    expect(summary).toMatchObject({
      pattern: 'dialogue',
      ended_by: 'count',
      messages: 6,
      bytes: said.reduce((sum, { bytes }) => sum + bytes, 0),
      latency: { kind: 'one_way', samples: 6, sampling_ratio: 1 },
      integrity: { verified: 'full', lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 },
    });
    expect(summary?.processes.map(({ messages, exit }) => [messages, exit])).toEqual([
      [6, 'exit 0'],
      [6, 'exit 0'],
    ]);
    expect(new Set(session.of('call').map(({ name }) => name))).toContain('poll');
    expect(leftovers()).toEqual([]);
  });

  it('what is said at once by both, and just before the end, arrives all the same', async () => {
    const session = await start(...channel);
    for (let i = 0; i < 20; i++) session.say(`say ${i % 2 ? 'producer' : 'consumer'} line ${i}`);
    session.child.stdin.end();
    expect((await session.ended).code).toBe(0);
    const said = session.of('utterance');
    for (const role of ['producer', 'consumer']) {
      const own = said.filter(({ from }) => from.role === role).map(({ text }) => text);
      expect(own).toEqual(
        [...Array(20).keys()]
          .filter((i) => (i % 2 ? 'producer' : 'consumer') === role)
          .map((i) => `line ${i}`),
      );
    }
    expect(session.of('summary')[0]).toMatchObject({
      ended_by: 'stop',
      messages: 20,
      integrity: { lost: 0 },
    });
  });

  it.each(['producer', 'consumer'])(
    'kill -9 of the %s ends it with a summary; the other one is woken',
    async (role) => {
      const session = await start(...channel);
      await converse(session, LINES.slice(0, 3));
      session.say(`kill ${role} 0`);
      expect((await session.ended).code).toBe(1);
      const [summary] = session.of('summary');
      expect(summary).toMatchObject({ ended_by: 'peer_exit' });
      expect(summary?.processes.map(({ exit }) => exit).sort()).toEqual(['exit 0', 'signal SIGKILL']);
      await session.until(() => !pids(session).some(isAlive), 3000);
      expect(leftovers()).toEqual([]);
    },
  );

  it('kill -9 of the supervisor takes both with it', async () => {
    const session = await start(...channel);
    await converse(session, LINES.slice(0, 1));
    session.child.kill('SIGKILL');
    await session.ended;
    await session.until(() => !pids(session).some(isAlive), 3000);
    expect(leftovers()).toEqual([]);
  });
});

describe('what cannot be said', () => {
  it.each([
    ['say', /producer TEXT/],
    ['say nobody hello', /producer TEXT/],
    ['say producer', /^1\.\.1000 bytes/],
    ['say producer ', /^1\.\.1000 bytes/],
    [`say producer ${'x'.repeat(1001)}`, /^1\.\.1000 bytes/],
    [`say producer ${'가'.repeat(334)}`, /^1\.\.1000 bytes/],
    ['say producer a\tb', /^1\.\.1000 bytes/],
    ['say producer \u001b[31mred', /^1\.\.1000 bytes/],
    ['say producer \u0085', /^1\.\.1000 bytes/],
    [Buffer.from('say producer \xff\xfe', 'latin1'), /^1\.\.1000 bytes/],
    [Buffer.from('say producer \xed\xa0\x80', 'latin1'), /^1\.\.1000 bytes/],
    [Buffer.from('say producer a\0b', 'latin1'), /^1\.\.1000 bytes/],
  ])('%j is refused, and the dialogue goes on', async (line, allowed) => {
    const session = await start('pipe', '--messages', '1');
    session.child.stdin.write(line);
    session.child.stdin.write('\n');
    const error = await session.until(() => session.of('error')[0]);
    expect(error).toMatchObject({ code: 'bad_command', fatal: false, where: 'say' });
    expect(error.allowed).toMatch(allowed);
    session.say('say consumer fine');
    expect((await session.ended).code).toBe(0);
    expect(session.of('utterance').map(({ text }) => text)).toEqual(['fine']);
  });

  it('a line that is too long for the chosen size is told that size', async () => {
    const session = await start('pipe', '--size', '34');
    session.say('say producer 0123456789');
    session.say('say producer 01234567890');
    const error = await session.until(() => session.of('error')[0]);
    expect(error.allowed).toMatch(/^1\.\.10 bytes/);
    session.say('stop');
    await session.ended;
    expect(session.of('utterance').map(({ text }) => text)).toEqual(['0123456789']);
  });

  it('nothing while it is paused, nothing in another pattern, no rate', async () => {
    const session = await start('pipe');
    session.say('pause');
    session.say('say producer hello');
    session.say('set rate 5');
    await session.until(() => session.of('error').length === 2);
    expect(session.of('error').map(({ message }) => message)).toEqual([
      'the dialogue is paused',
      expect.stringContaining('typed'),
    ]);
    session.say('resume');
    await converse(session, LINES.slice(0, 1));
    session.say('stop');
    await session.ended;
    const stream = new RunningHelper(['run', 'pipe', '--warmup', '0']);
    started.push(stream);
    await stream.until(() => stream.of('tick')[0]);
    stream.say('say producer hello');
    expect(await stream.until(() => stream.of('error')[0])).toMatchObject({
      code: 'bad_command',
      where: 'say',
    });
  });

  it('more lines than were asked for', async () => {
    const session = await start('pipe', '--messages', '2');
    session.child.stdin.write('say producer one\nsay consumer two\nsay producer three\n');
    await session.ended;
    expect(session.of('utterance')).toHaveLength(2);
    expect(session.of('error')).toMatchObject([{ code: 'bad_command', where: 'say' }]);
    expect(session.of('summary')[0]).toMatchObject({ ended_by: 'count', messages: 2 });
  });
});

describe('trouble', () => {
  it('whoever is stopped (SIGSTOP) hears it afterwards', async () => {
    const session = await start('pipe');
    process.kill(pids(session)[1] ?? 0, 'SIGSTOP');
    session.say('say producer are you there?');
    const at = session.of('tick').length;
    await session.until(() => session.of('tick').length > at + 6);
    expect(session.of('utterance')).toEqual([]);
    expect(session.of('tick').at(-1)?.queue).toMatchObject({ used_bytes: 24 + 14, used_messages: null });
    process.kill(pids(session)[1] ?? 0, 'SIGCONT');
    const [heard] = await session.until(() => session.of('utterance').length > 0 && session.of('utterance'));
    expect((heard?.elapsed_ns ?? 0) - (heard?.sent_ns ?? 0)).toBeGreaterThan(200e6);
    session.say('stop');
    expect((await session.ended).code).toBe(0);
  });

  it('lines for one that is stopped for long are refused before they fill the memory', async () => {
    const session = await start('pipe');
    process.kill(pids(session)[0] ?? 0, 'SIGSTOP');
    for (let i = 0; i < 600; i++) session.say(`say producer ${'x'.repeat(1000)}`);
    const error = await session.until(() => session.of('error')[0]);
    expect(error).toMatchObject({ code: 'bad_command', where: 'say', errno: 'EAGAIN' });
    process.kill(pids(session)[0] ?? 0, 'SIGCONT');
    session.say('stop');
    expect((await session.ended).code).toBe(0);
    const said = session.of('utterance').length;
    expect(said + session.of('error').length).toBe(600);
  });
});

const traces = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0;

it.skipIf(!traces)('the lines go through the channel itself, as bytes (strace)', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-strace-'));
  try {
    const trace = join(folder, 'trace.txt');
    const session = new RunningHelper(
      [
        '-f',
        '-qq',
        '-s',
        '2000',
        '-e',
        'trace=write,read',
        '-o',
        trace,
        helper,
        'run',
        'pipe',
        '--pattern',
        'dialogue',
      ],
      process.env,
      'strace',
    );
    started.push(session);
    await session.until(() => session.of('note').some((note) => note.code === 'measuring'));
    await converse(session, [
      ['producer', 'through the pipe'],
      ['consumer', 'and back'],
    ]);
    session.say('stop');
    await session.ended;
    const lines = readFileSync(trace, 'utf8').split('\n');
    const [a, b] = pids(session);
    const sees = (pid: number | undefined, call: string, text: string): boolean =>
      lines.some((line) => line.startsWith(`${pid} `) && line.includes(call) && line.includes(text));
    expect(sees(a, ' write(', 'through the pipe')).toBe(true);
    expect(sees(b, 'read', 'through the pipe')).toBe(true);
    expect(sees(b, ' write(', 'and back')).toBe(true);
    expect(sees(a, 'read', 'and back')).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
