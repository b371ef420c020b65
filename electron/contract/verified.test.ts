import { expect, it } from 'vitest';
import { hello, note } from './test-frames.ts';
import { verifiedSoFar } from './verified.ts';

const started = (verify?: string) => ({ ...hello(), options: verify === undefined ? {} : { verify } });
const changed = (verify: string) => ({ ...note('verify_changed'), params: { verify } });

it('is what the session started with, where nothing changed', () => {
  expect(verifiedSoFar(started('full'), [note('rate_changed')])).toEqual({ verified: 'full' });
  expect(verifiedSoFar(started(), [])).toEqual({ verified: 'none' });
});

it('is the least of all there was, and tells the most', () => {
  expect(verifiedSoFar(started('sequence'), [changed('full'), changed('sequence')])).toEqual({
    verified: 'sequence',
    verified_at_times: 'full',
  });
  expect(verifiedSoFar(started('full'), [changed('none'), changed('sequence')])).toEqual({
    verified: 'none',
    verified_at_times: 'full',
  });
});
