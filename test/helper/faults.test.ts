/**
 * Messages that are damaged, stolen or slipped in by a third process while a real session runs: each is found, and told
 * with the number at which it happened. And shared memory without any order, whose counts have to add up.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Tick } from '../../electron/contract/frames.ts';
import { leftovers, RunningHelper, runSession } from '../support/helper.ts';

const SIZE = 64;
const endless = ['--duration', '0', '--warmup', '0', '--size', String(SIZE)];
type Integrity = Tick['integrity'];

const WHOLE: Integrity = { lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 };

const started: RunningHelper[] = [];
afterEach(() => {
  for (const session of started.splice(0)) session.child.kill('SIGKILL');
});

async function start(...args: string[]): Promise<RunningHelper> {
  const session = new RunningHelper(['run', ...args, ...endless]);
  started.push(session);
  await session.until(() => session.of('tick').length > 2);
  return session;
}

function pidOf(session: RunningHelper, role: 'producer' | 'consumer'): number {
  return session.of('hello')[0]?.processes.find((process) => process.role === role)?.pid ?? 0;
}

/** Holds the session still; answers how many messages have been sent and taken, which is the number of the next one. */
async function pause(session: RunningHelper): Promise<number> {
  session.say('pause');
  await session.until(() => session.of('note').some((note) => note.code === 'paused'));
  const at = session.of('tick').length;
  return await session.until(() => {
    const [before, last] = session
      .of('tick')
      .slice(at + 2)
      .slice(-2);
    const counts = [before, last].flatMap((tick) => tick?.processes.map(({ messages }) => messages) ?? []);
    return counts.length === 4 && new Set(counts).size === 1 ? counts[0] : undefined;
  });
}

async function end(session: RunningHelper): Promise<Integrity> {
  session.say('stop');
  await session.ended;
  const [summary] = session.of('summary');
  if (summary === undefined) throw new Error(`no summary: ${session.stderr}`);
  const { verified: _, verified_at_times: _most, ...integrity } = summary.integrity;
  return integrity;
}

const faults = (session: RunningHelper) =>
  session
    .of('note')
    .filter(({ code }) => code === 'integrity_fault')
    .map(({ params }) => params);

/** A message as `verify sequence` has it: number, time, length, checksum, and whatever follows. */
function message(sequence: number, length = SIZE): Buffer {
  const bytes = Buffer.alloc(SIZE, 0x55);
  bytes.writeBigUInt64LE(BigInt(sequence), 0);
  bytes.writeBigUInt64LE(0n, 8);
  bytes.writeUInt32LE(length, 16);
  return bytes;
}

/** The descriptors of a pipe, by the object's name. */
function pipeEnds(session: RunningHelper): { read: number; write: number } {
  const [, read, write] =
    /read fd (\d+), write fd (\d+)/.exec(session.of('hello')[0]?.objects[0]?.name ?? '') ?? [];
  return { read: Number(read), write: Number(write) };
}

describe('a pipe', () => {
  it('into which somebody else writes: the message that was due is told as damaged, and nothing is lost', async () => {
    const session = await start('pipe', '--verify', 'full');
    const due = await pause(session);
    const fd = openSync(
      `/proc/${pidOf(session, 'producer')}/fd/${pipeEnds(session).write}`,
      constants.O_WRONLY,
    );
    writeSync(fd, Buffer.alloc(SIZE, 0xa5));
    closeSync(fd);
    session.say('resume');
    await session.until(() => faults(session).length > 0);
    expect(await end(session)).toEqual({ ...WHOLE, corrupt: 1 });
    expect(faults(session)).toEqual([
      expect.objectContaining({ kind: 'corrupt', role: 'consumer', index: 0, sequence: due, expected: due }),
    ]);
  });

  it.each(['none', 'sequence'])(
    'whose contents are verified only from some point on (%s before): damage that comes later is found, and only that',
    async (before) => {
      const session = await start('pipe', '--verify', before);
      const damage = async (at: number): Promise<void> => {
        const ends = pipeEnds(session);
        // Whole by its length and its number: only the checksum tells that it is nobody's.
        const fd = openSync(`/proc/${pidOf(session, 'producer')}/fd/${ends.write}`, constants.O_WRONLY);
        writeSync(fd, message(at));
        closeSync(fd);
      };
      session.say('set verify full');
      await session.until(() => session.of('note').some(({ code }) => code === 'verify_changed'));
      const changed = session.of('tick').length;
      await session.until(() => session.of('tick').length > changed + 2);
      const due = await pause(session);
      await damage(due);
      session.say('resume');
      await session.until(() => faults(session).length > 0);
      expect(await end(session)).toEqual({ ...WHOLE, corrupt: 1 });
      expect(faults(session)).toEqual([
        expect.objectContaining({ kind: 'corrupt', sequence: due, expected: due }),
      ]);
      expect(session.of('summary')[0]?.integrity).toMatchObject({
        verified: before,
        verified_at_times: 'full',
      });
    },
  );

  it('out of which somebody else reads: the stolen message is lost, and told by its number', async () => {
    const session = await start('pipe', '--verify', 'full', '--consumer-delay', '20000');
    const fd = openSync(
      `/proc/${pidOf(session, 'consumer')}/fd/${pipeEnds(session).read}`,
      constants.O_RDONLY,
    );
    const stolen = Buffer.alloc(SIZE);
    expect(readSync(fd, stolen)).toBe(SIZE);
    closeSync(fd);
    const number = Number(stolen.readBigUInt64LE(0));
    session.say('set consumer_delay_us 0');
    await session.until(() => faults(session).length > 0);
    expect(await end(session)).toEqual({ ...WHOLE, lost: 1 });
    expect(faults(session)).toEqual([
      expect.objectContaining({ kind: 'lost', sequence: number, expected: number, missing: 1 }),
    ]);
  });

  it('a number that is damaged in its highest byte is one damaged message, not the loss of all in between', async () => {
    const session = await start('pipe', '--verify', 'sequence');
    const due = await pause(session);
    const fd = openSync(
      `/proc/${pidOf(session, 'producer')}/fd/${pipeEnds(session).write}`,
      constants.O_WRONLY,
    );
    const strange = message(due);
    strange[6] = 0x7f;
    writeSync(fd, strange);
    closeSync(fd);
    session.say('resume');
    await session.until(() => faults(session).length > 0);
    expect(await end(session)).toEqual({ ...WHOLE, corrupt: 1 });
    expect(faults(session)).toMatchObject([{ kind: 'corrupt', sequence: due }]);
  });
});

/** Where the session's shared memory lies in a process. */
function mapping(pid: number): { start: number; bytes: number } {
  const line = readFileSync(`/proc/${pid}/maps`, 'utf8')
    .split('\n')
    .find((row) => row.includes('/dev/shm/ipc-scope-'));
  const [from, to] = (line ?? '')
    .split(' ', 1)
    .join('')
    .split('-')
    .map((hex) => parseInt(hex, 16));
  return { start: from ?? 0, bytes: (to ?? 0) - (from ?? 0) };
}

describe('a ring in shared memory', () => {
  it.each([
    ['its payload', 40],
    ['its number', 2],
    ['its time', 9],
  ])('in which somebody damages %s: told at the number of that message', async (_, at) => {
    const session = await start('shm', '--verify', 'full', '--capacity', '4096', '--consumer-delay', '20000');
    const pid = pidOf(session, 'producer');
    const { start: base, bytes } = mapping(pid);
    const memory = openSync(`/proc/${pid}/mem`, constants.O_RDWR);
    const ring = Buffer.alloc(bytes);
    readSync(memory, ring, 0, bytes, base);
    // Every slot holds a message that waits; the newest one is read last.
    let newest = { number: -1, offset: 0 };
    for (let offset = 0; offset + SIZE <= bytes; offset += SIZE) {
      const number = Number(ring.readBigUInt64LE(offset));
      if (ring.readUInt32LE(offset + 16) === SIZE && number > newest.number) newest = { number, offset };
    }
    expect(newest.number).toBeGreaterThan(32);
    const damaged = Buffer.from([(ring[newest.offset + at] ?? 0) ^ 0x10]);
    writeSync(memory, damaged, 0, 1, base + newest.offset + at);
    closeSync(memory);
    session.say('set consumer_delay_us 0');
    await session.until(() => faults(session).length > 0);
    expect(await end(session)).toEqual({ ...WHOLE, corrupt: 1 });
    expect(faults(session)).toEqual([
      expect.objectContaining({ kind: 'corrupt', sequence: newest.number, expected: newest.number }),
    ]);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'ipc-scope-inject-'));
const injector = join(folder, 'inject');
const source = fileURLToPath(new URL('../support/inject.c', import.meta.url));
const injects = spawnSync('cc', ['-O1', '-o', injector, source]).status === 0;
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The descriptor of a process that is a socket; its first one. */
function socketOf(session: RunningHelper): number {
  const call = session.of('call').find(({ role, name }) => role === 'producer' && name === 'send');
  return Number(/fd=(\d+)/.exec(call?.args ?? '')?.[1]);
}

function inject(session: RunningHelper, ...messages: Buffer[]): void {
  const words = [pidOf(session, 'producer'), socketOf(session)].map(String);
  const { status } = spawnSync(injector, [...words, ...messages.map((bytes) => bytes.toString('hex'))]);
  expect(status).toBe(0);
}

describe.skipIf(!injects).each([
  ['unix', '--kind', 'datagram'],
  ['unix', '--kind', 'seqpacket'],
  ['udp', '--rate', '1000'],
])('datagrams that somebody slips in, %s %s %s', (...channel) => {
  it('one that came before, one of another size, and one from the future', async () => {
    const session = await start(...channel);
    const due = await pause(session);
    inject(session, message(due - 1), Buffer.alloc(SIZE - 1), message(due + 3));
    session.say('resume');
    await session.until(() => faults(session).length >= 6);
    const { lost, corrupt, duplicated, reordered } = await end(session);
    // The three that were thought lost came late, and the fourth is the one that had been slipped in.
    expect({ lost, corrupt, duplicated, reordered }).toEqual({
      lost: 0,
      corrupt: 1,
      duplicated: 2,
      reordered: 3,
    });
    expect(faults(session)).toMatchObject([
      { kind: 'duplicated', sequence: due - 1, expected: due },
      { kind: 'corrupt', expected: due },
      { kind: 'lost', sequence: due, expected: due, missing: 3 },
      { kind: 'reordered', sequence: due, expected: due + 4 },
      { kind: 'reordered', sequence: due + 1, expected: due + 4 },
      { kind: 'reordered', sequence: due + 2, expected: due + 4 },
      { kind: 'duplicated', sequence: due + 3, expected: due + 4 },
    ]);
  });
});

describe('shared memory without any order', () => {
  const two = availableParallelism() > 1;
  const SENT = 300_000;
  const cases = ['free', ...(two ? ['apart'] : []), 'same'].flatMap((placement) =>
    [64, 4096].map((size) => [placement, size] as const),
  );
  const WRONG = ['lost', 'torn', 'duplicated'] as const;

  it.each(cases)(
    '%s, %i B: what was read whole and what was lost is what was sent, and what went wrong is told',
    async (placement, size) => {
      const { frames, summary, code } = await runSession(
        ...['shm', '--sync', 'none', '--verify', 'full', '--size', String(size), '--placement', placement],
        ...['--messages', String(SENT), '--duration', '0', '--warmup', '0'],
      );
      const { integrity } = summary;
      const [producer, consumer] = summary.processes;
      expect(producer?.messages).toBe(SENT);
      expect((consumer?.messages ?? 0) - integrity.torn + integrity.lost).toBe(SENT);
      expect(integrity).toMatchObject({ corrupt: 0, reordered: 0 });
      expect(code).toBe(WRONG.some((kind) => integrity[kind] > 0) ? 1 : 0);
      const told = frames.flatMap((frame) =>
        frame.t === 'note' && frame.code === 'integrity_fault' ? [frame.params] : [],
      );
      for (const kind of WRONG) {
        const ofKind = told.filter((fault) => fault['kind'] === kind).length;
        // The first four that the consumer finds, and what was lost after the last message that it read.
        expect(ofKind).toBeLessThanOrEqual(kind === 'lost' ? 5 : 4);
        expect(ofKind > 0).toBe(integrity[kind] > 0);
      }
      for (const fault of told) expect(Number(fault['sequence'])).toBeLessThan(SENT);
    },
  );

  it('a consumer that was asleep while everything was sent has lost all of it, and that is told', async () => {
    const session = await start('shm', '--sync', 'none', '--verify', 'sequence', '--rate', '1000');
    process.kill(pidOf(session, 'consumer'), 'SIGSTOP');
    await session.until(() => session.of('note').some(({ code }) => code === 'process_stopped'));
    const read = session.of('tick').at(-1)?.processes[1]?.messages ?? 0;
    const sent = (): number => session.of('tick').at(-1)?.processes[0]?.messages ?? 0;
    await session.until(() => sent() > read + 100);
    session.say('stop');
    await session.until(() => session.of('tick').at(-1)?.phase === 'drain');
    process.kill(pidOf(session, 'consumer'), 'SIGCONT');
    const { lost, duplicated } = await end(session);
    expect(lost).toBeGreaterThanOrEqual(100);
    expect(duplicated).toBeGreaterThan(0);
    const last = faults(session).findLast(({ kind }) => kind === 'lost');
    expect(Number(last?.['sequence']) + Number(last?.['missing'])).toBe(sent());
  });

  it.skipIf(!two)('on two CPUs long messages are really torn', async () => {
    let torn = 0;
    for (let i = 0; i < 5 && torn === 0; ++i) {
      const { summary } = await runSession(
        ...['shm', '--sync', 'none', '--verify', 'full', '--size', '65536', '--placement', 'apart'],
        ...['--duration', '300', '--warmup', '0'],
      );
      torn = summary.integrity.torn;
    }
    expect(torn).toBeGreaterThan(0);
  });
});

it('nothing is left in the system', () => {
  expect(leftovers()).toEqual([]);
});
