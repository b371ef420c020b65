/** Remote procedure calls as a session: every transport and procedure, and where the time of a call goes. */
import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../electron/contract/spread.ts';
import { leftovers, runSession, type FrameOf } from '../support/helper.ts';

const KINDS = ['tcp', 'udp', 'unix'];
const PROCEDURES = ['echo', 'sum', 'describe'];
const GREATEST = { tcp: 16_777_216, udp: 65_160, unix: 16_777_216 };
const PARTS = ['marshal_ns', 'transport_ns', 'execute_ns', 'unmarshal_ns'];
const counted = ['--warmup', '0', '--duration', '0', '--verify', 'full'];
const whole = { lost: 0, corrupt: 0, torn: 0, duplicated: 0, reordered: 0 };

async function run(kind: string, procedure: string, ...args: string[]): ReturnType<typeof runSession> {
  return await runSession('rpc', '--kind', kind, '--procedure', procedure, ...args);
}

describe.each(KINDS)('calls over %s', (kind) => {
  it.each(PROCEDURES)('%s: two processes, nothing lost, a round trip each', async (procedure) => {
    const { frames, summary, code } = await run(kind, procedure, '--duration', '250', '--warmup', '50');
    expect(code).toBe(0);
    expect(summary).toMatchObject({
      mechanism: 'rpc',
      pattern: 'pingpong',
      ended_by: 'duration',
    });
    expect(summary.options).toMatchObject({ kind, procedure });
    expect(summary.integrity).toMatchObject({
      verified: 'sequence',
      ...whole,
    });
    expect(summary.messages).toBeGreaterThan(10);
    expect(summary.bytes).toBe(summary.messages * 64);
    expect(summary.latency.kind).toBe('round_trip');
    expect(summary.latency.samples).toBeGreaterThan(0);
    expect(summary.processes.map((process) => process.exit)).toEqual(['exit 0', 'exit 0']);
    const calls = frames.filter((frame) => frame.t === 'call').map((frame) => frame.name);
    expect(new Set(calls)).toEqual(new Set(['send', 'recv']));
  });

  it.each(PROCEDURES)(
    '%s: messages of every size come back whole, also without blocking',
    async (procedure) => {
      for (const size of [1, 7, 8, 23, 24, 100, 4097, 65_160, GREATEST[kind as keyof typeof GREATEST]]) {
        const count = size > 1e6 ? 1 : 40;
        const { summary } = await run(
          kind,
          procedure,
          ...counted,
          ...['--size', String(size), '--messages', String(count)],
          ...['--blocking', size % 2 === 0 ? 'true' : 'false'],
        );
        expect(summary).toMatchObject({
          ended_by: 'count',
          messages: count,
          bytes: count * size,
        });
        expect(summary.integrity).toMatchObject({ verified: 'full', ...whole });
      }
    },
  );

  it('the object is a socket that is named as the system names it', async () => {
    const { frames } = await run(kind, 'echo', '--messages', '5', '--warmup', '0');
    const hello = frames[0] as FrameOf<'hello'>;
    const name = hello.objects[0]?.name ?? '';
    expect(hello.objects[0]?.kind).toBe('socket');
    if (kind === 'unix') {
      expect(name).toBe(`@ipc-scope-${hello.pid}-rpc-client to @ipc-scope-${hello.pid}-rpc-server`);
    } else {
      expect(name).toMatch(/^127\.0\.0\.1:\d+ to 127\.0\.0\.1:\d+$/);
    }
  });
});

describe('the bytes of a call', () => {
  const word = (hex: string, at: number): number => Number.parseInt(hex.slice(2 * at, 2 * at + 8), 16);
  const cases = KINDS.flatMap((kind) => PROCEDURES.map((procedure) => [kind, procedure] as const));

  it.each(cases)(
    'over %s, %s: every byte has its field, and the fields say what stands there',
    async (kind, procedure) => {
      const { frames } = await run(kind, procedure, '--messages', '30', '--duration', '0', '--warmup', '0');
      const shown = frames.filter((frame) => frame.t === 'rpc_call');
      expect(shown).toHaveLength(1);
      const [sample] = shown;
      if (sample === undefined) throw new Error('no call is shown');
      expect(sample).toMatchObject({ kind, procedure });
      for (const side of [sample.call, sample.reply]) {
        expect(side.fault).toBeUndefined();
        expect(side.hex).toHaveLength(2 * side.total_bytes);
        let at = 0;
        for (const { offset, length } of side.fields) {
          expect(offset).toBe(at);
          at += length;
        }
        expect(at).toBe(side.total_bytes);
      }
      const field = (side: typeof sample.call, name: string) => side.fields.find((one) => one.name === name);
      const { call, reply } = sample;
      const start = kind === 'udp' ? 0 : 4;
      if (kind !== 'udp') {
        expect(word(call.hex, 0)).toBe(0x8000_0000 + call.total_bytes - 4);
        expect(word(reply.hex, 0)).toBe(0x8000_0000 + reply.total_bytes - 4);
      }
      expect(word(call.hex, start)).toBe(word(reply.hex, start));
      expect(Number(field(call, 'xid')?.value)).toBe(word(call.hex, start));
      expect(field(call, 'program')?.value).toContain('0x20495043');
      expect(field(call, 'procedure')?.value.toLowerCase()).toContain(procedure);
      expect(field(reply, 'accept_status')?.value).toBe('0 (SUCCESS)');
    },
  );

  it('of a call longer than is kept the beginning is shown, with its whole length', async () => {
    const { frames } = await run('tcp', 'echo', '--size', '100000', '--messages', '5', '--warmup', '0');
    const sample = frames.find((frame) => frame.t === 'rpc_call');
    expect(sample?.call.total_bytes).toBe(100_000 + 48);
    expect(sample?.call.hex.length).toBeLessThan(2000);
    expect(sample?.call.fields.at(-1)).toMatchObject({ name: 'content', offset: 48, length: 100_000 });
    expect(sample?.call.fault).toBeUndefined();
  });
});

describe('where the time of a call goes', () => {
  it.each(PROCEDURES)('%s: the four parts together are the round trip', async (procedure) => {
    const { frames, summary } = await run(
      'tcp',
      procedure,
      '--rate',
      '500',
      '--duration',
      '500',
      '--warmup',
      '0',
    );
    const gauges = frames.flatMap((frame) =>
      frame.t === 'tick' && frame.queue.gauges ? [frame.queue.gauges] : [],
    );
    expect(gauges.length).toBeGreaterThan(2);
    for (const gauge of gauges) expect(Object.keys(gauge)).toEqual(PARTS);
    const sums = gauges.map((gauge) => PARTS.reduce((total, part) => total + (gauge[part] ?? 0), 0));
    // A usual tick lies between the fastest and the slowest call; a single one may hold a stall that no sample met.
    const usual = spreadOf(sums).median;
    expect(usual).toBeGreaterThan(summary.latency.min_ns / 2);
    expect(usual).toBeLessThanOrEqual(summary.latency.max_ns);
  });

  it('what the consumer delays is execution', async () => {
    const { frames } = await run(
      'unix',
      'echo',
      '--consumer-delay',
      '3000',
      '--messages',
      '50',
      '--warmup',
      '0',
    );
    const gauges = frames.flatMap((frame) =>
      frame.t === 'tick' && frame.queue.gauges ? [frame.queue.gauges] : [],
    );
    // The first calls may come before the consumer has heard of its delay, and those at the end are not delayed.
    expect(gauges.some((gauge) => (gauge['execute_ns'] ?? 0) >= 3e6)).toBe(true);
    const median = (part: string): number =>
      gauges.map((gauge) => gauge[part] ?? 0).sort((a, b) => a - b)[gauges.length >> 1] ?? 0;
    expect(median('marshal_ns')).toBeLessThan(1e6);
    expect(median('unmarshal_ns')).toBeLessThan(1e6);
  });

  it('without counters nothing is timed', async () => {
    const { frames, summary } = await run(
      'tcp',
      'echo',
      '--stats',
      'false',
      '--messages',
      '500',
      '--warmup',
      '0',
    );
    expect(summary.messages).toBe(500);
    expect(frames.some((frame) => frame.t === 'tick' && frame.queue.gauges !== undefined)).toBe(false);
  });
});

it('a rate is kept', async () => {
  const { summary } = await run('tcp', 'sum', '--rate', '1000', '--duration', '1000', '--warmup', '100');
  expect(summary.messages_per_s).toBeGreaterThan(900);
  expect(summary.messages_per_s).toBeLessThan(1100);
});

it('nothing is left in the system', () => {
  expect(leftovers()).toEqual([]);
});
