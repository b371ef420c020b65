/** The charts of a session by name, in the order in which they are shown. */
export const CHART_IDS = [
  'messages',
  'latency',
  'queue',
  'distribution',
  'producer_time',
  'consumer_time',
  'switches',
  'errors',
  'bytes',
] as const;
export type ChartId = (typeof CHART_IDS)[number];
