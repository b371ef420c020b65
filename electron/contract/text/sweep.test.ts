import { expect, it } from 'vitest';
import { formatWait } from './sweep.ts';

it.each([
  [0, '1 s', '1초'],
  [45_200, '46 s', '46초'],
  [60_000, '1 min', '1분'],
  [150_000, '2 min 30 s', '2분 30초'],
  [4_800_000, '1 h 20 min', '1시간 20분'],
  [7_200_000, '2 h', '2시간'],
])('%i ms to wait are told as people say it', (ms, en, ko) => {
  expect(formatWait(ms, 'en')).toBe(en);
  expect(formatWait(ms, 'ko')).toBe(ko);
});
