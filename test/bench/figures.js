/** Rate and latency of the mechanisms beside bare C loops that do the same system calls, interleaved in one run. */
import { buildBareLoops, micro, million, runBareLoop, runHelper, spread, table } from './measure.js';

const SIZES = [64, 1024, 65_536];

/** @param {import('./measure.js').BenchOptions} options */
export async function figures({ root, helper, repeat, duration_ms, placement }) {
  const bare = buildBareLoops(root);
  const mechanisms = [['pipe'], ['tcp'], ['shm', '--sync', 'spin'], ['shm', '--sync', 'futex']];
  const rows = [];
  for (const pattern of ['stream', 'pingpong']) {
    for (const [id = '', ...sync] of mechanisms) {
      for (const size of SIZES) {
        const common = ['--size', String(size), '--duration', String(duration_ms)];
        /** @type {import('./measure.js').Figures[]} */
        const ours = [];
        /** @type {import('./measure.js').Figures[]} */
        const theirs = [];
        for (let i = 0; i < repeat; i++) {
          const args = [id, ...sync, '--pattern', pattern, '--placement', placement, ...common];
          const bareArgs = [id, pattern, '--size', String(size), '--duration-ms', String(duration_ms)];
          bareArgs.push('--placement', placement);
          // Bare loops have one shared-memory ring, a spinning one.
          const compared = !sync.includes('futex');
          if (compared && i % 2 === 1) theirs.push(runBareLoop(bare, bareArgs));
          ours.push(await runHelper(helper, args));
          if (compared && i % 2 === 0) theirs.push(runBareLoop(bare, bareArgs));
        }
        const of = (
          /** @type {import('./measure.js').Figures[]} */ list,
          /** @type {'messages_per_s' | 'p50_ns' | 'p99_ns'} */ key,
        ) => spread(list.map((figures) => figures[key]));
        const key = pattern === 'stream' ? 'messages_per_s' : 'p50_ns';
        rows.push({
          mechanism: [id, ...sync.slice(1)].join(' '),
          pattern,
          size_bytes: size,
          rate: of(ours, 'messages_per_s'),
          p50: of(ours, 'p50_ns'),
          p99: of(ours, 'p99_ns'),
          bare_rate: of(theirs, 'messages_per_s'),
          bare_p50: of(theirs, 'p50_ns'),
          ratio: spread(ours.map((figures, i) => figures[key] / (theirs[i]?.[key] ?? NaN))),
        });
      }
    }
  }
  const markdown = table(
    [
      `placement ${placement}`,
      'size',
      'million/s',
      'p50 µs',
      'p99 µs',
      'bare: million/s',
      'bare: p50 µs',
      'ratio to bare',
      'least … greatest',
    ],
    rows.map((row) => [
      `${row.mechanism} ${row.pattern}`,
      `${row.size_bytes} B`,
      million(row.rate.median),
      micro(row.p50.median),
      micro(row.p99.median),
      Number.isNaN(row.bare_rate.median) ? '–' : million(row.bare_rate.median),
      Number.isNaN(row.bare_p50.median) || row.pattern === 'stream' ? '–' : micro(row.bare_p50.median),
      Number.isNaN(row.ratio.median) ? '–' : row.ratio.median.toFixed(2),
      Number.isNaN(row.ratio.median) ? '–' : `${row.ratio.min.toFixed(2)} … ${row.ratio.max.toFixed(2)}`,
    ]),
  );
  return {
    rows,
    markdown: `${markdown}\n\nRatio: messages a second for stream (above 1 is faster than bare), p50 of the round trip for pingpong (below 1 is faster).`,
  };
}
