/** Recordings made on the spot, as fast as the disk takes them: to be listed, and to be opened, by the thousand. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { call, hello, ndjson, note, summary, tick } from '#contract/test-frames';

const MECHANISMS = ['pipe', 'fifo', 'unix', 'tcp', 'shm', 'mq'];

/** The nth of many runs: a minute after the one before it. */
export function runId(n: number, mechanism: string): string {
  const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();
  return `${at.slice(0, 10).replaceAll('-', '')}-${at.slice(11, 19).replaceAll(':', '')}-${mechanism}-0000`;
}

/** Writes so many whole runs with labels at every tenth; answers their ids, the oldest first. */
export function makeRuns(folder: string, count: number): string[] {
  const frames = ndjson(hello(), tick(1), tick(2), summary());
  const ids: string[] = [];
  for (let n = 0; n < count; n++) {
    const mechanism = MECHANISMS[n % MECHANISMS.length] ?? 'pipe';
    const id = runId(n, mechanism);
    const path = join(folder, 'runs', id);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    writeFileSync(join(path, 'run.json'), runFile(id, mechanism, Date.UTC(2026, 0, 1) + n * 60_000));
    writeFileSync(join(path, 'frames.ndjson'), frames);
    if (n % 10 === 0) {
      const label = { name: `Run ${n}`, note: '', tags: [`tag-${n % 100}`], pinned: n % 1000 === 0 };
      writeFileSync(join(path, 'label.json'), JSON.stringify(label));
    }
    ids.push(id);
  }
  return ids;
}

function runFile(id: string, mechanism: string, created_ms: number): string {
  return JSON.stringify({
    format: 1,
    id,
    created_ms,
    spec: { mechanism, options: { size_bytes: 64 } },
    app: '0.1.0',
    helper: '0.1.0',
    writer_pid: 1,
    state: 'finished',
    summary: summary({ mechanism }),
  });
}

export interface LongRun {
  id: string;
  frames: number;
  /** Ticks of 50 ms with 50 messages each, of which one is a spike. */
  ticks: number;
  spike: { at_s: number; latency_ns: number };
}

/** One run of so many frames: nine ticks in ten, an entry of the call log in the tenth place, a note now and then. */
export function makeLongRun(folder: string, frames: number): LongRun {
  const id = runId(0, 'pipe');
  const path = join(folder, 'runs', id);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(join(path, 'run.json'), runFile(id, 'pipe', Date.UTC(2026, 0, 1)));
  const file = openSync(join(path, 'frames.ndjson'), 'w', 0o600);
  // Only the numbers that change are put in; the rest of the line is always the same.
  const parts = JSON.stringify(tick(777_777, { latency: { kind: 'one_way', buckets: [888_888, 50] } }))
    .replaceAll(String(777_777 * 50_000_000), '@elapsed@')
    .replaceAll(String(777_777 * 50), '@messages@')
    .replaceAll(String(777_777 * 3200), '@bytes@')
    .replaceAll('888888', '@bucket@')
    .split('@');
  const at = Math.floor(frames * 0.37);
  const spike = { at_s: 0, latency_ns: 0 };
  let ticks = 0;
  let lines = [ndjson(hello()).trimEnd()];
  for (let n = 1; n < frames - 1; n++) {
    if (n % 10 === 9) lines.push(JSON.stringify({ ...call(0), elapsed_ns: ticks * 50_000_000 + 1 }));
    else if (n % 50_000 === 0) {
      lines.push(
        JSON.stringify({ ...note('rate_changed', { rate_per_s: n }), elapsed_ns: ticks * 50_000_000 + 1 }),
      );
    } else {
      ticks++;
      const high = n >= at && spike.at_s === 0;
      if (high) Object.assign(spike, { at_s: ticks * 0.05, latency_ns: 950_000 });
      const values: Record<string, number> = {
        elapsed: ticks * 50_000_000,
        messages: ticks * 50,
        bytes: ticks * 3200,
        // The bucket of a millisecond, and one of a few hundred ns.
        bucket: high ? 11_152 : 100 + (ticks % 400),
      };
      lines.push(parts.map((part) => values[part] ?? part).join(''));
    }
    if (lines.length >= 4000) {
      writeSync(file, `${lines.join('\n')}\n`);
      lines = [];
    }
  }
  lines.push(JSON.stringify({ ...summary(), elapsed_ns: ticks * 50_000_000 + 2 }));
  writeSync(file, `${lines.join('\n')}\n`);
  closeSync(file);
  return { id, frames, ticks, spike };
}
