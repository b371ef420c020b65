/** The charts of a session over time, as data: which columns, on which scale, in which colours. */
import type { ChartId } from '#contract/charts';
import type { Hello, Role } from '#contract/frames';
import type { ColumnUnit } from '#contract/series';
import type { Mark } from './figure.ts';
import type { ReportWords } from './words.ts';

export interface SeriesSpec {
  /** Column of the ring. */
  key: string;
  /** What it is called. */
  name: keyof ReportWords['series'];
  unit: ColumnUnit;
  /** Number of the colour token, 1 to 5; the mark tells the series apart without colour. */
  colour: 1 | 2 | 3 | 4 | 5;
  mark: Mark;
  /** Only read out, not drawn: it has another unit than the axis. */
  readOnly?: boolean;
  axis?: 'left' | 'right';
}

export interface ChartSpec {
  /** All charts but the distribution, which has no time. */
  id: Exclude<ChartId, 'distribution'>;
  scale: 'linear' | 'log' | 'share';
  series: SeriesSpec[];
  /** The series are parts of one whole, each on top of the one before. */
  stacked?: boolean;
}

/** Whose time is shown: of all processes of the role on average, or of one by its index. */
export type Whose = 'all' | number;

const MARKS: readonly Mark[] = ['circle', 'square', 'triangle', 'diamond', 'cross'];

function line(
  name: SeriesSpec['name'],
  unit: ColumnUnit,
  n: 0 | 1 | 2 | 3 | 4,
  more: Partial<SeriesSpec> = {},
): SeriesSpec {
  const colour = (n + 1) as SeriesSpec['colour'];
  return { key: name, name, unit, colour, mark: MARKS[n] ?? 'circle', ...more };
}

/** How the processes of a role spend their time: what lies above the three is time that nobody accounts for. */
function timeOf(role: Role, whose: Whose): ChartSpec {
  const of = whose === 'all' ? role : `${role}/${whose}`;
  return {
    id: `${role}_time`,
    scale: 'share',
    stacked: true,
    series: [
      line('running_share', 'share', 2, { key: `running_share/${of}` }),
      line('runnable_share', 'share', 0, { key: `runnable_share/${of}` }),
      line('blocked_share', 'share', 1, { key: `blocked_share/${of}` }),
    ],
  };
}

/** How many processes of a role there are; one of each before it is known. */
export function countOf(hello: Pick<Hello, 'processes'> | null, role: Role): number {
  return hello?.processes.filter((process) => process.role === role).length ?? 1;
}

export function chartSpecs(whose: Record<Role, Whose> = { producer: 'all', consumer: 'all' }): ChartSpec[] {
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
    {
      id: 'queue',
      scale: 'share',
      series: [
        line('queue_share', 'share', 0),
        line('queue_bytes', 'bytes', 0, { readOnly: true }),
        line('queue_messages', 'messages', 0, { readOnly: true }),
      ],
    },
    timeOf('producer', whose.producer),
    timeOf('consumer', whose.consumer),
    {
      id: 'switches',
      scale: 'linear',
      series: [
        line('voluntary_switches_per_s', 'per_second', 0),
        line('involuntary_switches_per_s', 'per_second', 1),
        line('minor_faults_per_s', 'per_second', 2, { axis: 'right' }),
        line('major_faults_per_s', 'per_second', 3, { axis: 'right' }),
      ],
    },
    {
      id: 'errors',
      scale: 'linear',
      series: [line('errors', 'count', 1), line('would_block_per_s', 'per_second', 3, { axis: 'right' })],
    },
    { id: 'bytes', scale: 'linear', series: [line('bytes_per_s', 'bytes_per_second', 0)] },
  ];
}
