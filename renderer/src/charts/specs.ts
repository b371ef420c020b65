/** The charts of a session, as data: which columns, on which scale, in which colours. */
import type { Hello } from '#contract/frames';
import { processColumn, type ColumnUnit } from '#contract/series';

export type Mark = 'circle' | 'square' | 'triangle' | 'diamond' | 'cross';

export interface SeriesSpec {
  /** Column of the ring. */
  key: string;
  unit: ColumnUnit;
  /** Number of the colour token, 1 to 5; the mark tells the series apart without colour. */
  colour: 1 | 2 | 3 | 4 | 5;
  mark: Mark;
  /** Only read out, not drawn: it has another unit than the axis. */
  readOnly?: boolean;
  axis?: 'left' | 'right';
  process?: { role: 'producer' | 'consumer'; index: number };
}

export interface ChartSpec {
  id: 'messages' | 'latency' | 'bytes' | 'queue' | 'blocked' | 'errors';
  scale: 'linear' | 'log' | 'share';
  series: SeriesSpec[];
}

const MARKS: readonly Mark[] = ['circle', 'square', 'triangle', 'diamond', 'cross'];

function line(
  key: string,
  unit: ColumnUnit,
  n: 0 | 1 | 2 | 3 | 4,
  more: Partial<SeriesSpec> = {},
): SeriesSpec {
  return { key, unit, colour: (n + 1) as SeriesSpec['colour'], mark: MARKS[n] ?? 'circle', ...more };
}

/** There are five colours; of many processes those with the lowest numbers are drawn, of both roles. */
function drawn<P extends { role: 'producer' | 'consumer' }>(processes: readonly P[]): P[] {
  const producers = processes.filter(({ role }) => role === 'producer');
  const consumers = processes.filter(({ role }) => role === 'consumer');
  const senders = producers.slice(0, MARKS.length - Math.min(2, consumers.length));
  return [...senders, ...consumers.slice(0, MARKS.length - senders.length)];
}

export function chartSpecs(hello: Pick<Hello, 'processes'> | null): ChartSpec[] {
  const processes = hello?.processes ?? [
    { role: 'producer' as const, index: 0 },
    { role: 'consumer' as const, index: 0 },
  ];
  return [
    { id: 'messages', scale: 'linear', series: [line('messages_per_s', 'per_second', 0)] },
    {
      id: 'latency',
      scale: 'log',
      series: [
        line('p50_ns', 'ns', 0),
        line('p90_ns', 'ns', 2),
        line('p99_ns', 'ns', 1),
        line('p99_9_ns', 'ns', 3),
        line('max_ns', 'ns', 4),
      ],
    },
    { id: 'bytes', scale: 'linear', series: [line('bytes_per_s', 'bytes_per_second', 0)] },
    {
      id: 'queue',
      scale: 'share',
      series: [
        line('queue_share', 'share', 0),
        line('queue_bytes', 'bytes', 0, { readOnly: true }),
        line('queue_messages', 'messages', 0, { readOnly: true }),
      ],
    },
    {
      id: 'blocked',
      scale: 'share',
      series: drawn(processes).map(({ role, index }, n) =>
        line(processColumn('blocked_share', { role, index }), 'share', (n % 5) as 0 | 1 | 2 | 3 | 4, {
          process: { role, index },
        }),
      ),
    },
    {
      id: 'errors',
      scale: 'linear',
      series: [line('errors', 'count', 1), line('would_block_per_s', 'per_second', 3, { axis: 'right' })],
    },
  ];
}
