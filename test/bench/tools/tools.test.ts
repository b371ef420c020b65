/** What is read from the output of the field's tools: as each really printed it (../fixtures). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseHackbench } from './hackbench.js';
import { findTools } from './index.js';
import { parseIperf } from './iperf3.js';
import { parseMessaging, parsePipe } from './perf.js';
import { parseQperf } from './qperf.js';
import { parseSockperf } from './sockperf.js';
import { parseStress } from './stress-ng.js';
import type { Cell } from './tool.js';

const recorded = (name: string): string =>
  readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');

describe('parsers', () => {
  it('perf bench sched pipe: the mean of a round trip', () => {
    const { mean_ns, p50_ns, messages_per_s } = parsePipe(recorded('perf-bench-sched-pipe.txt'));
    expect(mean_ns).toBeCloseTo(15_196.3);
    expect(messages_per_s).toBeCloseTo(65_805, -1);
    expect(p50_ns).toBeNull();
  });

  it('perf bench sched messaging: 400 messages a loop', () => {
    const { messages_per_s } = parseMessaging(recorded('perf-bench-sched-messaging.txt'), 100);
    expect(messages_per_s).toBeCloseTo(40_000 / 0.387);
  });

  it('hackbench: messages and seconds', () => {
    expect(parseHackbench(recorded('hackbench-pipe.txt')).messages_per_s).toBeCloseTo(100_000 / 0.201);
  });

  it('stress-ng: operations a second of real time, of the stressor that is meant', () => {
    expect(parseStress(recorded('stress-ng-msg.txt'), 'msg').messages_per_s).toBe(171_288.42);
    expect(parseStress(recorded('stress-ng-pipe.txt'), 'pipe').messages_per_s).toBe(236_160.89);
    expect(() => parseStress(recorded('stress-ng-msg.txt'), 'pipe')).toThrow('not understood');
  });

  it('iperf3: what was received, as messages', () => {
    const { messages_per_s } = parseIperf(recorded('iperf3.json'), 65_536);
    expect(messages_per_s).toBeCloseTo(756_613_120 / 65_536 / 1.006152, 0);
  });

  it('sockperf: whole round trips, whether it halves them or not', () => {
    expect(parseSockperf(recorded('sockperf-ping-pong-full-rtt.txt'))).toMatchObject({
      mean_ns: 44_595,
      p50_ns: 13_560,
      p99_ns: 395_398,
    });
    expect(parseSockperf(recorded('sockperf-ping-pong.txt'))).toMatchObject({
      mean_ns: 42_610,
      p50_ns: 13_560,
    });
  });

  it('qperf: twice its latency, and bytes as messages', () => {
    expect(parseQperf(recorded('qperf.txt'), 'tcp_lat', 64).mean_ns).toBe(2 * 21_064);
    expect(parseQperf(recorded('qperf.txt'), 'udp_lat', 64).mean_ns).toBe(2 * 16_120);
    expect(parseQperf(recorded('qperf.txt'), 'tcp_bw', 64).messages_per_s).toBeCloseTo(13_188_119 / 64);
  });

  it('refuse what they do not understand, rather than make a figure of it', () => {
    const nonsense = 'connection refused';
    expect(() => parsePipe(nonsense)).toThrow(nonsense);
    expect(() => parseHackbench(nonsense)).toThrow();
    expect(() => parseIperf('{"error":"unable to connect"}', 64)).toThrow('unable');
    expect(() => parseSockperf(nonsense)).toThrow();
    expect(() => parseQperf(nonsense, 'tcp_lat', 64)).toThrow();
  });
});

describe('findTools', () => {
  it('names the packages of those that are missing, each once, and never fails', () => {
    const { tools, all, install } = findTools(undefined, (program) => program === 'hackbench');
    expect(tools.map(({ program }) => program)).toEqual(['hackbench']);
    expect(all.length).toBeGreaterThan(tools.length);
    expect(install).toBe('sudo apt-get install linux-perf stress-ng iperf3 sockperf qperf');
    expect(findTools(undefined, () => true).install).toBeUndefined();
  });

  it('compares each only with what is comparable', () => {
    const { all } = findTools(undefined, () => true);
    const fitting = (cell: Partial<Cell>): string[] =>
      all
        .filter((tool) =>
          tool.fits({ mechanism: '', choices: {}, pattern: '', size: 64, placement: 'apart', ...cell }),
        )
        .map(({ name }) => name);
    expect(fitting({ mechanism: 'pipe', pattern: 'pingpong' })).toEqual(['perf bench sched pipe']);
    expect(fitting({ mechanism: 'pipe', pattern: 'pingpong', size: 1024 })).toEqual([]);
    expect(fitting({ mechanism: 'udp', pattern: 'pingpong' })).toEqual(['sockperf ping-pong', 'qperf']);
    expect(fitting({ mechanism: 'shm', choices: { sync: 'spin' }, pattern: 'stream' })).toEqual([]);
    expect(fitting({ mechanism: 'pipe', pattern: 'fan_in' })).toEqual([]);
  });
});
