/** Words of a sweep for terminal and exported files. */
import type { Locale } from '../settings.ts';
import type { Metric } from '../sweep-results.ts';
import { formatBytesRate, formatDuration, formatRate } from './format.ts';

const FORMATS: Readonly<Record<Metric, (value: number, locale: Locale) => string>> = {
  messages_per_s: formatRate,
  bytes_per_s: formatBytesRate,
  p50_ns: formatDuration,
  p99_ns: formatDuration,
};

/** `2.61 M/s`, `1.05 GB/s`, `45.2 µs`. */
export function formatMetric(value: number, metric: Metric, locale: Locale): string {
  return FORMATS[metric](value, locale);
}

/** A time to wait, given in ms, as people say it: `45 s`, `2 min 30 s`, `1 h 20 min`. */
export function formatWait(ms: number, locale: Locale): string {
  const [h, min, s] = { en: [' h', ' min', ' s'], ko: ['시간', '분', '초'] }[locale] as [
    string,
    string,
    string,
  ];
  const seconds = Math.max(1, Math.ceil(ms / 1000 - 1e-9));
  if (seconds < 60) return `${seconds}${s}`;
  const parts =
    seconds < 3600
      ? [`${Math.floor(seconds / 60)}${min}`, seconds % 60 && `${seconds % 60}${s}`]
      : [
          `${Math.floor(seconds / 3600)}${h}`,
          Math.floor(seconds / 60) % 60 && `${Math.floor(seconds / 60) % 60}${min}`,
        ];
  return parts.filter((part) => part !== 0).join(' ');
}

const en = {
  title: (when: string) => `Sweep of ${when}`,
  metrics: { messages_per_s: 'messages/s', bytes_per_s: 'bytes/s', p50_ns: 'p50', p99_ns: 'p99' },
  channel: 'channel',
  pattern: 'pattern',
  size: 'message',
  spread: 'spread',
  measured: 'measured',
  median: (metric: string) => `${metric} (median)`,
  /** Under a table of medians. */
  howMeasured: (repetitions: string, duration: string, warmup: string, seed: string) =>
    `Median of ${repetitions} repetitions of ${duration} each after ${warmup} of warm-up. Each repetition is one pass over all cells in a shuffled order (seed ${seed}).`,
  unstable: (limit: string) =>
    `† The repetitions lie further apart than ${limit} times: compare such a cell with nothing.`,
  failed: 'failed',
  notYet: 'not measured',
  options: (options: string) => `Options of all: ${options}.`,
  faults: 'Messages lost, damaged or out of order',
  failures: 'Failed measurements',
  leftOut: 'Left out because this system cannot do it',
  unfinished: (done: string, steps: string) => `Not finished: ${done} of ${steps} measurements.`,
};

const ko: typeof en = {
  title: (when) => `일괄 측정 (${when})`,
  metrics: { messages_per_s: '초당 메시지', bytes_per_s: '초당 바이트', p50_ns: 'p50', p99_ns: 'p99' },
  channel: '통신 방식',
  pattern: '패턴',
  size: '메시지 크기',
  spread: '최소–최대',
  measured: '측정 횟수',
  median: (metric) => `${metric} (중앙값)`,
  howMeasured: (repetitions, duration, warmup, seed) =>
    `예열 ${warmup} 뒤 ${duration}씩 ${repetitions}회 측정한 값의 중앙값입니다. 회차마다 모든 조합을 무작위 순서로 한 번씩 측정했습니다(시드 ${seed}).`,
  unstable: (limit) => `† 회차 사이의 차이가 ${limit}배를 넘습니다. 다른 값과 비교하지 마세요.`,
  failed: '실패',
  notYet: '측정 안 됨',
  options: (options) => `공통 옵션: ${options}`,
  faults: '손실되거나 손상되거나 순서가 바뀐 메시지',
  failures: '실패한 측정',
  leftOut: '이 시스템에서 할 수 없어 제외한 조합',
  unfinished: (done, steps) => `아직 끝나지 않았습니다. ${steps}회 중 ${done}회를 측정했습니다.`,
};

export const sweepText: Record<Locale, typeof en> = { en, ko };
