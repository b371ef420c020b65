import { expect, it } from 'vitest';
import type { AppError } from '#contract/errors';
import { options } from '../../../test-support/describe.ts';
import { fieldError } from './field-error.ts';

const size = options.find(({ name }) => name === 'size_bytes');
if (size === undefined) throw new Error('no such option');
const error: AppError = {
  code: 'out_of_range',
  message: 'm',
  remedy: 'r',
  where: '--size',
  value: '4096',
  allowed: '16777216..1073741824',
};

it('speaks in the units of the field, and of the range that the helper allows', () => {
  expect(fieldError(error, size, 'Message size')).toMatchObject({
    where: 'Message size',
    value: '4 KiB',
    allowed: '16 MiB – 1 GiB',
  });
});

it('keeps what was typed where it is no number', () => {
  expect(fieldError({ ...error, value: 'lots' }, size, 'Message size').value).toBe('lots');
});

it('leaves an error about something else alone', () => {
  expect(fieldError({ ...error, where: 'pipe2' }, size, 'Message size').where).toBe('pipe2');
});
