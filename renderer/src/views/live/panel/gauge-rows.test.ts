import { expect, it } from 'vitest';
import { gaugeRows } from './gauge-rows.ts';

it('gauges are written in the unit that their names end with, known or not', () => {
  const rows = gaugeRows(
    { rtt_ns: 25_000, notsent_bytes: 2048, drops: 1200, last_sender_pid: 12_345, odd_thing: 7 },
    'en',
  );
  // Numbers and units are kept together by no-break spaces.
  expect(rows.map(({ label, text }) => `${label}: ${text}`.replaceAll(/\s/g, ' '))).toEqual([
    'Round trip: 25 µs',
    'Not sent yet: 2 KiB',
    'Dropped: 1,200',
    'Sent last: 12345',
    'Odd thing: 7',
  ]);
});
