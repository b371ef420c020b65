import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SessionFrame, Tick } from '#contract/frames';
import type { FramesRange } from '#contract/replay';
import { call, hello, ndjson, note, summary, tick } from '#contract/test-frames';
import { readFrames } from './read-frames.ts';

const MS = 1e6;
let path: string;
beforeEach(async () => {
  path = join(await mkdtemp(join(tmpdir(), 'ipc-scope-frames-')), 'frames.ndjson');
});
afterEach(() => rm(join(path, '..'), { recursive: true, force: true }));

/** Ticks of 50 ms each, a note every 40 of them. */
async function record(ticks: number, change: Partial<Tick> = {}): Promise<void> {
  const frames: object[] = [hello()];
  for (let n = 1; n <= ticks; n++) {
    frames.push(tick(n, change));
    if (n % 40 === 0) frames.push({ ...note('rate_changed', { n }), elapsed_ns: n * 50 * MS + 1 });
  }
  await writeFile(path, ndjson(...frames, { ...summary(), elapsed_ns: ticks * 50 * MS + 2 }));
}

const read = (change: Partial<FramesRange>) =>
  readFrames(path, { from_ns: 0, to_ns: 1e15, every_ns: 0, ...change });
const ticksOf = (frames: readonly SessionFrame[]): Tick[] => frames.filter((frame) => frame.t === 'tick');

describe('a stretch of a recording', () => {
  it('is found wherever it is', async () => {
    await record(4000);
    for (const from of [0, 1, 39, 40, 777, 1_999, 3_990, 3_999]) {
      const to = from + 5;
      const { frames, full, end } = await read({ from_ns: from * 50 * MS, to_ns: to * 50 * MS });
      const expected = Array.from({ length: Math.min(5, 4000 - from) }, (_, i) => from + i + 1);
      expect(ticksOf(frames).map(({ elapsed_ns }) => elapsed_ns / (50 * MS))).toEqual(expected);
      expect([full, end]).toEqual([false, to >= 4000]);
    }
  }, 30_000);

  it('holds notes in their place, and what is later in none', async () => {
    await record(400);
    const { frames } = await read({ from_ns: 75 * 50 * MS, to_ns: 85 * 50 * MS });
    expect(frames.map(({ t }) => t)).toEqual([
      ...Array.from({ length: 5 }, () => 'tick'),
      'note',
      ...Array.from({ length: 5 }, () => 'tick'),
    ]);
  });

  it('beyond the end is empty, and says that nothing follows', async () => {
    await record(100);
    expect(await read({ from_ns: 1e12, to_ns: 2e12 })).toMatchObject({ frames: [], end: true });
  });

  it('is merged for a fast replay, and no message and no latency is lost', async () => {
    await record(1000);
    const { frames } = await read({ from_ns: 0, to_ns: 1000 * 50 * MS, every_ns: 330 * MS });
    const ticks = ticksOf(frames);
    expect(ticks.length).toBeLessThan(160);
    expect(ticks.reduce((sum, { interval_ns }) => sum + interval_ns, 0)).toBe(1000 * 50 * MS);
    const latencies = ticks.flatMap(({ latency }) => latency.buckets.filter((_, i) => i % 2 === 1));
    expect(latencies.reduce((a, b) => a + b)).toBe(1000 * 50);
  });

  it('that is too much for one answer goes on in the next', async () => {
    const buckets = Array.from({ length: 4000 }, (_, i) => (i % 2 === 0 ? 10_000 + i : 5));
    await record(400, { latency: { kind: 'one_way', buckets } });
    let from_ns = 0;
    let answers = 0;
    const times: number[] = [];
    for (;;) {
      const { frames, until_ns, full } = await read({ from_ns, to_ns: 400 * 50 * MS });
      times.push(...ticksOf(frames).map(({ elapsed_ns }) => elapsed_ns / (50 * MS)));
      answers++;
      if (!full) break;
      from_ns = until_ns;
    }
    expect(answers).toBeGreaterThan(2);
    expect(times).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
  });

  it('with damaged lines, and of a file that was cut off, is what can be read', async () => {
    await writeFile(
      path,
      `${ndjson(hello(), tick(1))}rubbish\n${ndjson(tick(3))}{"t":"tick","elapsed_ns":2000`,
    );
    const { frames, end } = await read({});
    expect(ticksOf(frames)).toHaveLength(2);
    expect(end).toBe(true);
  });

  it.each([
    ['nothing', ''],
    ['no line end', 'x'.repeat(400_000)],
    ['line ends alone', '\n'.repeat(80_000)],
    ['times that go backwards', ndjson(hello(), ...Array.from({ length: 300 }, (_, i) => tick(300 - i)))],
    ['calls alone', ndjson(...Array.from({ length: 2000 }, (_, i) => call(i)))],
  ])('of a file with %s ends', async (_, text) => {
    await writeFile(path, text);
    for (const from_ns of [0, 1e9, 1e12]) {
      const { frames, until_ns, full } = await read({ from_ns, to_ns: from_ns + 1e9 });
      expect(frames.length).toBeLessThan(5001);
      expect(full && until_ns <= from_ns).toBe(false);
    }
  });

  it('of a recording that cannot be read is refused', async () => {
    await expect(read({})).rejects.toMatchObject({ error: { code: 'recording_damaged' } });
  });
});
